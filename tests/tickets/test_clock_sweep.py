"""The sweep of the clocks: nobody's trouble silences the others, and no old answer silences a ticket for ever."""

import pytest

from apps.tickets import services
from apps.tickets.models import Breach, Ticket
from apps.tickets.services import clocks
from steppe.kernel import clock
from tests.cast import Branch
from tests.make import key, make_ticket

LONG_AGO = clock.minutes(60 * 24 * 30)


def _late(ticket: Ticket, name: str) -> Ticket:
    Ticket.objects.filter(id=ticket.pk).update(**{f"{name}_due_at": clock.now() - LONG_AGO})
    return Ticket.objects.get(id=ticket.pk)


def test_a_clock_that_stopped_once_and_runs_again_is_flagged(lotus_db: Branch) -> None:
    """The sweep came just after the work was done; the customer then says: not fixed."""
    ticket = _late(make_ticket(status="in_progress"), "resolve")
    seen = Ticket.objects.filter(id=ticket.pk).values_list("public_id", "version", "resolve_due_at").get()
    services.complete_ticket(public_id=ticket.public_id, solution="plug", by=lotus_db.wu, key=key())
    assert clocks._flag_one("resolve", *seen)
    assert not Breach.objects.exists()
    services.callback_reject(public_id=ticket.public_id, reason="still_broken", by=lotus_db.hui, key=key())
    services.sweep_clocks()
    assert Ticket.objects.get(id=ticket.pk).resolve_overdue and Breach.objects.count() == 1


def test_a_second_sweep_changes_nothing(lotus_db: Branch) -> None:
    ticket = _late(make_ticket(), "accept")
    assert services.sweep_clocks() == 1
    assert services.sweep_clocks() == 0
    assert Ticket.objects.get(id=ticket.pk).version == ticket.version + 1


def test_one_ticket_in_trouble_does_not_silence_the_next(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = _late(make_ticket(), "accept"), _late(make_ticket(), "accept")
    real = clocks.mark_overdue

    def mark(**args: object) -> object:
        if args["public_id"] == broken.public_id:
            raise RuntimeError("trouble")
        return real(**args)

    monkeypatch.setattr(clocks, "mark_overdue", mark)
    assert services.sweep_clocks() == 1
    assert Ticket.objects.get(id=fine.pk).accept_overdue


def test_what_a_customer_says_is_kept_as_a_reason_with_a_word(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback", by=lotus_db.mei)
    services.rate_ticket(public_id=ticket.public_id, fixed=False, score=None, by=lotus_db.mei, key=key())
    assert ticket.history.last().reason == "still_broken"
