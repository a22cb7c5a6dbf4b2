"""The one tag library of the pages: {% load ui %}. One tag for each thing people see more than once."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steppe.kernel import clock
from steppe.ui import fields, formatting, spoken
from steppe.ui.states import look_of

register = template.Library()
NOTHING = "—"
DOOR = re.compile(r"(\d+(?:-\d+)+)")
DOOR_LINE = '<span class="door">{}</span>'
POINT = re.compile(r"-?\d+\.\d+, -?\d+\.\d+")


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A symbol of the sprite; silent for screen readers unless it has a label."""
    if label:
        return format_html(
            '<svg class="ic {}" width="16" height="16" role="img" aria-label="{}"><use href="#i-{}"></use></svg>',
            css, label, name,
        )  # fmt: skip
    return format_html(
        '<svg class="ic {}" width="16" height="16" aria-hidden="true" focusable="false"><use href="#i-{}"></use></svg>',
        css, name,
    )  # fmt: skip


@register.simple_tag
def state_icon(state: object) -> SafeString:
    """Only the shape, named for screen readers. Takes a code or a ticket."""
    look = look_of(state)
    return icon(look.icon, label=str(look.word), css=f"st {look.css}")


@register.simple_tag
def state_chip(state: object, bare: bool = False) -> SafeString:
    """Shape and word of a state. `bare` leaves out the tint, for tables. Takes a code or a ticket."""
    return _chip(str(getattr(state, "state", state)), bare, get_language())


@lru_cache(maxsize=100)
def _chip(state: str, bare: bool, language: str | None) -> SafeString:
    """The same for every ticket of a list: made once for each language."""
    look = look_of(state)
    css = f"chip {look.css}{' chip-bare' if bare else ''}"
    return format_html('<span class="{}">{}<span>{}</span></span>', css, icon(look.icon), look.word)


@register.simple_tag(takes_context=True)
def due(
    context: Context, at: datetime | None, target: "timedelta | int | None" = None, stopped: bool = False
) -> SafeString:
    """A countdown to `at`. `target` (timedelta or minutes) is the whole time allowed: amber in its last fifth."""
    if at is None:
        return format_html('<span class="due is-none">{}</span>', NOTHING)
    now = context.get("server_now") or clock.now()
    left = (at - now).total_seconds()
    soon = _soon_seconds(target)
    mood = "is-over" if left < 0 else "is-soon" if left <= soon else "is-fine"
    # By hand, as in `address`: format_html looks at each part anew, and a list shows fifty of these.
    return SafeString(
        f'<fs-due class="due {mood}" data-at="{int(at.timestamp() * 1000)}" data-soon="{int(soon)}"'
        f'{_due_words(stopped, get_language())} title="{escape(when(context, at))}">'
        f'{icon("overdue" if left < 0 else "due")}<span class="due-text">{escape(_due_text(left))}</span></fs-due>'
    )


@register.simple_tag
def phone(value: str | None, revealed: bool = False) -> SafeString:
    """A phone number: masked, or as a link that dials. Whether it may be read is the caller's decision."""
    if not value:
        return format_html('<span class="phone">{}</span>', NOTHING)
    if not revealed:
        return format_html('<span class="phone num is-masked">{}</span>', formatting.mask_phone(value))
    dial = "".join(char for char in value if char.isdigit() or char == "+")
    return format_html('<a class="phone num" href="tel:{}">{}</a>', dial, formatting.group_phone(value))


@register.simple_tag
def money(fen: int | None) -> str:
    """¥36.00 from 3600 fen."""
    return NOTHING if fen is None else formatting.money(fen)


@register.simple_tag
def km(metres: float | None) -> str:
    """1.2 km from 1234 metres."""
    return NOTHING if metres is None else formatting.distance(metres)


@register.simple_tag(takes_context=True)
def when(context: Context, value: datetime | None) -> str:
    """23 Nov 13:42 in Shanghai, with the year only when it is another one."""
    if value is None:
        return NOTHING
    return spoken.moment(value, context.get("server_now"))


@register.simple_tag(takes_context=True)
def slot(context: Context, start: datetime, end: datetime) -> str:
    """23 Nov 14:00–16:00: when somebody comes."""
    return spoken.slot(start, end, context.get("server_now"))


@register.simple_tag
def stars(n: int | None) -> SafeString:
    """A score of one to five."""
    if n is None:
        return format_html('<span class="stars is-none">{}</span>', NOTHING)
    score = max(0, min(5, int(n)))
    full, empty = icon("star-full") * score, icon("star") * (5 - score)
    label = _("{n} of 5 stars").format(n=score)
    return format_html('<span class="stars" role="img" aria-label="{}">{}{}</span>', label, SafeString(full), SafeString(empty))  # fmt: skip  # noqa: E501


@register.filter
def branch_name(tenant: object) -> str:
    """What the reader calls the branch: its English name for who reads English, if it has one."""
    english = getattr(tenant, "name_en", "") if (get_language() or "").startswith("en") else ""
    return str(english or getattr(tenant, "name", ""))


@register.filter
def address(value: str | None) -> SafeString:
    """A door like 4-1-602 stays on one line; a place that has no words says that it is a point on the map."""
    text = value or ""
    if POINT.fullmatch(text):
        return format_html(_("Point on the map ({})"), text)
    parts = map(escape, DOOR.split(text))  # every other one is a door
    return SafeString("".join(DOOR_LINE.format(part) if at % 2 else part for at, part in enumerate(parts)))


@register.filter
def serial(value: str | None) -> str:
    """Groups of four for serials and account numbers."""
    return formatting.serial(value) if value else NOTHING


@register.simple_tag
def field(bound: BoundField, look: str = "field", hint: str = "", **attrs: Any) -> SafeString:
    """Label, control, hint and errors of one form field. look="cell" is the phone's row.

    Further arguments become attributes of the control, underscores as dashes: inputmode="tel" data_key="p".
    """
    return fields.render(bound, look=look, hint=hint, attrs=attrs)


@register.simple_tag
def field_errors(sentences: Iterable[str] | None) -> SafeString:
    """Below a field written by hand: what is wrong with it. Nothing for nothing."""
    if not sentences:
        return SafeString("")
    lines = ((icon("overdue"), one) for one in sentences)
    return format_html_join("", '<p class="field-error">{}<span>{}</span></p>', lines)


@register.simple_tag
def idempotency() -> SafeString:
    """The hidden key of a form that writes. <fs-once> makes a fresh one; without scripts the server's serves."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}" autocomplete="off">', uuid.uuid4())


@register.inclusion_tag("ui/_freshness.html")
def freshness() -> dict[str, Any]:
    """The visible word about how fresh the page is: live, polling, disconnected."""
    return {}


def _due_text(left: float) -> str:
    pattern = pgettext("countdown", "{t} left") if left >= 0 else pgettext("countdown", "{t} over")
    return pattern.format(t=spoken.span(left))


@lru_cache(maxsize=16)
def _due_words(stopped: bool, language: str | None) -> SafeString:
    units = spoken.units(language)
    words = {"left": pgettext("countdown", "{t} left"), "over": pgettext("countdown", "{t} over"), **units}
    attrs = [format_html(' data-t-{}="{}"', key, word) for key, word in words.items()]
    return SafeString("".join(attrs) + (" data-stopped" if stopped else ""))


def _soon_seconds(target: "timedelta | int | None") -> float:
    if target is None:
        return 0
    seconds = target.total_seconds() if isinstance(target, timedelta) else target * 60
    return seconds / 5
