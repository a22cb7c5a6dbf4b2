"""{% load hq_months %}: what only the pages of the branches' months need. Nothing here asks the database."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.costing.settlement_labels import state_word
from steppe.ui.templatetags.ui import icon

register = template.Library()
# The same shapes as at the branch's own desk.
LOOKS = {
    "open": "on_hold", "calculated": "pooled", "published": "in_progress", "reviewed": "accepted",
    "approved": "awaiting_callback", "locked": "closed", "exported": "closed",
}  # fmt: skip


@register.simple_tag
def settled(state: str) -> SafeString:
    """Shape and word of how far a settlement month is."""
    look = f"s-{LOOKS[state]}"
    return format_html('<span class="chip chip-bare {}">{}<span>{}</span></span>', look, icon(look), state_word(state))


@register.filter
def pct(rate: Decimal | None) -> str:
    """`95.5 %`; a dash for none."""
    return "—" if rate is None else f"{rate} %"


@register.filter
def hours(seconds: int) -> str:
    """Seconds as hours with one decimal."""
    return f"{Decimal(seconds) / 3600:,.1f}"
