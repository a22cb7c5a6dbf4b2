"""For phone pages: which notices a customer may ask for here."""

from django import template

from apps.wechat import selectors

register = template.Library()


@register.simple_tag
def notice_templates() -> str:
    """The ids of the branch's notice templates, joined by commas; nothing where it has none. One query."""
    account = selectors.branch_account()
    entries = account.notices.values() if account else []
    return ",".join(entry["template_id"] for entry in entries if entry.get("template_id") and not entry.get("broken"))
