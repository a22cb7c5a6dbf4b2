"""{% load settlement %}: what only the pages of settlement need. Nothing here asks the database."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.costing import settlement_labels as labels
from steppe.ui.templatetags.ui import icon

register = template.Library()
# A month's state borrows shape and colour from the ticket's states: nobody learns two languages of signs.
LOOKS = {
    "open": "on_hold", "calculated": "pooled", "published": "in_progress", "reviewed": "accepted",
    "approved": "awaiting_callback", "locked": "closed", "exported": "closed",
}  # fmt: skip
LINE_LOOKS = {"open": "pooled", "confirmed": "closed", "disputed": "on_hold"}
DISPUTE_LOOKS = {
    "raised": "pooled", "refused": "on_hold", "appealed": "pooled", "won": "closed", "lost": "void",
    "withdrawn": "cancelled",
}  # fmt: skip


@register.simple_tag
def month_chip(state: str, bare: bool = False) -> SafeString:
    """Shape and word of how far a month is."""
    return _chip(LOOKS[state], labels.word(labels.STATES, state), bare)


@register.simple_tag
def line_chip(state: str, bare: bool = False) -> SafeString:
    """Shape and word of what a technician said of a line."""
    return _chip(LINE_LOOKS[state], labels.word(labels.LINES, state), bare)


@register.simple_tag
def dispute_chip(state: str, bare: bool = False) -> SafeString:
    """Shape and word of how far a dispute is."""
    return _chip(DISPUTE_LOOKS[state], labels.word(labels.DISPUTES, state), bare)


@register.filter
def step_word(step: str) -> str:
    """What somebody did with a month."""
    return labels.word(labels.STEPS, step)


@register.filter
def said_word(step: str) -> str:
    """What somebody said to a dispute."""
    return labels.word(labels.DISPUTE_STEPS, step)


@register.filter
def state_word(state: str) -> str:
    """How far a month is, in a word."""
    return labels.state_word(state)


@register.filter
def level_word(level: str) -> str:
    """Whose look it is."""
    return labels.word(labels.LEVELS, level)


@register.filter
def price(fen: Decimal) -> str:
    """¥3.50 from 350 fen, with the parts of a fen a price may have."""
    amount = fen / 100
    return f"¥{amount:.2f}" if amount == round(amount, 2) else f"¥{amount.normalize():f}"


def _chip(look: str, word: str, bare: bool) -> SafeString:
    css = f"chip s-{look}{' chip-bare' if bare else ''}"
    return format_html('<span class="{}">{}<span>{}</span></span>', css, icon(f"s-{look}"), word)
