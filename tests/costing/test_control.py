"""Money against plan: budgets with lights, norms, what is promised, variances that add up, what is odd."""

from decimal import Decimal

import pytest

from apps.costing import control_read as control
from apps.costing.models import Budget, CostNorm, MonthlyFee
from apps.costing.money_errors import BadMonth, BadPlan
from apps.costing.services import plans
from apps.costing.services.plans import Cell
from apps.inventory.models import Material
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit
from apps.tickets import services as tickets
from apps.tickets.models import Ticket, TicketType
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import books
from tests.costing.test_ticket_account import close
from tests.inventory import on_tickets as work
from tests.make import actor, key, make_ticket
from tests.queries import asking

MARCH = "2026-03"


@pytest.fixture(autouse=True)
def branch(lotus_db):
    return lotus_db


def budget(*cells, month=MARCH, unit="", by="ji"):
    return plans.save_budgets(month=month, unit=unit, cells=cells, by=actor(by), key=key())


def norm(*cells, by="ji"):
    return plans.save_norms(cells=cells, by=actor(by), key=key())


def worked(points="2", count=1, **inputs):
    """Tickets of March with that many points each."""
    with clock.frozen(books.NOON):
        made = [make_ticket(status="closed") for _ in range(count)]
        for one in made:
            books.earned(one, points, **inputs)
        books.hear()
    return made


def lights():
    return [
        (one.budget.type_code, one.budget.element, one.actual, one.light)
        for one in control.budget_lines(actor("ji"), MARCH)
    ]


def test_a_budget_shows_green_amber_at_eighty_and_red_at_a_hundred_per_cent():
    worked()
    budget(Cell("", "labour", 2000), Cell("fault_bb", "", 1100), Cell("", "", 910), Cell("fault_bb", "travel", 500))
    assert lights() == [
        ("", "labour", 910, "green"), ("fault_bb", "", 910, "amber"), ("", "", 910, "red"),
        ("fault_bb", "travel", 0, "green"),
    ]  # fmt: skip
    assert control.lights(actor("ji"), MARCH) == {"red": 1, "amber": 1, "green": 2}


def test_a_budget_of_a_sub_branch_counts_what_belongs_there_only():
    worked()
    budget(Cell(fen=1000), unit="EAST")
    budget(Cell(fen=1000), unit="WEST")
    assert [one.actual for one in control.budget_lines(actor("ji"), MARCH, "EAST")] == [910]
    assert [one.actual for one in control.budget_lines(actor("ji"), MARCH, "WEST")] == [0]
    assert not control.budget_lines(actor("ji"), MARCH)


def test_saved_again_a_cell_is_changed_and_emptied_it_is_gone():
    budget(Cell(fen=1000, tickets=5), Cell("fault_bb", "", 5))
    budget(Cell(fen=2000, tickets=6), Cell("fault_bb", ""))
    assert list(Budget.objects.values_list("type_code", "fen", "tickets")) == [("", 2000, 6)]


def test_last_months_budgets_are_copied_where_there_is_none_yet():
    budget(Cell(fen=1000), Cell("fault_bb", "", 500), month="2026-02")
    budget(Cell(fen=7))
    done = plans.copy_budgets(source="2026-02", month=MARCH, by=actor("ji"), key=key())
    assert done.facts == {"cells": 1}
    assert set(Budget.objects.filter(month=MARCH).values_list("type_code", "fen")) == {("", 7), ("fault_bb", 500)}
    again = plans.copy_budgets(source="2026-02", month=MARCH, by=actor("ji"), key=key())
    assert again.facts == {"cells": 0}


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        (Cell("no_such", "", 1), "no_such.all"), (Cell("", "beer", 1), "all.beer"), (Cell("", "", -1), "all.all"),
        (Cell("", "", 10**12), "all.all"), (Cell("", "", 1, tickets=-1), "all.all"),
    ],
)  # fmt: skip
def test_an_odd_cell_is_refused_at_its_place_and_nothing_is_kept(cell, field):
    with pytest.raises(BadPlan) as refusal:
        budget(Cell("fault_bb", "", 5), cell)
    assert list(refusal.value.fields) == [field] and not Budget.objects.exists()


def test_what_is_no_month_or_no_sub_branch_is_refused():
    with pytest.raises(BadMonth):
        budget(Cell(fen=1), month="2026-00")
    with pytest.raises(BadPlan):
        budget(Cell(fen=1), unit="E1")
    with pytest.raises(BadPlan):
        budget()


def test_who_plans_a_part_plans_only_there():
    RoleGrant.objects.filter(user__username="ji").update(org_path=OrgUnit.objects.get(code="EAST").path)
    budget(Cell(fen=1), unit="EAST")
    for refused in (lambda: budget(Cell(fen=1)), lambda: budget(Cell(fen=1), unit="WEST"), lambda: norm(Cell())):
        with pytest.raises(NotAllowed):
            refused()
    for who in ("de", "yun", "lin", "wu", "ku"):
        with pytest.raises(NotAllowed):
            budget(Cell(fen=1), by=who)


def test_a_norm_names_a_type_and_an_element():
    norm(Cell("fault_bb", "labour", 2000, quantity=Decimal(5)))
    assert CostNorm.objects.get().quantity == 5
    for cell in (Cell("", "labour", 1), Cell("fault_bb", "", 1), Cell("fault_bb", "labour", 1, quantity=Decimal(0))):
        with pytest.raises(BadPlan):
            norm(cell)


