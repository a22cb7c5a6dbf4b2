"""{% load staff %}: who somebody is, in words."""

from django import template

from apps.people.roles import LABELS
from steppe.kernel.actors import Actor

register = template.Library()


@register.filter
def role_words(actor: Actor) -> str:
    """The roles this person holds here, in the order of the house: 调度员、回访员."""
    return " · ".join(str(word) for role, word in LABELS.items() if role in actor.roles)
