"""{% load stock_counts %}: signs of a stocktake. Nothing here asks the database."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.console.count_page import STATES
from steppe.ui.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def count_chip(state: str, bare: bool = False) -> SafeString:
    """Shape and word of a stocktake's state."""
    look, word = STATES[state]
    css = f"chip s-{look}{' chip-bare' if bare else ''}"
    return format_html('<span class="{}">{}<span>{}</span></span>', css, icon(f"s-{look}"), word)
