"""{% load hq %}: what only headquarters' own pages need. Nothing here asks the database."""

from django import template

from apps.headquarters import places

register = template.Library()


@register.simple_tag(takes_context=True)
def hq_bar(context: template.Context) -> list[places.Entry]:
    """The pages of this reader, the present one marked."""
    return places.bar(context["actor"], context["request"].path)
