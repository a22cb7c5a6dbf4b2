"""What a branch administrator decides on the page of settings: names, kinds and bounds. Pure.

The names are those of tenants/policy.py; what is not here is not decided by hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from apps.tickets.rules.judging import Complaint, Json, judge
from tenants.policy import Policy

DAY, MONTH, YEAR = 1440, 31 * 1440, 366 * 24  # minutes, minutes, hours


def _number(least: float, most: float) -> Json:
    return {"type": "number", "minimum": least, "maximum": most}


def _whole(least: int, most: int) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most}


def _row(item: Json, count: int) -> Json:
    return {"type": "array", "items": item, "minItems": count, "maxItems": count}


GROUPS: dict[str, dict[str, Json]] = {
    "hours": {"service": _row(_whole(0, DAY), 2)},
    "clocks": {
        "accept_minutes": _number(1, MONTH), "accept_minutes_far": _number(1, MONTH),
        "accept_urgent": _row(_number(1, MONTH), 2), "confirm_minutes": _number(1, MONTH),
        "contact_minutes": _number(0, MONTH), "arrive_grace_minutes": _number(0, DAY),
        "callback_minutes": _number(1, MONTH),
    },
    "promise": {"resolve_hours": _row(_whole(1, YEAR), 4), "legal_hours": _row(_whole(0, YEAR), 4)},
    "waves": {
        "wave_size": _whole(1, 50), "wave_size_grid": _whole(1, 200), "wave_size_branch": _whole(1, 500),
        "wave_minutes": _row(_number(1, DAY), 2), "owner_first_minutes": _number(0, DAY),
        "open_ticket_penalty_m": _whole(0, 500_000), "road_factor": _number(1, 5),
        "push_cap_per_hour": _whole(1, 200), "quiet": _row(_whole(0, DAY), 2),
    },
    "fairness": {
        "technician_cap": _whole(1, 50), "return_free_minutes": _number(0, DAY), "return_quota": _whole(0, 100),
        "return_rest_hours": _number(0, YEAR), "contact_returns": {"type": "boolean"},
        "waiting_bonus_max_pct": _whole(0, 100), "waiting_bonus_after_minutes": _number(0, MONTH),
        "waiting_bonus_full_minutes": _number(1, MONTH), "ranking_anonymous": {"type": "boolean"},
        "direct_share_pct": _whole(0, 100),
    },
    "visits": {
        "dispatch_needs_confirm": {"type": "boolean"}, "decline_quota": _whole(0, 100), "transfer_max": _whole(1, 10),
        "check_in_near_m": _whole(50, 20_000), "check_in_far_m": _whole(50, 50_000),
        "position_fresh_minutes": _whole(1, DAY), "photo_old_hours": _number(1, MONTH),
    },
    "customers": {
        "urge_gap_minutes": _number(1, DAY), "false_reports_max": _whole(1, 20), "incident_reports": _whole(2, 50),
        "incident_minutes": _number(5, DAY), "callback_attempts": _whole(1, 10),
        "callback_silence_hours": _number(1, MONTH), "reopen_days": _number(1, 90), "reopen_max": _whole(0, 10),
        "repeat_days": _number(1, 180), "archive_days": _number(1, 366),
    },
    "files": {
        "photo_max_mb": _whole(1, 15), "report_photos_max": _whole(1, 9), "document_max_mb": _whole(1, 30),
        "attachments_max": _whole(1, 100), "report_mail_max_mb": _number(1, 25),
    },
    "stock": {
        "issue_needs_receiver": {"type": "boolean"}, "stock_lead_days": _whole(1, 90),
        "stock_idle_days": _whole(7, 3650), "van_idle_days": _whole(1, 3650),
    },
    "settlement": {"settlement_cut_off_day": _whole(0, 28)},  # a day that every month has
}  # fmt: skip
NAMES = tuple(name for group in GROUPS.values() for name in group)
SCHEMA: Json = {
    "type": "object",
    "properties": {name: rule for group in GROUPS.values() for name, rule in group.items()},
    "additionalProperties": False,
}


def decided(policy: Policy) -> dict[str, Any]:
    """The present values as JSON has them."""
    known = asdict(policy)
    return {name: list(known[name]) if isinstance(known[name], tuple) else known[name] for name in NAMES}


def complaints(wanted: Mapping[str, Any], policy: Policy) -> list[Complaint]:
    """What is wrong with these wishes, beside what stays as it is: bounds first, then sense."""
    return judge(SCHEMA, dict(wanted)) or list(_senseless(decided(policy) | dict(wanted)))


def _senseless(values: Mapping[str, Any]) -> Iterator[Complaint]:
    if values["service"][0] >= values["service"][1]:
        yield Complaint("service.1", "order")
    if values["wave_minutes"][0] > values["wave_minutes"][1]:
        yield Complaint("wave_minutes.1", "order")
    if values["waiting_bonus_after_minutes"] >= values["waiting_bonus_full_minutes"]:
        yield Complaint("waiting_bonus_full_minutes", "order")
    for place, (promise, law) in enumerate(zip(values["resolve_hours"], values["legal_hours"], strict=True)):
        if law and law < promise:
            yield Complaint(f"legal_hours.{place}", "law")
