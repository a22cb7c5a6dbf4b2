"""What the customer pays: the fees that the type names stand ready with their price, anything else has its own."""

from typing import Any

import pytest

from apps.tickets.models import Charge, Ticket
from tests.cast import Branch
from tests.make import client_at, make_ticket
from tests.mobile.test_more_steps import ENGLISH, post
from tests.tickets.types import publish

FEES = [{"code": "outlet", "zh": "加装费", "fen": 3000, "en": "Outlet"}, {"code": "free", "zh": "赠送", "fen": 0}]


def at_work(**more: Any) -> Ticket:
    publish("fault_bb", **more)
    return make_ticket(status="in_progress")


def pay(branch: Branch, ticket: Ticket, **form: Any) -> Any:
    return post(branch, "wu", f"/w/t/{ticket.public_id}/charge", ticket, **form)


def kept() -> tuple[str, str, int, int]:
    charge = Charge.objects.get()
    return charge.code, charge.name, charge.unit_fen, charge.amount_fen


def test_a_fee_of_the_type_needs_only_a_tap(lotus_db: Branch) -> None:
    ticket = at_work(fees=FEES)
    page = client_at(lotus_db, lotus_db.wu).get(f"/w/t/{ticket.public_id}/charge", headers=ENGLISH).content.decode()
    assert "Outlet · ¥30" in page and "Something else" in page
    assert pay(lotus_db, ticket, fee="outlet", receipt_no="R-1").status_code == 303
    assert kept() == ("outlet", "加装费", 3000, 3000)


def test_several_at_another_price_are_multiplied(lotus_db: Branch) -> None:
    ticket = at_work(fees=FEES)
    pay(lotus_db, ticket, fee="outlet", quantity="3", yuan="25", name="with cable", receipt_no="R-1")
    assert kept() == ("outlet", "with cable", 2500, 7500)


def test_a_fee_of_nothing_costs_nothing(lotus_db: Branch) -> None:
    pay(lotus_db, at_work(fees=FEES), fee="free")
    assert kept() == ("free", "赠送", 0, 0)


@pytest.mark.parametrize("form", [{}, {"fee": ""}, {"fee": "", "name": "Cable"}, {"fee": "outlet", "quantity": "0"}])
def test_something_else_has_a_name_and_a_price_and_nothing_is_sold_by_none(lotus_db: Branch, form: Any) -> None:
    answer = pay(lotus_db, at_work(fees=FEES), **form)
    assert answer.status_code == 422 and not Charge.objects.exists()


def test_a_fee_the_ticket_s_own_version_does_not_name_is_refused(lotus_db: Branch) -> None:
    """Published after the ticket was opened: it is not offered, and not taken."""
    ticket = at_work(fees=FEES)
    publish("fault_bb", fees=[{"code": "later", "zh": "新费", "fen": 9900}])
    assert pay(lotus_db, ticket, fee="later").status_code == 422
    assert not Charge.objects.exists()


def test_a_type_without_fees_asks_as_before(lotus_db: Branch) -> None:
    ticket = at_work()
    page = client_at(lotus_db, lotus_db.wu).get(f"/w/t/{ticket.public_id}/charge", headers=ENGLISH).content.decode()
    assert "Something else" not in page
    pay(lotus_db, ticket, name="Cable", yuan="12.50", receipt_no="R-1")
    assert kept() == ("other", "Cable", 1250, 1250)
