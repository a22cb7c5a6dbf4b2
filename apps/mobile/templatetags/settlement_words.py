"""{% load settlement_words %}: what the phone calls the states of a month's statement."""

from django import template

from apps.costing import settlement_labels as labels

register = template.Library()


@register.filter
def line_word(state: str) -> str:
    """What was said of a line."""
    return labels.word(labels.LINES, state)


@register.filter
def dispute_word(state: str) -> str:
    """How far a dispute is."""
    return labels.word(labels.DISPUTES, state)


@register.filter
def said_word(step: str) -> str:
    """What somebody said to a dispute."""
    return labels.word(labels.DISPUTE_STEPS, step)
