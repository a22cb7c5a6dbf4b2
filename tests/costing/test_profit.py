"""Every way down comes to the same: month, dimension, tickets, lines. And the same as payroll, stock and fees."""

import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from apps.costing import profit_read as profit
from apps.costing.models import MoneyLine, TicketAccount, WorkPointEntry
from apps.costing.money_errors import AccountNotFound
from apps.costing.profit_read import DIMENSIONS, Where
from apps.costing.rules import ticket_cost
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.services import plans
from apps.costing.services.plans import Cell
from apps.inventory import costs_read
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit, Technician
from apps.tickets import services
from apps.tickets.models import Charge
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import books
from tests.costing.test_ticket_account import charge, close, finished
from tests.inventory import on_tickets as work
from tests.make import actor, key, make_ticket
from tests.queries import asking

TYPES = ("fault_bb", "install_tv", "relocate")


@pytest.fixture(autouse=True)
def branch(lotus_db):
    return lotus_db


def month(name="2026-03"):
    return Where(name)


def scatter(seed, count=60):
    """Accounts and lines of two months over every dimension, as chance has it."""
    dice = random.Random(seed)
    units = {one.code: one for one in OrgUnit.objects.all()}
    people = [*Technician.objects.all(), None]
    for number in range(count):
        grid = dice.choice([units["E1"], units["E2"], units["W1"], None])
        one = TicketAccount.objects.create(
            ticket=f"t-{seed}-{number}", ticket_no=f"LO-{number:04d}", type_code=dice.choice(TYPES), grid=grid,
            sub_branch=grid.parent if grid else None, department=dice.choice([units["CARE"], None]),
            technician=dice.choice(people), area_class=dice.choice("ABCD"), cause_code=dice.choice(["", "x", "y"]),
            org_path=grid.path if grid else "/1/", period=dice.choice(["2026-03", "2026-02"]),
            closed_at=books.NOON, frozen_at=books.NOON, version=1,
        )  # fmt: skip
        for line in range(dice.randint(0, 5)):
            side, element = dice.choice([
                ("cost", "material"), ("cost", "labour"), ("cost", "travel"), ("revenue", "on_site_fee"),
                ("share", "service_share"),
            ])  # fmt: skip
            late = one.period == "2026-02" and dice.random() < 0.2
            MoneyLine.objects.create(
                account=one, side=side, element=element, fen=dice.randint(-500, 9000),
                source=f"x/{seed}/{number}/{line}",
                period="2026-03" if late else one.period, late=late, by="system:0", by_name="", at=books.NOON,
            )  # fmt: skip


@pytest.fixture
def scattered():
    books.CostPeriod.objects.create(month="2026-02")
    books.CostPeriod.objects.create(month="2026-03")
    scatter(1)


