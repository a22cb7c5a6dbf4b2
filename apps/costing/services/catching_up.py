"""Accounts of tickets that ended without being heard of: written before costing was in use, brought from elsewhere."""

from django.db import transaction

from apps.costing.models import TicketAccount
from apps.costing.rules.periods import bounds, period_of, preceding
from apps.costing.services._periods import cut_off
from apps.costing.services.accounts import settle
from apps.tickets.worked_read import closed_between
from steppe.kernel import clock

BATCH = 500


def catch_up(month: str) -> int:
    """Settle the tickets that ended in this month and have no frozen account; how many. Harmless twice.

    One transaction for each: whoever dies in it is followed by whoever goes on. Two queries for each batch besides.
    """
    start, end = bounds(month, cut_off())
    after = found = 0
    while batch := closed_between(start, end, after=after, limit=BATCH):
        after = batch[-1][0]
        names = [name for _id, name in batch]
        known = TicketAccount.objects.filter(ticket__in=names, frozen_at__isnull=False)
        for name in sorted(set(names) - set(known.values_list("ticket", flat=True))):
            with transaction.atomic():
                settle(name)
            found += 1
    return found


def catch_up_lately() -> int:
    """This month and the one before; how many."""
    month = period_of(clock.now(), cut_off())
    return catch_up(preceding(month)) + catch_up(month)
