"""domain.md §2.4: a complaint is answered within two hours. The answer is the first word with the customer."""

from datetime import timedelta

from apps.tickets.rules.catalogue import TEMPLATES
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from tests.cast import Branch
from tests.make import make_ticket
from tests.tickets.steps import do, now_of
from tests.tickets.types import publish

COMPLAINT = {one.code: one for one in TEMPLATES}["complaint"].definition


def test_taking_it_on_and_the_first_word_together_have_two_hours(lotus_db: Branch) -> None:
    ticket = make_ticket(type_code="complaint", status="accepted")
    assert ticket.type_version.definition.contact_minutes == COMPLAINT.contact_minutes
    assert ticket.terms["accept"] + ticket.terms["contact"] == 120


def test_without_an_answer_it_is_late_and_with_one_it_is_not(lotus_db: Branch) -> None:
    phones = ("13900002001", "13900002002")
    silent, told = (make_ticket(type_code="complaint", status="accepted", contact_phone=one) for one in phones)
    do("contact", told.public_id)
    with clock.frozen(clock.now() + timedelta(minutes=COMPLAINT.contact_minutes)):
        sweep_clocks()
    assert (now_of(silent).overdue_clocks, now_of(told).overdue_clocks) == (["contact"], [])


def test_other_types_and_a_type_that_leaves_it_have_the_branchs_own(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = {"contact_minutes": 45}
    assert make_ticket().terms["contact"] == 45
    publish("complaint", contact_minutes=0)
    assert make_ticket(type_code="complaint", contact_phone="13900003003").terms["contact"] == 45
