"""Every write of headquarters: the counts of all branches, and the cases that go from one to another."""

from apps.headquarters.services.driving import drive, moving_from
from apps.headquarters.services.handovers import (
    decline_handover,
    note_agreed,
    note_answer,
    note_withdrawn,
    route_handover,
    start_handover,
)
from apps.headquarters.services.rollup import Restless, apply_event, compare, rebuild

__all__ = [
    "Restless", "apply_event", "compare", "decline_handover", "drive", "moving_from", "note_agreed", "note_answer",
    "note_withdrawn", "rebuild", "route_handover", "start_handover",
]  # fmt: skip
