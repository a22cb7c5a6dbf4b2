"""{% load stock %}: what only the pages of stock need. Nothing here asks the database."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.console.stock_draft import plain
from apps.inventory import labels, report_words
from apps.inventory.permissions import KEEPERS
from steppe.kernel.actors import Actor
from steppe.ui.templatetags.ui import icon

register = template.Library()
# A document's state borrows shape and colour from the ticket's states: nobody learns two languages of signs.
LOOKS = {
    "draft": "on_hold", "submitted": "pooled", "approved": "accepted", "shipped": "in_progress", "posted": "closed",
    "reversed": "void", "withdrawn": "cancelled",
}  # fmt: skip


@register.simple_tag
def paper_chip(state: str, bare: bool = False) -> SafeString:
    """Shape and word of a document's state."""
    look = f"s-{LOOKS[state]}"
    css = f"chip {look}{' chip-bare' if bare else ''}"
    return format_html('<span class="{}">{}<span>{}</span></span>', css, icon(look), labels.word(labels.STATES, state))


@register.filter
def kind_word(kind: str) -> str:
    """What a kind of document is called."""
    return labels.word(labels.KINDS, kind)


@register.filter
def recovered_word(code: str) -> str:
    """In what condition a device came back; or why none did."""
    return labels.word(labels.RECOVERED, code)


@register.filter
def warning_word(kind: str) -> str:
    """What a warning is called."""
    return str(report_words.WARNINGS[kind])


@register.filter
def place_word(kind: str) -> str:
    """What a kind of place is called."""
    return labels.word(labels.PLACES, kind)


@register.filter
def item_word(kind: str) -> str:
    """How an item is counted."""
    return labels.word(labels.ITEMS, kind)


@register.filter
def unit_word(state: str) -> str:
    """Where a numbered unit is, in one word of its life."""
    return labels.word(labels.UNITS, state)


@register.filter
def qty(number: Decimal | None) -> str:
    """A quantity without a tail of noughts; a dash for none."""
    return "—" if number is None else plain(number)


@register.filter
def yuan(fen: Decimal | int | None) -> str:
    """Fen of one unit as yuan, with the parts of a fen it may have."""
    if fen is None:
        return "—"
    amount = Decimal(fen) / 100
    return f"{amount:.2f}" if amount == round(amount, 2) else plain(amount)


@register.filter
def name_of(names: dict[str, str], ref: str) -> str:
    """Who stands behind the journal's name."""
    return names.get(ref, ref)


@register.filter
def keeps(actor: Actor) -> bool:
    """Does this person write documents and keep items?"""
    return actor.holds(*KEEPERS)
