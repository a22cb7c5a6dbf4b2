"""What a branch may decide for itself, with our defaults (source: domain.md §2.4, §3.3, §13). Pure."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Policy:
    """Minutes are minutes of the clock they name; distances in metres; scores in metres."""

    accept_minutes: float = 30
    accept_minutes_far: float = 60  # area classes C and D
    confirm_minutes: float = 15
    callback_minutes: float = 24 * 60
    resolve_hours: tuple[int, int, int, int] = (24, 36, 48, 72)  # area classes A, B, C, D
    wave_size: int = 5
    open_ticket_penalty_m: int = 3000  # one open ticket weighs like this much road
    road_factor: float = 1.3  # straight line to road where no map is connected
    technician_cap: int = 5
    position_fresh_minutes: int = 30
    dispatch_needs_confirm: bool = True
    reopen_max: int = 3
    check_in_near_m: int = 500  # A and B
    check_in_far_m: int = 3000  # C and D
    photo_max_mb: int = 8
    report_photos_max: int = 4

    def resolve_target(self, area_class: str) -> int:
        """Hours from the report to the promise, by area class."""
        return self.resolve_hours["ABCD".index(area_class)]

    def accept_target(self, area_class: str) -> float:
        """Minutes in the pool before the dispatcher is alarmed."""
        return self.accept_minutes if area_class in "AB" else self.accept_minutes_far

    def check_in_radius(self, area_class: str) -> int:
        return self.check_in_near_m if area_class in "AB" else self.check_in_far_m


def policy_from(stored: dict[str, Any]) -> Policy:
    """The branch's stored choices over the defaults; unknown names are refused (TypeError)."""
    known = {field.name for field in fields(Policy)}
    if unknown := set(stored) - known:
        raise TypeError(f"unknown policy: {sorted(unknown)}")
    chosen: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in stored.items()}
    return Policy(**chosen)
