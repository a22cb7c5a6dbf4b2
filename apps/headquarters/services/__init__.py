"""Every write of headquarters: counts and figures of all branches, and the cases that go from one to another."""

from apps.headquarters.services.beginning import follow, follow_answers, start_handover, take_back
from apps.headquarters.services.driving import drive, moving_from
from apps.headquarters.services.facts import catch_up, converge, is_marked
from apps.headquarters.services.facts_check import Found, check_facts, rebuild_facts, was_checked
from apps.headquarters.services.handovers import (
    decline_handover,
    note_agreed,
    note_answer,
    note_withdrawn,
    route_handover,
)
from apps.headquarters.services.rollup import Restless, apply_event, compare, rebuild
from apps.headquarters.services.taking_away import TakenAway, take_figures

__all__ = [
    "Found", "Restless", "TakenAway", "apply_event", "catch_up", "check_facts", "compare", "converge",
    "decline_handover", "drive", "follow", "follow_answers", "is_marked", "moving_from", "note_agreed", "note_answer",
    "note_withdrawn", "rebuild", "rebuild_facts", "route_handover", "start_handover", "take_back", "take_figures",
    "was_checked",
]  # fmt: skip
