"""{% load costs %}: what only the pages of money need. Nothing here asks the database."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.costing import money_words as words
from apps.costing.money_permissions import MONEY_READERS
from apps.costing.rules import control
from steppe.kernel.actors import Actor
from steppe.kernel.money import Fen, yuan
from steppe.ui.templatetags.ui import icon

register = template.Library()
# A light has a shape and a word besides its colour.
LOOKS = {control.NONE: "void", control.GREEN: "closed", control.AMBER: "pooled", control.RED: "overdue"}
STATES = {
    "proposed": "pooled", "approved": "closed", "refused": "cancelled", "withdrawn": "on_hold", "reversed": "void",
}  # fmt: skip


@register.filter
def y(fen: Fen | None) -> str:
    """`1,234.50`; a minus that can be seen; a dash for none."""
    if fen is None:
        return "—"
    whole, _dot, cents = yuan(abs(fen)).partition(".")
    return f"{'−' if fen < 0 else ''}{int(whole):,}.{cents}"


@register.filter
def of(amounts: Mapping[str, Fen], element: str) -> Fen:
    """`money.elements|of:"labour"`."""
    return amounts.get(element, 0)


@register.filter
def element(code: str) -> str:
    """What an element of cost or revenue is called."""
    return words.element_word(code)


@register.filter
def spent_for(code: str) -> str:
    """What was paid."""
    return words.word(words.SPENDING, code)


@register.filter
def source_word(kind: str) -> str:
    """Where a line comes from."""
    return words.word(words.SOURCES, kind)


@register.simple_tag
def light(code: str) -> SafeString:
    """Shape and word of a budget's light."""
    look = "overdue" if code == control.RED else f"s-{LOOKS[code]}"
    css = f"chip chip-bare s-{LOOKS[code]}"
    return format_html('<span class="{}">{}<span>{}</span></span>', css, icon(look), words.word(words.LIGHTS, code))


@register.simple_tag
def expense_chip(state: str) -> SafeString:
    """Shape and word of an expense's state."""
    look = f"s-{STATES[state]}"
    css = f"chip chip-bare {look}"
    return format_html('<span class="{}">{}<span>{}</span></span>', css, icon(look), words.word(words.STATES, state))


@register.filter
def sees_money(actor: Actor) -> bool:
    """Does this person read costs?"""
    return actor.holds(*MONEY_READERS)
