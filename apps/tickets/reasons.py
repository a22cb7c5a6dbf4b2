"""Reasons people choose from. Stored is the stable English code, or the person's own words; shown is the word."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

OTHER = "other"
_other = pgettext_lazy("reason", "Other")
REASONS: dict[str, dict[str, str | Promise]] = {
    "dispatch": {
        "nearest": pgettext_lazy("reason", "Nearest and free"),
        "urgent": pgettext_lazy("reason", "Urgent"),
        "customer_wish": pgettext_lazy("reason", "The customer asked for this person"),
        "skill": pgettext_lazy("reason", "Needs this person's skill"),
        "nobody_took": pgettext_lazy("reason", "Nobody took it"),
        OTHER: _other,
    },
    "decline": {
        "too_far": pgettext_lazy("reason", "Too far for today"),
        "busy": pgettext_lazy("reason", "Still busy on another job"),
        "no_part": pgettext_lazy("reason", "Tool or part is missing"),
        "no_skill": pgettext_lazy("reason", "Not my skill"),
        OTHER: _other,
    },
    "check_in": {
        "map_wrong": pgettext_lazy("reason", "The map point is wrong"),
        "weak_signal": pgettext_lazy("reason", "Weak signal, position is off"),
        "at_node": pgettext_lazy("reason", "Working at the node, not at the home"),
        OTHER: _other,
    },
    "reassign": {
        "cannot_come": pgettext_lazy("reason", "Cannot come in time"),
        "overloaded": pgettext_lazy("reason", "Has too much work"),
        "skill": pgettext_lazy("reason", "Needs this person's skill"),
        "customer_wish": pgettext_lazy("reason", "The customer asked for this person"),
        "wrong_person": pgettext_lazy("reason", "Was given to the wrong person"),
        OTHER: _other,
    },
    "void": {
        "duplicate": pgettext_lazy("reason", "Reported twice"),
        "fake": pgettext_lazy("reason", "False report"),
        "wrong_address": pgettext_lazy("reason", "Wrong address or number"),
        "recovered": pgettext_lazy("reason", "Works again by itself"),
        "test": pgettext_lazy("reason", "A test"),
        OTHER: _other,
    },
    "callback_reject": {
        "still_broken": pgettext_lazy("reason", "Still broken"),
        "came_back": pgettext_lazy("reason", "The fault came back"),
        "nobody_came": pgettext_lazy("reason", "Nobody came"),
        "half_done": pgettext_lazy("reason", "Only partly done"),
        OTHER: _other,
    },
}


def reason_from(code: str, note: str) -> str:
    """What is stored for a choice: the code, or the person's own words when it is `other`."""
    return note.strip() if code == OTHER else code


def reason_word(action: str, stored: str) -> str:
    """What a reader sees for a stored reason."""
    return str(REASONS.get(action, {}).get(stored, stored))
