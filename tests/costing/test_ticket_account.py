"""A ticket's account: what it cost and brought in, line by line from its sources, frozen at the end, never changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.costing.models import AccountVersion, MoneyLine, MonthlyFee, TicketAccount, WorkClaim
from apps.costing.money_errors import AccountNotFound, BadPlan
from apps.costing.services import accounts
from apps.people.models import Technician
from apps.tickets import services as tickets
from apps.tickets.models import Charge, Ticket, TicketType
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import books
from tests.inventory import on_tickets as work
from tests.make import actor, key, make_ticket


@pytest.fixture(autouse=True)
def branch(lotus_db):
    return lotus_db


def charge(ticket, fen=3000, code="visit", receipt="R-1", waived=""):
    tickets.add_charge(
        public_id=ticket.public_id,
        code=code,
        name=code,
        unit_fen=fen,
        receipt_no=receipt,
        waived_why=waived,
        by=actor("wu"),
        key=key(),
    )


def finished(*, metres=5, **fields):
    """A broadband fault that took cable, finished by Wu."""
    work.fill_van()
    ticket = work.ticket(**fields)
    work.enter(ticket, "cable", metres)
    tickets.complete_ticket(public_id=ticket.public_id, solution="new cable", by=actor("wu"), key=key())
    return ticket


def close(ticket, score=5):
    return tickets.callback_ok(public_id=ticket.public_id, score=score, by=actor("hui"), key=key())


def test_material_is_booked_when_it_is_posted_and_gets_its_month_at_the_close():
    ticket = finished()
    books.hear()
    assert books.lines(ticket) == [("material", 250)]
    assert books.account(ticket).frozen_at is None
    close(ticket)
    books.hear()
    row = MoneyLine.objects.get(account__ticket=ticket.public_id)
    assert (row.period, row.late, row.item, row.quantity) == (clock.today()[:7], False, "cable", Decimal(5))
    assert row.inputs["document"] and row.source.startswith("stock/")
    assert books.account(ticket).version == 1
    books.check_accounts()


def test_labour_is_points_at_the_planned_price_with_what_wages_cost_on_top():
    ticket = make_ticket(status="closed")
    books.earned(ticket, "6.50")
    books.earned(ticket, "3.25", by="bo")
    books.hear()
    assert books.lines(ticket) == [("labour", 2958), ("labour", 1479)]
    names = MoneyLine.objects.order_by("id").values_list("technician__user__username", "quantity")
    assert list(names) == [("wu", Decimal("6.50")), ("bo", Decimal("3.25"))]


def test_a_deduction_takes_from_pay_and_makes_no_ticket_cheaper():
    ticket = make_ticket(status="closed")
    books.earned(ticket, "6")
    books.earned(ticket, "-5", kind="deduction")
    books.hear()
    assert books.sums(ticket) == {"labour": 2730}


def test_a_clawback_gives_its_labour_back():
    ticket = make_ticket(status="closed")
    books.earned(ticket, "6")
    books.hear()
    books.earned(ticket, "-6", kind="clawback")
    assert books.settle(ticket) == 1
    assert books.lines(ticket) == [("labour", 2730), ("labour", -2730)]
    assert AccountVersion.objects.get(number=2).reason == "labour"
    books.check_accounts()


def test_the_road_costs_by_the_car_and_only_this_tickets_part_of_the_trip():
    own, company = make_ticket(status="closed"), make_ticket(status="closed")
    for ticket in (own, company):
        books.earned(ticket, "5", trip_km="172", own_km="40", all_km="160")
    WorkClaim.objects.create(
        ticket=own.public_id,
        technician=Technician.objects.get(user__username="wu"),
        km=Decimal(172),
        own_car=True,
        state="confirmed",
        at=clock.now(),
    )
    books.hear()
    assert books.sums(own)["travel"] == 43 * 90 and books.sums(company)["travel"] == 43 * 160
    assert books.account(own).km == Decimal(43)


def test_revenue_is_every_fee_with_its_receipt_by_what_it_is_for():
    ticket = make_ticket(status="in_progress")
    charge(ticket, 10_000, "install", "R-7")
    charge(ticket, 26_000, "stb", "R-8")
    charge(ticket, 3000, "visit", "R-9")
    tickets.complete_ticket(public_id=ticket.public_id, solution="x", by=actor("wu"), key=key())
    close(ticket)
    books.hear()
    rows = MoneyLine.objects.filter(side="revenue").order_by("id").values_list("element", "fen", "receipt_no")
    assert list(rows) == [("install_fee", 10_000, "R-7"), ("material_fee", 26_000, "R-8"), ("on_site_fee", 3000, "R-9")]


def test_a_waived_fee_is_worth_what_it_would_have_been_and_costs_the_same():
    ticket = make_ticket(status="in_progress")
    charge(ticket, receipt="", waived="third visit")
    tickets.complete_ticket(public_id=ticket.public_id, solution="x", by=actor("wu"), key=key())
    close(ticket)
    books.hear()
    assert books.lines(ticket) == [("on_site_fee", 3000), ("other", 3000)]
    assert "third visit" in MoneyLine.objects.get(side="cost").note


def test_a_fee_that_changes_before_the_close_is_followed_by_its_difference():
    ticket = make_ticket(status="in_progress")
    charge(ticket)
    tickets.complete_ticket(public_id=ticket.public_id, solution="x", by=actor("wu"), key=key())
    books.hear()
    Charge.objects.update(amount_fen=2500)
    close(ticket)
    books.hear()
    assert books.lines(ticket) == [("on_site_fee", 3000), ("on_site_fee", -500)]
    second = MoneyLine.objects.order_by("id").last()
    assert second.source.endswith("#2") and second.reverses == MoneyLine.objects.order_by("id").first()


def test_an_installation_claims_its_share_of_the_subscription_apart_from_its_revenue():
    MonthlyFee.objects.create(plan="", fen=5000, changed_by="staff:1", changed_at=clock.now())
    ticket = make_ticket(status="closed")
    Ticket.objects.filter(pk=ticket.pk).update(type=TicketType.objects.get(code="install_tv"))
    books.hear()
    assert books.lines(ticket) == [("service_share", 1500)]
    assert MoneyLine.objects.get().side == "share"
    MonthlyFee.objects.update(fen=9000)
    books.hear_again()
    assert books.lines(ticket) == [("service_share", 1500)], "what was said stays"


def test_everything_heard_again_writes_nothing_more():
    ticket = finished()
    close(ticket)
    books.earned(ticket, "6.50", trip_km="30", own_km="30", all_km="30")
    books.hear()
    before = books.lines(ticket)
    books.hear_again()
    books.hear_again()
    assert books.lines(ticket) == before and books.account(ticket).version == 1


def _run(*statements):
    with connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)


def test_what_comes_back_before_the_close_takes_its_material_out_again():
    ticket = finished()
    tickets.callback_reject(public_id=ticket.public_id, reason="not fixed", by=actor("hui"), key=key())
    books.hear()
    assert books.sums(ticket) == {"material": 0}
    books.check_accounts()


def test_a_ticket_opened_again_keeps_its_frozen_account_and_goes_on_in_it():
    ticket = finished()
    close(ticket)
    books.hear()
    first = books.account(ticket)
    tickets.reopen_ticket(public_id=ticket.public_id, reason="again", by=actor("hui"), key=key())
    books.hear()
    now = books.account(ticket)
    assert books.sums(ticket) == {"material": 0}
    assert (now.period, now.type_code, now.frozen_at) == (first.period, first.type_code, first.frozen_at)
    assert now.version == 2
    books.check_accounts()


def test_a_ticket_that_cost_nothing_yet_has_no_account_and_one_that_ended_has():
    make_ticket(status="awaiting_callback")
    books.hear()
    assert not TicketAccount.objects.exists()
    for status in ("closed", "cancelled", "void"):
        assert make_ticket(status=status)
    books.hear()
    assert TicketAccount.objects.exclude(frozen_at=None).count() == 3


def test_the_account_knows_what_the_ticket_is_looked_at_by():
    ticket = make_ticket(status="closed")
    books.hear()
    one = books.account(ticket)
    assert (one.sub_branch.code, one.grid.code, one.technician.user.username) == ("EAST", "E1", "wu")
    assert (one.type_code, one.family, one.area_class, one.result) == ("fault_bb", "fault", ticket.area_class, "done")


def test_who_keeps_the_accounts_has_one_worked_out_again_with_a_reason():
    ticket = make_ticket(status="closed")
    books.hear()
    books.earned(ticket, "2")
    done = accounts.recalculate_account(public_id=ticket.public_id, reason="points late", by=actor("ji"), key=key())
    assert done.facts == {"lines": 1} and done.version == 2
    assert AccountVersion.objects.get(number=2).reason == "points late"
    again = accounts.recalculate_account(public_id=ticket.public_id, reason="to be sure", by=actor("ji"), key=key())
    assert again.facts == {"lines": 0} and again.version == 2
    with pytest.raises(BadPlan):
        accounts.recalculate_account(public_id=ticket.public_id, reason=" ", by=actor("ji"), key=key())
    with pytest.raises(AccountNotFound):
        accounts.recalculate_account(public_id="nothing-here", reason="x", by=actor("ji"), key=key())
    for who in ("wu", "yun", "lin", "de", "ku"):
        with pytest.raises(NotAllowed):
            accounts.recalculate_account(public_id=ticket.public_id, reason="x", by=actor(who), key=key())


def test_a_late_document_goes_into_the_next_month_and_is_marked():
    with clock.frozen(books.NOON):
        ticket = make_ticket(status="closed")
        books.hear()
    books.close("2026-03")
    with clock.frozen(books.NOON + timedelta(days=40)):
        books.earned(ticket, "2", period="2026-03")
        assert books.settle(ticket) == 1
    row = MoneyLine.objects.get()
    assert (row.period, row.late) == ("2026-04", True)
    assert books.account(ticket).period == "2026-03"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE costing_moneyline SET fen = 1",
        "UPDATE costing_moneyline SET period = '2026-04'",
        "DELETE FROM costing_moneyline",
        "TRUNCATE costing_moneyline CASCADE",
        "UPDATE costing_ticketaccount SET type_code = 'x'",
        "DELETE FROM costing_ticketaccount",
        "UPDATE costing_costperiod SET state = 'open'",
        "UPDATE costing_costperiod SET lines_hash = 'x'",
        "DELETE FROM costing_costperiod",
    ],
)
def test_by_no_path_is_a_written_line_a_frozen_account_or_a_closed_month_changed(statement):
    ticket = make_ticket(status="closed")
    books.earned(ticket, "2")
    books.hear()
    books.close(clock.today()[:7])
    with pytest.raises(DatabaseError), transaction.atomic():
        _run("SET CONSTRAINTS ALL IMMEDIATE", statement)


def test_a_closed_month_takes_no_line_not_even_by_sql():
    ticket = make_ticket(status="closed")
    books.earned(ticket, "2")
    books.hear()
    month = clock.today()[:7]
    books.close(month)
    row = MoneyLine.objects.get()
    row.pk, row.source = None, "points/99"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_another_branch_knows_nothing_of_it(maple):
    make_ticket(status="closed")
    books.hear()
    with in_branch(maple.tenant):
        assert not TicketAccount.objects.exists()