def test_the_deviation_is_price_quantity_and_volume_to_the_fen():
    norm(Cell("fault_bb", "labour", 1820, quantity=Decimal(4)))
    budget(Cell("fault_bb", "", 1, tickets=1))
    worked("5.33", 3)
    (row,) = control.deviations(actor("ji"), MARCH)
    assert (row.planned, row.tickets, row.plan, row.actual) == (1, 3, 1820, 3 * 2425)
    assert row.why.total == row.actual - row.plan
    assert (row.why.volume, row.why.quantity) == (2 * 1820, round(3 * Decimal("1.33") * 455))
    assert abs(row.why.price) <= 2, "the price is the planned one; what is left is rounding"


def test_a_norm_without_a_month_behind_it_deviates_by_nothing_or_its_plan():
    norm(Cell("fault_bb", "labour", 1820, quantity=Decimal(4)))
    (row,) = control.deviations(actor("ji"), MARCH)
    assert (row.plan, row.actual, row.why.total) == (0, 0, 0)
    budget(Cell("fault_bb", "", 1, tickets=2))
    (row,) = control.deviations(actor("ji"), MARCH)
    assert (row.plan, row.why.total, row.why.volume) == (3640, -3640, -3640)


def test_what_is_open_is_promised_by_norm_and_at_least_what_is_reserved():
    norm(Cell("fault_bb", "labour", 2000), Cell("fault_bb", "material", 100))
    work.fill_van()
    make_ticket()
    one = work.ticket()
    work.enter(one, "cable", 7)
    (row,) = control.promises(actor("ji"))
    assert (row.tickets, row.by_norm, row.norm_material, row.reserved) == (2, 4200, 200, 350)
    assert row.total == 4000 + 350


def test_the_abnormal_list_tells_both_sides_of_each_rate():
    RoleGrant.objects.filter(user__username="ji").update(org_path="/1/")
    worked("2", 2, trip_km="30", own_km="30", all_km="30")
    rows = {(one.code, one.name): one for one in control.oddities(actor("ji"), MARCH)}
    assert (rows["km", ""].numerator, rows["km", ""].denominator, rows["km", ""].rate) == (60, 2, 30)
    assert rows["km", "E1"].rate == 30 and not rows["km", "E1"].odd
    assert rows["empty", ""].rate == 0 and rows["cable", ""].rate is None
    assert (rows["repeat", ""].numerator, rows["repeat", ""].denominator) == (910 + 30 * 160, 1), "the second repeats"
    assert (rows["devices", ""].numerator, rows["devices", ""].of) == (0, 100)


def test_an_installations_cable_is_measured_and_one_grid_far_above_the_rest_is_odd():
    work.fill_van(metres=200)
    for metres, grid in ((10, "E1"), (90, "E2")):
        one = work.ticket()
        work.enter(one, "cable", metres)
        work.explain(one, Material.objects.latest("id").pk)
        Ticket.objects.filter(pk=one.pk).update(
            type=TicketType.objects.get(code="install_bb"), grid=OrgUnit.objects.get(code=grid)
        )
        tickets.complete_ticket(public_id=one.public_id, solution="x", by=actor("wu"), key=key())
        close(one)
    books.hear()
    rows = {one.name: one for one in control.oddities(actor("ji"), clock.today()[:7]) if one.code == "cable"}
    assert (rows[""].rate, rows["E1"].rate, rows["E2"].rate) == (50, 10, 90)
    assert rows["E2"].odd and not rows["E1"].odd


def test_plans_fees_are_kept_the_one_without_a_name_for_all_others():
    fees = [("", 5000), ("500M", 9900)]
    plans.save_monthly_fees(fees=fees, by=actor("ji"), key=key())
    assert [(one.plan, one.fen) for one in control.monthly_fees()] == fees
    plans.save_monthly_fees(fees=[("500M", None)], by=actor("ji"), key=key())
    assert MonthlyFee.objects.get().plan == ""
    with pytest.raises(BadPlan):
        plans.save_monthly_fees(fees=[("", -1)], by=actor("ji"), key=key())


@pytest.mark.parametrize(
    ("ask", "times"),
    [
        (lambda who: control.budget_lines(who, MARCH), 3), (lambda who: control.lights(who, MARCH), 2),
        (lambda who: control.promises(who), 6), (lambda who: control.deviations(who, MARCH), 5),
    ],
)  # fmt: skip
def test_it_costs_the_same_however_much_there_is(ask, times):
    norm(Cell("fault_bb", "labour", 1820))
    budget(Cell(fen=1))
    work.fill_van()
    work.enter(work.ticket(), "cable", 7)
    worked()
    who = actor("ji")
    with asking(times):
        ask(who)
    norm(Cell("fault_tv", "labour", 1820))
    budget(Cell("fault_bb", "labour", 1))
    worked(count=2)
    with asking(times):
        ask(who)


def test_who_reads_no_costs_reads_none_of_this():
    for who in ("wu", "yun", "lin", "ku"):
        for ask in (control.promises, lambda a: control.lights(a, MARCH), lambda a: control.oddities(a, MARCH)):
            with pytest.raises(NotAllowed):
                ask(actor(who))


def test_another_branch_plans_for_itself(maple):
    budget(Cell(fen=1))
    with in_branch(maple.tenant):
        assert not control.budget_lines(actor("ji"), MARCH)
