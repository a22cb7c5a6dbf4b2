"""The ten states of a ticket and the flags beside them, as people see them: word, shape, colour class.

Colour is never alone: every entry names a shape of its own in the sprite (tests/ui/test_states.py).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one state shows itself."""

    word: "str | Promise"
    icon: str
    css: str


def _look(code: str, word: "str | Promise") -> Look:
    return Look(word=word, icon=f"s-{code}", css=f"s-{code}")


STATES: dict[str, Look] = {
    "submitted": _look("submitted", pgettext_lazy("ticket state", "To be checked")),
    "pooled": _look("pooled", pgettext_lazy("ticket state", "Waiting in the pool")),
    "assigned": _look("assigned", pgettext_lazy("ticket state", "Assigned, unconfirmed")),
    "accepted": _look("accepted", pgettext_lazy("ticket state", "Accepted")),
    "in_progress": _look("in_progress", pgettext_lazy("ticket state", "In progress")),
    "on_hold": _look("on_hold", pgettext_lazy("ticket state", "On hold")),
    "awaiting_callback": _look("awaiting_callback", pgettext_lazy("ticket state", "Awaiting callback")),
    "closed": _look("closed", pgettext_lazy("ticket state", "Closed")),
    "cancelled": _look("cancelled", pgettext_lazy("ticket state", "Cancelled")),
    "void": _look("void", pgettext_lazy("ticket state", "Void")),
}
FLAGS: dict[str, Look] = {
    "overdue": Look(word=pgettext_lazy("ticket flag", "Overdue"), icon="overdue", css="s-overdue"),
    "due_soon": Look(word=pgettext_lazy("ticket flag", "Due soon"), icon="due", css="s-soon"),
    "urged": Look(word=pgettext_lazy("ticket flag", "Urged"), icon="urge", css="s-overdue"),
}


def look_of(state: object) -> Look:
    """The look of a state code, of a ticket, or of a flag. Raises KeyError for a word nobody knows."""
    code = str(getattr(state, "state", state))
    return STATES[code] if code in STATES else FLAGS[code]
