"""Reasons people choose from. Stored is the stable English code, or the person's own words; shown is the word."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override, pgettext_lazy

OTHER = "other"
ABSENT = "absent"  # a trip for nothing: who went there is paid for the way (domain.md §5.2)
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
    "transfer": {
        "wrong_department": pgettext_lazy("reason", "Belongs to another department"),
        "needs_crew": pgettext_lazy("reason", "Needs a crew or a vehicle"),
        "wrong_area": pgettext_lazy("reason", "Wrong area"),
        "overloaded": pgettext_lazy("reason", "We have too much work"),
        OTHER: _other,
    },
    "hand_over": {
        "their_area": pgettext_lazy("reason", "Lies in their area"),
        "their_customer": pgettext_lazy("reason", "Is their customer"),
        "their_line": pgettext_lazy("reason", "Their line or equipment"),
        OTHER: _other,
    },
    "hold": {
        "not_at_home": pgettext_lazy("reason", "Nobody at home"),
        "customer_wish": pgettext_lazy("reason", "The customer asked for another day"),
        "no_part": pgettext_lazy("reason", "Part is missing"),
        "weather": pgettext_lazy("reason", "Weather or road"),
        "waits_for_others": pgettext_lazy("reason", "Waits for somebody else's work"),
        OTHER: _other,
    },
    "return": {
        "too_far": pgettext_lazy("reason", "Too far for today"),
        "busy": pgettext_lazy("reason", "Still busy on another job"),
        "no_part": pgettext_lazy("reason", "Tool or part is missing"),
        "no_skill": pgettext_lazy("reason", "Not my skill"),
        "no_resource": pgettext_lazy("reason", "No free port or line"),
        "wrong_address": pgettext_lazy("reason", "Wrong address or number"),
        "not_reached": pgettext_lazy("reason", "Customer not reached"),
        OTHER: _other,
    },
    "spawn_child": {
        "splice": pgettext_lazy("reason", "Fibre has to be spliced"),
        "build": pgettext_lazy("reason", "Cable has to be built"),
        "aerial": pgettext_lazy("reason", "Work at height or at the pole"),
        "configure": pgettext_lazy("reason", "Has to be configured at the head-end"),
        OTHER: _other,
    },
    "change_type": {
        "entered_wrong": pgettext_lazy("reason", "Was entered as the wrong type"),
        "found_on_site": pgettext_lazy("reason", "Found out on site"),
        "customer_said": pgettext_lazy("reason", "The customer explained it"),
        OTHER: _other,
    },
    "change_priority": {
        "many_customers": pgettext_lazy("reason", "Many customers hit"),
        "key_customer": pgettext_lazy("reason", "Important customer"),
        "waiting_long": pgettext_lazy("reason", "Has waited long"),
        "not_urgent": pgettext_lazy("reason", "Not so urgent after all"),
        OTHER: _other,
    },
    "unlink_incident": {
        "own_cause": pgettext_lazy("reason", "Has a cause of its own"),
        "another_incident": pgettext_lazy("reason", "Belongs to another incident"),
        OTHER: _other,
    },
    "cancel": {
        "recovered": pgettext_lazy("reason", "Works again by itself"),
        "changed_mind": pgettext_lazy("reason", "No longer wanted"),
        "elsewhere": pgettext_lazy("reason", "Solved in another way"),
        "moved_away": pgettext_lazy("reason", "Moved away"),
        OTHER: _other,
    },
    "reopen": {
        "came_back": pgettext_lazy("reason", "The fault came back"),
        "half_done": pgettext_lazy("reason", "Only partly done"),
        "never_done": pgettext_lazy("reason", "Nothing was done"),
        "complaint": pgettext_lazy("reason", "The customer complained"),
        OTHER: _other,
    },
    "ask_reopen": {
        "came_back": pgettext_lazy("reason", "The fault came back"),
        "half_done": pgettext_lazy("reason", "Only partly done"),
        "never_done": pgettext_lazy("reason", "Nothing was done"),
        OTHER: _other,
    },
    "fail_work": {
        ABSENT: pgettext_lazy("reason", "Nobody at home"),
        "no_resource": pgettext_lazy("reason", "No free port or line"),
        "refused": pgettext_lazy("reason", "The customer does not agree"),
        "no_access": pgettext_lazy("reason", "No access to building or pole"),
        "not_ours": pgettext_lazy("reason", "Not our equipment"),
        "unsafe": pgettext_lazy("reason", "Not safe to work"),
        OTHER: _other,
    },
    "detach": {
        "wrong_ticket": pgettext_lazy("reason", "Belongs to another ticket"),
        "private": pgettext_lazy("reason", "Shows what is nobody's business"),
        "twice": pgettext_lazy("reason", "Is there twice"),
        OTHER: _other,
    },
    "refuse": {
        "go_on": pgettext_lazy("reason", "Please go on"),
        "not_ours": pgettext_lazy("reason", "Not for us"),
        "no_people": pgettext_lazy("reason", "We have nobody free"),
        "say_more": pgettext_lazy("reason", "Please say more"),
        OTHER: _other,
    },
}

# What the system gives as its reason; nobody chooses these.
PARENT_ENDED = "parent_ended"
INCIDENT_ENDED = "incident_ended"
COME_AS_AGREED = "come_as_agreed"
OUR_OWN: dict[str, str | Promise] = {
    INCIDENT_ENDED: pgettext_lazy("reason", "The incident has ended without a repair"),
    PARENT_ENDED: pgettext_lazy("reason", "The case it was part of has ended"),
    COME_AS_AGREED: pgettext_lazy("reason", "The customer wants the visit as agreed"),
    "no_contact": pgettext_lazy("reason", "The customer was not called in time"),
}


def reason_from(code: str, note: str) -> str:
    """What is stored for a choice: the code, or the person's own words when it is `other`."""
    return note.strip() if code == OTHER else code


def reason_told(action: str, code: str, note: str) -> str:
    """What is stored for a choice with a note beside it: the code alone, its word with the note, or the note."""
    told = note.strip()
    return reason_from(code, told) if code == OTHER or not told else f"{reason_word(action, code)}: {told}"


def is_reason(action: str, code: str, stored: str) -> bool:
    """Was this reason chosen, by itself or with a note behind its word (in whatever language it was chosen)?"""
    told = stored.strip()
    return told == code or any(told.startswith(f"{word}: ") for word in _words(action, code))


def _words(action: str, code: str) -> set[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(str(REASONS[action][code]))
    return found


def reason_word(action: str, stored: str) -> str:
    """What a reader sees for a stored reason."""
    return str(REASONS.get(action, {}).get(stored) or OUR_OWN.get(stored, stored))
