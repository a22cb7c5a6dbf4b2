"""What a branch may decide for itself, with our defaults (source: domain.md §2.4, §3.3, §13). Pure."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

# What a new branch starts with where it differs from running round the clock.
STARTING: dict[str, Any] = {"service": [8 * 60, 20 * 60]}


@dataclass(frozen=True)
class Policy:
    """Minutes are minutes of the clock they name; distances in metres; scores in metres."""

    accept_minutes: float = 30
    accept_minutes_far: float = 60  # area classes C and D
    confirm_minutes: float = 15
    contact_minutes: float = 120
    arrive_grace_minutes: float = 30  # after the end of the booked slot
    callback_minutes: float = 24 * 60
    accept_urgent: tuple[float, ...] = (10, 15)  # priorities P0, P1: round the clock
    service: tuple[int, int] = (0, 1440)  # minutes of the day in which accept and callback clocks run
    service_before: tuple[tuple[str, int, int], ...] = ()  # earlier hours, each with when they ended
    wave_minutes: tuple[float, ...] = (5, 15)  # after which the second and the third wave go out
    owner_first_minutes: float = 0  # the grid's own people before everybody else
    return_free_minutes: float = 10  # after the grab: giving back needs nobody's consent
    return_quota: int = 3  # such returns of one technician in a month
    return_rest_hours: float = 24  # who gave a ticket back cannot grab it again so soon
    contact_returns: bool = True  # no contact in time: the ticket goes back to the pool
    waiting_bonus_max_pct: int = 30
    waiting_bonus_after_minutes: float = 30  # service time in the pool before the bonus begins to grow
    waiting_bonus_full_minutes: float = 480  # and after which it has grown up
    hold_max_hours: tuple[tuple[str, float], ...] = (
        ("customer", 168), ("force_majeure", 168), ("third_party", 240), ("material", 72), ("internal", 72),
    )  # fmt: skip
    transfer_max: int = 3
    urge_gap_minutes: float = 30
    reopen_days: float = 7
    repeat_days: float = 30
    false_reports_max: int = 2  # so many false reports of a number, and its next ones are checked before the pool
    incident_reports: int = 5
    incident_minutes: float = 60
    callback_attempts: int = 3
    callback_silence_hours: float = 72
    archive_days: float = 30
    decline_quota: int = 6
    direct_share_pct: int = 20  # of a technician's tickets of the month may be entered by themselves (补录)
    resolve_hours: tuple[int, int, int, int] = (24, 36, 48, 72)  # area classes A, B, C, D
    wave_size: int = 5  # the nearest, besides the grid's own
    wave_size_grid: int = 30
    wave_size_branch: int = 60
    legal_hours: tuple[int, int, int, int] = (0, 0, 0, 0)  # by area class, where a type names none; 0: no limit
    push_cap_per_hour: int = 20  # cards of waves for one technician; the list shows the rest
    quiet: tuple[int, int] = (0, 0)  # minutes of the day in which only urgent tickets call people; equal: never
    open_ticket_penalty_m: int = 3000  # one open ticket weighs like this much road
    road_factor: float = 1.3  # straight line to road where no map is connected
    technician_cap: int = 5
    position_fresh_minutes: int = 30
    dispatch_needs_confirm: bool = True
    stock_lead_days: int = 7  # from the order to the shelf, where a place's level does not say
    stock_idle_days: int = 180  # so long in a store without being taken: somebody should look
    van_idle_days: int = 45  # and so long in a van
    issue_needs_receiver: bool = True  # goods for a van count as handed over when its technician has confirmed them
    settlement_cut_off_day: int = 0  # what closes after this day of the month is the next month's; 0: natural months
    settlement_cut_offs_before: tuple[tuple[str, int], ...] = ()  # earlier days, each with the last month it counts for
    ranking_anonymous: bool = True  # technicians see their place among peers, and no names beside it
    reopen_max: int = 3
    check_in_near_m: int = 500  # A and B
    check_in_far_m: int = 3000  # C and D
    photo_max_mb: int = 8
    report_photos_max: int = 4
    document_max_mb: int = 10
    attachments_max: int = 30  # photos and documents of one ticket
    attachment_types: tuple[str, ...] = ("jpeg", "png", "webp", "pdf")
    seat: tuple[float, ...] = ()  # latitude and longitude, WGS-84: where headquarters' map shows the branch
    report_mail_domains: tuple[str, ...] = ()  # outside the branch, reports go by mail to these alone
    report_mail_max_mb: float = 10  # larger ones are not attached: the letter says where they lie
    photo_old_hours: float = 24  # a picture of the report taken longer before it is told apart

    def resolve_target(self, area_class: str) -> int:
        """Hours from the report to the promise, by area class."""
        return self.resolve_hours["ABCD".index(area_class)]

    def accept_target(self, area_class: str) -> float:
        """Minutes in the pool before the dispatcher is alarmed."""
        return self.accept_minutes if area_class in "AB" else self.accept_minutes_far

    def settlement_cut_off(self, month: str) -> int:
        """The day by which this settlement month (`2026-11`) ends; 0: with the natural month."""
        earlier = (int(day) for last, day in self.settlement_cut_offs_before if month <= last)
        return next(earlier, self.settlement_cut_off_day)

    def check_in_radius(self, area_class: str) -> int:
        return self.check_in_near_m if area_class in "AB" else self.check_in_far_m


def policy_from(stored: dict[str, Any]) -> Policy:
    """The branch's stored choices over the defaults; unknown names are refused (TypeError)."""
    known = {field.name for field in fields(Policy)}
    if unknown := set(stored) - known:
        raise TypeError(f"unknown policy: {sorted(unknown)}")
    chosen: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in stored.items()}
    return Policy(**chosen)


def with_days_before(wanted: dict[str, Any], policy: Policy, today: date) -> dict[str, Any]:
    """A new cut-off day moves no month that may have begun: the settlement month of today and the next one, which may
    have been made already, end by the day they had. What is decided anew before the last decision counts replaces it.
    """
    day = policy.settlement_cut_off_day
    before: list[list[Any]] = [list(one) for one in policy.settlement_cut_offs_before]
    if wanted.get("settlement_cut_off_day", day) == day:
        return dict(wanted)
    ends = policy.settlement_cut_off(f"{today:%Y-%m}")
    last = _months_on(today, 2 if ends and today.day > ends else 1)
    if not before or before[-1][0] < last:
        before.append([last, day])
    return {**wanted, "settlement_cut_offs_before": before}


def with_hours_before(wanted: dict[str, Any], policy: Policy, now: datetime) -> dict[str, Any]:
    """New service hours count from now on: those of before are kept for all that was counted by them."""
    hours = list(policy.service)
    if list(wanted.get("service", hours)) == hours:
        return dict(wanted)
    return {**wanted, "service_before": [*map(list, policy.service_before), [now.isoformat(), *hours]]}


def _months_on(today: date, count: int) -> str:
    months = today.year * 12 + today.month - 1 + count
    return f"{months // 12:04d}-{months % 12 + 1:02d}"
