"""While a ticket waits in the pool it gains a bonus; whoever grabs it takes it along, and it is fixed from then on."""

from collections.abc import Iterable

from django.db import transaction

from apps.tickets.models import Ticket
from apps.tickets.rules.bonus import waiting_pct
from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.workflow import State
from apps.tickets.services._clocks import service_calendar
from steppe.kernel import clock
from tenants.context import policy

BATCH = 500


def sweep_bonuses() -> int:
    """Bring the bonus of what waits up to date; how many changed. Nights and holidays count for nothing.

    A row that somebody takes at this moment is passed over: it keeps the bonus its card showed. No version: the
    ticket has not changed, only what it pays.
    """
    rules = policy()
    if not rules.waiting_bonus_max_pct:
        return 0
    long_enough = clock.now() - clock.minutes(rules.waiting_bonus_after_minutes)
    with transaction.atomic():
        waiting = Ticket.objects.select_for_update(skip_locked=True, no_key=True).filter(
            status=State.POOLED, pooled_at__lte=long_enough, waiting_bonus_pct__lt=rules.waiting_bonus_max_pct
        )
        found = waiting.only("id", "pooled_at", "waiting_bonus_pct").order_by("pooled_at", "id")[:BATCH]
        return _raise(found, service_calendar())


def _raise(tickets: Iterable[Ticket], calendar: ServiceCalendar) -> int:
    rules, changed = policy(), []
    for ticket in tickets:
        assert ticket.pooled_at is not None
        pct = waiting_pct(
            calendar.between(ticket.pooled_at, clock.now()), after=rules.waiting_bonus_after_minutes,
            full=rules.waiting_bonus_full_minutes, most=rules.waiting_bonus_max_pct,
        )  # fmt: skip
        if pct > ticket.waiting_bonus_pct:
            ticket.waiting_bonus_pct = pct
            changed.append(ticket)
    return Ticket.objects.bulk_update(changed, ["waiting_bonus_pct"]) if changed else 0
