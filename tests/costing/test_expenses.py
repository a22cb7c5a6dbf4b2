"""What is paid on the way: said by one person with a receipt, agreed by another, and then a line of the account."""

import pytest

from apps.costing.models import Expense, MoneyLine
from apps.costing.money_errors import BadExpense, ExpenseNotFound, OwnExpense, SameReceipt, StaleExpense
from apps.costing.services import expenses
from apps.people.accounts.models import RoleGrant
from apps.people.models import Technician
from apps.tickets.errors import TicketNotFound
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import books
from tests.make import actor, key, make_ticket


@pytest.fixture(autouse=True)
def branch(lotus_db):
    return lotus_db


@pytest.fixture
def ticket():
    return make_ticket(status="in_progress")


def enter(ticket, code="tolls", fen=4500, *, by="wu", receipt_no="T-1", **more):
    told = {"receipt_no": receipt_no} | more
    return expenses.enter_expense(
        public_id=ticket.public_id, code=code, fen=fen, **told, by=actor(by), key=key()
    ).public_id


def decide(name, do="approve", *, by="yun", **more):
    return getattr(expenses, f"{do}_expense")(public_id=name, **more, by=actor(by), key=key())


def test_what_was_entered_and_agreed_to_is_a_line_with_its_receipt(ticket):
    name = enter(ticket)
    assert not MoneyLine.objects.exists()
    assert decide(name).facts == {"state": "approved"}
    row = MoneyLine.objects.get()
    assert (row.side, row.element, row.fen, row.receipt_no) == ("cost", "travel", 4500, "T-1")
    assert row.inputs["approved_by"] == "Yun" and row.by_name == "Yun"


@pytest.mark.parametrize(
    ("code", "element"), [("tolls", "travel"), ("contractor", "outsource"), ("hire", "other"), ("other", "other")]
)
def test_each_kind_is_booked_where_it_belongs(ticket, code, element):
    decide(enter(ticket, code))
    assert books.sums(ticket) == {element: 4500}


def test_where_an_outside_team_did_it_the_own_labour_costs_nothing():
    ticket = make_ticket(status="closed")
    books.earned(ticket, "6")
    books.hear()
    decide(enter(ticket, "contractor", 20_000))
    assert books.sums(ticket) == {"labour": 0, "outsource": 20_000}
    assert [fen for element, fen in books.lines(ticket) if element == "labour"] == [2730, -2730]
    books.check_accounts()


def test_an_approved_one_is_taken_back_by_a_line_with_the_other_sign(ticket):
    name = enter(ticket)
    decide(name)
    with pytest.raises(BadExpense):
        decide(name, "reverse", answer=" ")
    assert decide(name, "reverse", answer="wrong ticket").facts == {"state": "reversed"}
    assert books.lines(ticket) == [("travel", 4500), ("travel", -4500)]
    with pytest.raises(StaleExpense):
        decide(name, "reverse", answer="again")


def test_refused_with_a_reason_it_costs_nothing_and_may_be_entered_again(ticket):
    name = enter(ticket)
    with pytest.raises(BadExpense):
        decide(name, "refuse", answer="")
    decide(name, "refuse", answer="no toll road there")
    assert Expense.objects.get().answer == "no toll road there" and not MoneyLine.objects.exists()
    enter(ticket)


def test_who_entered_it_takes_it_back_until_somebody_decided(ticket):
    name = enter(ticket)
    with pytest.raises(ExpenseNotFound):
        decide(name, "withdraw", by="bo")
    decide(name, "withdraw", by="wu")
    with pytest.raises(StaleExpense):
        decide(name)


def test_nobody_agrees_to_the_own_expense_nor_to_one_that_pays_them():
    Technician.objects.update(on_duty=True)
    ticket = make_ticket(status="in_progress", to="yun")
    with pytest.raises(OwnExpense):
        decide(enter(ticket, by="yun"))
    with pytest.raises(OwnExpense):
        decide(enter(ticket, by="lin", receipt_no="T-2"))
    assert decide(enter(ticket, by="lin", receipt_no="T-3"), by="de").facts == {"state": "approved"}


def test_one_receipt_counts_once_on_whichever_ticket(ticket):
    enter(ticket)
    with pytest.raises(SameReceipt):
        enter(make_ticket(status="in_progress"))
    assert Expense.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"code": "bribe"}, "code"), ({"fen": 0}, "fen"), ({"fen": -1}, "fen"), ({"fen": 10**9}, "fen"),
        ({"receipt_no": " "}, "receipt_no"), ({"code": "compensation", "receipt_no": ""}, "note"),
    ],
)  # fmt: skip
def test_what_lacks_its_proof_is_refused_at_its_field(ticket, told, field):
    with pytest.raises(BadExpense) as refusal:
        enter(ticket, **told)
    assert field in refusal.value.fields and not Expense.objects.exists()


def test_a_night_away_on_a_short_road_needs_a_word(ticket):
    name = enter(ticket, "lodging", 20_000)
    with pytest.raises(BadExpense) as refusal:
        decide(name)
    assert "answer" in refusal.value.fields
    decide(name, answer="snow closed the road")
    assert books.sums(ticket) == {"travel": 20_000}


def test_a_technician_enters_on_the_own_ticket_only_and_a_dispatcher_in_the_own_scope(ticket):
    for who in ("bo", "xi", "gao"):
        with pytest.raises(TicketNotFound):
            enter(ticket, by=who)
    for who in ("cai", "ji", "ku", "hui"):
        with pytest.raises(NotAllowed):
            enter(ticket, by=who)
    with pytest.raises(TicketNotFound):
        enter(make_ticket())
    assert enter(ticket, by="lin")


def test_who_leads_elsewhere_does_not_learn_of_it(ticket):
    name = enter(ticket)
    RoleGrant.objects.filter(user__username="yun").update(org_path="/1/3/")
    with pytest.raises(ExpenseNotFound):
        decide(name)
    for who in ("wu", "lin", "cai", "ku"):
        with pytest.raises(NotAllowed):
            decide(name, by=who)


def test_the_second_of_two_decisions_is_told_that_there_was_one(ticket):
    name = enter(ticket)
    decide(name, version=1)
    for again in ("approve", "refuse"):
        with pytest.raises(StaleExpense):
            decide(name, again, by="de", answer="no", version=1)


def test_after_the_close_it_is_a_later_version_of_the_account():
    ticket = make_ticket(status="closed")
    books.hear()
    decide(enter(ticket))
    assert books.account(ticket).version == 2 and MoneyLine.objects.get().period == clock.today()[:7]
    books.check_accounts()


def test_another_branch_knows_nothing_of_it(ticket, maple):
    name = enter(ticket)
    with in_branch(maple.tenant), pytest.raises(ExpenseNotFound):
        decide(name)
