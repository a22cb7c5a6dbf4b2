"""For pages of every face: consent texts in the reader's language, and whether a technician's stands."""

from collections.abc import Mapping
from typing import TypeVar

from django import template
from django.utils.translation import get_language

from apps.wechat.rules import consent_texts as texts
from apps.wechat.services import consents
from steppe.kernel.actors import Actor

T = TypeVar("T")
register = template.Library()


@register.simple_tag
def consent_text(purpose: str) -> texts.Text:
    """The text in force. No query."""
    return texts.text(purpose)


@register.simple_tag
def consent_short(text: texts.Text) -> str:
    """The sentence beside the button."""
    return _spoken(text.short)


@register.simple_tag
def consent_points(text: texts.Text) -> tuple[str, ...]:
    """What the page says."""
    return _spoken(text.points)


@register.simple_tag
def location_agreed(actor: Actor) -> bool:
    """Has this technician agreed to positions while listening? One query."""
    return consents.stands(actor.ref, texts.LOCATION)


def _spoken(words: Mapping[str, T]) -> T:
    return words["en" if (get_language() or "").startswith("en") else "zh"]
