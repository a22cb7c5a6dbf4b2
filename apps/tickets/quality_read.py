"""How well each technician's tickets of a period went: both sides of every rate (domain.md §8), for the month's pay."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from apps.tickets.models import Breach, Ticket
from apps.tickets.rules.workflow import State
from tenants.context import policy

HAPPY = 4
NEAR_CLASSES = ("A", "B")


@dataclass(frozen=True)
class Quality:
    """(good, of) each. `timely`: in time or exempted; `first_fix`: troubles that neither came back nor were repeated;
    `satisfied`: scored 4 and 5 of those scored; `proved`: checked in near the place, of those worked on there.
    """

    timely: tuple[int, int]
    first_fix: tuple[int, int]
    satisfied: tuple[int, int]
    proved: tuple[int, int]


def quality_between(start: datetime, end: datetime) -> dict[int, Quality]:
    """By main technician, over tickets closed from `start` until before `end`; duplicates and hand-overs are no work
    of theirs. One query.
    """
    kept, solved = Q(kept=True), Q(type__kind="trouble")
    rows = _closed(start, end).values("technician_id").annotate(
        timely=Count("pk", filter=kept), timely_of=Count("pk", filter=Q(resolve_due_at__isnull=False)),
        first_fix=Count("pk", filter=solved & Q(reopen_count=0, again=False)), first_fix_of=Count("pk", filter=solved),
        satisfied=Count("pk", filter=Q(satisfaction__gte=HAPPY)), satisfied_of=Count("satisfaction"),
        proved=Count("pk", filter=_on_the_spot() & _near()), proved_of=Count("pk", filter=_on_the_spot()),
    )  # fmt: skip
    return {
        row["technician_id"]: Quality(
            (row["timely"], row["timely_of"]), (row["first_fix"], row["first_fix_of"]),
            (row["satisfied"], row["satisfied_of"]), (row["proved"], row["proved_of"]),
        )
        for row in rows.order_by("technician_id")
    }  # fmt: skip


def _closed(start: datetime, end: datetime) -> QuerySet[Ticket]:
    exempted = Breach.objects.filter(ticket=OuterRef("pk"), clock="resolve", exempted_at__isnull=False)
    again = Ticket.objects.filter(repeat_of=OuterRef("pk")).exclude(status=State.VOID)
    rows = Ticket.objects.filter(
        status=State.CLOSED, closed_at__gte=start, closed_at__lt=end, technician__isnull=False, merged_into=None,
        finished_at__isnull=False,
    )  # fmt: skip
    in_time = Q(finished_at__lte=F("resolve_due_at")) | Q(resolve_due_at__isnull=False) & Exists(exempted)
    return rows.exclude(close_code="transferred").annotate(kept=in_time, again=Exists(again))


def _on_the_spot() -> Q:
    return Q(remote=False, arrived_at__isnull=False)


def _near() -> Q:
    rules = policy()
    near = Q(area_class__in=NEAR_CLASSES)
    return near & Q(check_in_distance_m__lte=rules.check_in_near_m) | ~near & Q(
        check_in_distance_m__lte=rules.check_in_far_m
    )
