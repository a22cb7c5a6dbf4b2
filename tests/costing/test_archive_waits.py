"""T28: what is paid for a ticket must be settled before the ticket can only be read."""

from datetime import timedelta

from apps.tickets.models import Ticket
from apps.tickets.services import sweep_archive
from steppe.kernel import clock
from tests.cast import Branch
from tests.costing.months import MONTH, NEXT, at, earn, locked, on, past


def archived() -> int:
    return Ticket.objects.filter(archived_at__isnull=False).count()


def test_a_closed_ticket_is_archived_thirty_days_after_its_month_was_locked(lotus_db: Branch) -> None:
    past(2)
    with on(2):
        locked()
    with clock.frozen(at(2) + timedelta(days=29)):  # well over thirty days after it was closed
        assert (sweep_archive(), archived()) == (0, 0)
    with clock.frozen(at(2) + timedelta(days=30)):
        assert (sweep_archive(), archived()) == (2, 2)


def test_as_long_as_its_month_is_open_it_can_still_be_exempted_and_waits(lotus_db: Branch) -> None:
    past(1)
    earn("wu", "3.00", month=MONTH)
    with clock.frozen(at(2) + timedelta(days=300)):
        assert (sweep_archive(), archived()) == (0, 0)


def test_another_month_that_is_open_keeps_nothing(lotus_db: Branch) -> None:
    past(1)
    with on(2):
        locked()
        earn("wu", "3.00", month=NEXT)
    with clock.frozen(at(2) + timedelta(days=60)):
        assert sweep_archive() == 1