def signed(rows):
    return (
        sum(one.money.cost for one in rows),
        sum(one.money.revenue for one in rows),
        sum(one.money.share for one in rows),
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_way_down_comes_to_the_same_as_the_lines(seed):
    books.CostPeriod.objects.create(month="2026-02")
    books.CostPeriod.objects.create(month="2026-03")
    scatter(seed)
    ji, lines = actor("ji"), MoneyLine.objects.filter(period="2026-03")
    told = Counter()
    for side, fen in lines.values_list("side", "fen"):
        told[side] += fen
    whole = (told["cost"], told["revenue"], told["share"])
    assert signed([profit.month_of(ji, month())]) == whole
    assert signed([one for one in profit.by_month(ji, "2026-03") if one.key == "2026-03"]) == whole
    for first in DIMENSIONS:
        rows = profit.by_dimension(ji, first, month())
        assert signed(rows) == whole, first
        for row in rows:
            where = Where("2026-03", {first: row.key})
            for second in DIMENSIONS:
                assert signed(profit.by_dimension(ji, second, where)) == signed([row]), (first, second)
            page = profit.tickets_of(ji, where)
            assert (page.total.cost, page.total.revenue, page.total.share) == signed([row])
            found = [one for n in range(page.pages) for one in profit.tickets_of(ji, where, page=n + 1).rows]
            assert signed(found) == signed([row]) and len(found) == page.count
            for one in found:
                sheet = profit.sheet_for(ji, one.account.ticket)
                mine = [line for line in sheet.lines if line.period == "2026-03"]
                assert one.money.cost == sum(line.fen for line in mine if line.side == "cost")


def test_labour_is_payroll_material_is_stock_and_revenue_is_fees_to_the_fen():
    tickets = [finished(metres=n) for n in (1,)]
    for n in (2, 3):
        one = work.ticket()
        work.enter(one, "cable", n)
        charge(one, 1000 * n + 1, receipt=f"R-{n}")
        books_complete(one)
        tickets.append(one)
    for n, one in enumerate(tickets):
        close(one)
        books.earned(one, f"{n + 1}.33")
        books.earned(one, "0.57", by="bo")
    books.hear()
    found = profit.month_of(actor("ji"), month(clock.today()[:7])).money
    assert found.elements["material"] == sum(costs_read.cost_of_ticket(one.public_id) for one in tickets) > 0
    points = WorkPointEntry.objects.filter(stage="earned").values_list("points", flat=True)
    assert found.elements["labour"] == sum(ticket_cost.labour(one, DEFAULT.rates) for one in points) > 0
    assert found.revenue == sum(Charge.objects.values_list("amount_fen", flat=True)) == 5002


def books_complete(one):
    services.complete_ticket(public_id=one.public_id, solution="x", by=actor("wu"), key=key())


@pytest.mark.parametrize(
    ("ask", "times"),
    [
        (lambda who: profit.month_of(who, month()), 2),
        (lambda who: profit.by_month(who, "2026-03"), 2),
        (lambda who: profit.by_dimension(who, "type", month()), 4),
        (lambda who: profit.by_dimension(who, "grid", month()), 3),
        (lambda who: profit.tickets_of(who, month()), 6),
        (lambda who: profit.sheet_for(who, "t-1-3"), 3),
    ],
)
def test_it_costs_the_same_however_much_there_is(scattered, ask, times):
    who = actor("ji")
    with asking(times):
        ask(who)
    scatter(2, 40)
    with asking(times):
        ask(who)


def test_a_manager_sees_what_lies_below_or_belongs_to_the_department(scattered):
    RoleGrant.objects.filter(user__username="de").update(org_path=OrgUnit.objects.get(code="CARE").path)
    de = actor("de")
    mine = MoneyLine.objects.filter(period="2026-03", account__department__code="CARE", side="cost")
    assert profit.month_of(de, month()).money.cost == sum(mine.values_list("fen", flat=True)) != 0
    other = TicketAccount.objects.filter(department=None).first()
    with pytest.raises(AccountNotFound):
        profit.sheet_for(de, other.ticket)
    RoleGrant.objects.filter(user__username="de").update(org_path=OrgUnit.objects.get(code="EAST").path)
    assert {row.name for row in profit.by_dimension(actor("de"), "sub_branch", month())} == {"East"}


def test_who_works_or_dispatches_sees_no_costs(scattered):
    for who in ("wu", "yun", "lin", "cai", "ku", "hui", "an"):
        with pytest.raises(NotAllowed):
            profit.month_of(actor(who), month())
        with pytest.raises(NotAllowed):
            profit.sheet_for(actor(who), "t-1-3")


def test_tickets_are_found_by_a_part_of_their_number_and_sorted(scattered):
    ji = actor("ji")
    page = profit.tickets_of(ji, month(), query="LO-000")
    assert page.rows and all(one.account.ticket_no.startswith("LO-000") for one in page.rows)
    costs = [one.money.cost for one in profit.tickets_of(ji, month(), sort="cost").rows]
    assert costs == sorted(costs)
    assert profit.tickets_of(ji, month(), sort="; DROP").rows
    assert profit.tickets_of(ji, month(), page=99).page == profit.tickets_of(ji, month(), page=99).pages
    for nonsense in ("x", "-1", "99999999999", "1.5"):
        assert not profit.tickets_of(ji, Where("2026-03", {"grid": nonsense})).rows


def test_what_came_late_is_counted_where_it_was_booked_and_said_to_be_late(scattered):
    ji = actor("ji")
    late = MoneyLine.objects.filter(late=True, side="cost")
    assert profit.month_of(ji, month()).money.late == sum(late.values_list("fen", flat=True))
    page = profit.tickets_of(ji, Where("2026-03", {}, "late"))
    assert {one.account.ticket for one in page.rows} == set(
        MoneyLine.objects.filter(late=True).values_list("account__ticket", flat=True)
    )


def test_a_unit_cost_stands_beside_its_norm():
    with clock.frozen(books.NOON + timedelta(days=1)):
        for _ in range(2):
            books.earned(make_ticket(status="closed"), "2")
        books.hear()
    cells = [Cell("fault_bb", "labour", 800), Cell("fault_bb", "material", 100)]
    plans.save_norms(cells=cells, by=actor("ji"), key=key())
    (row,) = profit.by_dimension(actor("ji"), "type", month())
    assert (row.tickets, row.unit_cost, row.norm) == (2, 910, 900)


def test_another_branch_sees_none_of_it(scattered, maple):
    with in_branch(maple.tenant):
        assert profit.month_of(actor("ji"), month()).money.cost == 0
        with pytest.raises(AccountNotFound):
            profit.sheet_for(actor("ji"), "t-1-3")


def test_the_sheet_of_a_ticket_leads_to_each_source():
    ticket = finished()
    close(ticket)
    books.earned(ticket, "1")
    books.hear()
    sheet = profit.sheet_for(actor("ji"), ticket.public_id)
    kinds = [profit.source_of(one) for one in sheet.lines]
    paper = costs_read.lines_of_ticket(ticket.public_id)[0].document
    assert kinds == [("stock", paper), ("points", str(WorkPointEntry.objects.get().pk))]
    assert sheet.money.cost == sum(one.fen for one in sheet.lines)
    assert Decimal(sheet.money.contribution) == -sheet.money.cost
