"""A month of costs: closed by the accountant when it is over, by nobody opened again but headquarters."""

from datetime import timedelta

import pytest

from apps.costing.models import CostPeriod, MoneyLine
from apps.costing.money_errors import BadMonth, MonthClosed, MonthOpen, TooEarly
from apps.costing.services import cost_months, plans
from apps.costing.services.catching_up import catch_up, catch_up_lately
from apps.costing.services.plans import Cell
from apps.people.accounts.models import RoleGrant
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal import stream
from tenants.context import in_branch
from tests.costing import books
from tests.make import actor, key, make_ticket

LATER = books.NOON + timedelta(days=30)


@pytest.fixture(autouse=True)
def branch(lotus_db):
    return lotus_db


@pytest.fixture
def march():
    """A ticket of March with labour."""
    with clock.frozen(books.NOON):
        ticket = make_ticket(status="closed")
        books.earned(ticket, "6")
        books.hear()
    return ticket


def close(month="2026-03", by="ji"):
    return cost_months.close_cost_month(month=month, by=actor(by), key=key())


def reopen(who, month="2026-03", reason="a bill was lost"):
    return cost_months.reopen_cost_month(month=month, reason=reason, by=who, key=key())


def test_closed_it_keeps_the_digest_of_its_lines_and_takes_no_more(march):
    with clock.frozen(LATER):
        done = close()
        assert done.facts["lines_hash"] == cost_months.digest_of("2026-03")
        with pytest.raises(MonthClosed):
            close()
        books.earned(march, "1", period="2026-03")
        books.settle(march)
    assert list(MoneyLine.objects.order_by("id").values_list("period", "late")) == [
        ("2026-03", False),
        ("2026-04", True),
    ]
    assert cost_months.digest_of("2026-03") == done.facts["lines_hash"], "what came late is not in it"


def test_a_month_that_is_not_over_stays_open(march):
    with clock.frozen(books.NOON), pytest.raises(TooEarly):
        close()


@pytest.mark.parametrize("month", ["2026-13", "March", "", "1999-01"])
def test_what_is_no_month_is_refused(month):
    with pytest.raises(BadMonth):
        close(month)


def test_the_accountant_of_the_whole_branch_closes_and_nobody_else(march):
    for who in ("bai", "de", "ku", "wu", "lin"):
        with pytest.raises(NotAllowed):
            close(by=who)
    RoleGrant.objects.filter(user__username="ji").update(org_path="/1/2/")
    with pytest.raises(NotAllowed):
        close()


def test_only_headquarters_opens_it_again_as_a_version_with_a_reason(march, hq_user):
    with clock.frozen(LATER):
        with pytest.raises(MonthOpen):
            reopen(hq_user)
        close()
        for who in ("ji", "bai", "de"):
            with pytest.raises(NotAllowed):
                reopen(actor(who))
        with pytest.raises(BadMonth):
            reopen(hq_user, reason=" ")
        assert reopen(hq_user).version == 2
        books.earned(march, "1", period="2026-03")
        books.settle(march)
        assert close().version == 2
    assert not MoneyLine.objects.filter(late=True).exists()


def test_headquarters_comes_from_its_own_site(march, branch, hq_user):
    told = {"branch": branch.tenant, "month": "2026-03", "reason": "a bill was lost", "key": key()}
    with clock.frozen(LATER):
        close()
        with pytest.raises(NotAllowed):
            cost_months.reopen_branch_month(**told, by=actor("ji"))
        assert cost_months.reopen_branch_month(**told, by=hq_user).version == 2
    assert CostPeriod.objects.get(month="2026-03").reason == "a bill was lost"


def test_what_ended_unheard_gets_its_account_at_night_and_once():
    stream.pass_over()
    with clock.frozen(books.NOON):
        ticket = make_ticket(status="closed")
        make_ticket(status="void", contact_phone="13900007777")
        books.earned(ticket, "6")
        stream.pass_over()
        assert catch_up("2026-03") == 2 and catch_up("2026-03") == 0
        assert catch_up_lately() == 0
    assert books.sums(ticket) == {"labour": 2730}
    books.check_accounts()


def test_a_ticket_closed_in_a_closed_month_but_heard_of_later_stands_in_the_next():
    with clock.frozen(books.NOON):
        ticket = make_ticket(status="closed")
        books.earned(ticket, "6")
    books.close("2026-03")
    books.hear()
    assert books.account(ticket).period == "2026-04"
    assert MoneyLine.objects.get().late
    books.check_accounts()


def test_nobody_plans_for_a_closed_month():
    books.close("2026-03")
    with pytest.raises(MonthClosed):
        plans.save_budgets(month="2026-03", cells=[Cell(fen=1)], by=actor("ji"), key=key())


def test_another_branchs_month_is_its_own(march, maple):
    with clock.frozen(LATER):
        close()
    with in_branch(maple.tenant):
        assert not CostPeriod.objects.exists()
