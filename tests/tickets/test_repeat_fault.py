"""The same trouble again within thirty days: linked to the first visit, and urgent."""

from datetime import timedelta

import pytest

from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import make_ticket
from tests.tickets.types import publish


def test_it_knows_the_first_visit_and_is_urgent(lotus_db: Branch) -> None:
    first = make_ticket(status="closed")
    again = make_ticket()
    assert (again.repeat_of_id, again.priority) == (first.pk, 1)
    assert again.terms["accept"] < first.terms["accept"]


def test_the_newest_visit_counts(lotus_db: Branch) -> None:
    make_ticket(status="closed")
    newest = make_ticket(status="closed")
    assert make_ticket().repeat_of_id == newest.pk


@pytest.mark.parametrize("status", ["pooled", "in_progress", "awaiting_callback", "void", "cancelled"])
def test_only_what_was_said_to_be_done_can_repeat(lotus_db: Branch, status: str) -> None:
    make_ticket(status=status)
    assert make_ticket().repeat_of_id is None


def test_after_thirty_days_it_is_a_new_fault(lotus_db: Branch) -> None:
    make_ticket(status="closed")
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert make_ticket().repeat_of_id is None


def test_the_days_count_until_the_report_not_until_somebody_entered_it(lotus_db: Branch) -> None:
    first = make_ticket(status="closed")
    told = clock.now() + timedelta(days=29)
    with clock.frozen(told + timedelta(days=3)):  # entered later, or come from another branch
        assert make_ticket(reported_at=told).repeat_of_id == first.pk


def test_what_was_told_before_the_first_visit_was_done_does_not_repeat_it(lotus_db: Branch) -> None:
    told = clock.now() - timedelta(hours=2)
    make_ticket(status="closed")
    assert make_ticket(reported_at=told).repeat_of_id is None


def test_another_service_or_another_customer_is_another_fault(lotus_db: Branch) -> None:
    publish("fault_tv", skills=["tv"])
    publish("fault_bb", skills=["broadband"])
    make_ticket(status="closed")
    assert make_ticket(type_code="fault_tv").repeat_of_id is None
    assert make_ticket(contact_phone="13900009999").repeat_of_id is None


def test_the_account_finds_it_under_another_telephone(lotus_db: Branch) -> None:
    first = make_ticket(status="closed", account_no="A-100")
    assert make_ticket(account_no="A-100", contact_phone="13900009999").repeat_of_id == first.pk


def test_who_is_nobody_in_our_books_repeats_nothing(lotus_db: Branch, mei: Actor) -> None:
    make_ticket(status="closed", by=mei)
    assert make_ticket(contact_phone="13900008888").repeat_of_id is None


def test_the_other_branch_knows_nothing_of_it(lotus_db: Branch, maple: Branch) -> None:
    make_ticket(status="closed")
    with in_branch(maple.tenant):
        assert make_ticket().repeat_of_id is None
