"""A month from its price to the payroll: each step works, is refused where it must be, and is taken once."""

from decimal import Decimal

import pytest

from apps.costing.models import PeriodStep, SettlementLine
from apps.costing.rules.settling import Kpis, Rate
from apps.costing.services import _lines, settlement
from apps.costing.settlement_errors import (
    BadTerms,
    LinesMoved,
    MonthLocked,
    MonthNotFound,
    NoPrice,
    NotOver,
    OwnLine,
    StaleMonth,
    WrongMonthState,
)
from apps.people import roles
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import months as m
from tests.make import actor, events, key


@pytest.fixture(autouse=True)
def november(lotus_db):
    with m.on(2):
        yield


def test_the_fourth_worked_example_of_the_domain_reference():
    m.earn("wu", "812.50")
    m.base("wu", 180_000)
    m.priced("350")
    [line] = _lines.work_out(m.period(), rates={m.technician("wu"): Kpis({"timely": Rate(19, 20)})})
    assert (line.coefficient, line.pay_fen) == (Decimal("1.05"), 478_594)
    m.calculate()
    assert m.line("wu").pay_fen == 180_000 + 284_375, "nothing was measured: C is 1"


def test_a_month_goes_from_open_to_exported_and_every_step_leaves_its_trace():
    m.locked()
    settlement.export_month(month=m.MONTH, form="xlsx", by=actor("ji"), key=key())
    now = m.period()
    assert now.state == "exported" and len(now.lines_hash) == 64
    steps = list(PeriodStep.objects.filter(period=now).order_by("id").values_list("step", "by_name"))
    assert steps == [
        ("terms", "Ji"), ("calculate", "Ji"), ("publish", "Ji"), ("grid_leader", "Yun"), ("dept_manager", "De"),
        ("accountant", "Ji"), ("review", "Ji"), ("approve", "Bai"), ("lock", "Bai"), ("export", "Ji"),
    ]  # fmt: skip
    told = [one.facts["step"] for one in events() if one.kind == "costing.month_changed"]
    assert told == [step for step, _who in steps]


def test_kinds_are_added_up_by_what_they_are_and_deductions_stop_at_the_cap():
    for points, kind in (("80", "earn"), ("15", "travel"), ("5", "bonus"), ("-30", "deduction"), ("-7", "clawback")):
        m.earn("wu", points, kind)
    m.earn("wu", "2", "adjustment")
    m.priced()
    m.calculate()
    line = m.line("wu")
    assert (line.gross, line.deducted, line.points) == (Decimal(95), Decimal(20), Decimal(75))
    assert line.tickets == 1 and line.inputs["asked"] == "30.00"
    assert line.gross - line.deducted == line.points


def test_more_taken_back_than_earned_pays_the_base_and_never_less_than_the_guarantee():
    m.earn("wu", "-50", "clawback")
    m.base("wu", 100_000, 150_000)
    m.base("bo", 0, 90_000)
    m.priced()
    m.calculate()
    assert m.line("wu").pay_fen == 150_000 and m.line("wu").points == Decimal(-50)
    assert m.line("bo").pay_fen == 90_000, "a guarantee is paid also to who earned nothing"


def test_a_pool_is_given_out_to_the_fen():
    for who, points in (("wu", "33.33"), ("bo", "33.33"), ("xi", "33.33"), ("yun", "0.01")):
        m.earn(who, points)
    m.pool(1_000_001)
    m.calculate()
    lines = SettlementLine.objects.filter(period=m.period())
    assert sum(one.pay_fen for one in lines) == 1_000_001


def test_without_a_price_nothing_is_calculated_and_a_running_month_only_as_a_preview():
    m.earn("wu", "10")
    with pytest.raises(NoPrice):
        m.start()
    m.priced(month=m.NEXT)
    m.earn("wu", "10", month=m.NEXT)
    with pytest.raises(NotOver):
        m.start(m.NEXT)
    assert m.calculate(m.NEXT, preview=True) == "done"
    assert m.period(m.NEXT).state == "open" and m.line("wu", m.NEXT).points == 10
    with pytest.raises(WrongMonthState):
        m.publish(m.NEXT)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"mode": "barter"}, "mode"),
        ({"mode": "fixed"}, "unit_price"),
        ({"mode": "fixed", "unit_price": Decimal("0")}, "unit_price"),
        ({"mode": "fixed", "unit_price": Decimal("-3")}, "unit_price"),
        ({"mode": "fixed", "unit_price": Decimal("NaN")}, "unit_price"),
        ({"mode": "fixed", "unit_price": Decimal("3.123")}, "unit_price"),
        ({"mode": "pool"}, "pool_fen"),
        ({"mode": "pool", "pool_fen": 0}, "pool_fen"),
    ],
)
def test_an_odd_price_is_refused_at_its_field(told, field):
    with pytest.raises(BadTerms) as refusal:
        settlement.set_month_terms(month=m.MONTH, **told, by=actor("ji"), key=key())
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("month", ["2026-13", "26-10", "2027-06", "x", "2026-1"])
def test_what_is_no_month_or_far_ahead_is_not_found(month):
    with pytest.raises(MonthNotFound):
        m.priced(month=month)


def test_who_may_is_who_holds_the_role_for_the_whole_branch():
    m.earn("wu", "10")
    for who in ("wu", "yun", "lin", "ku", "de", "bai"):
        with pytest.raises(NotAllowed):
            m.priced(by=who)
    m.priced()
    for who in ("wu", "yun", "de", "lin"):
        with pytest.raises(NotAllowed):
            m.start(by=who)
    RoleGrant.objects.filter(user__username="ji").update(org_path="/1/2/")
    with pytest.raises(NotAllowed):
        m.start(by="ji")
    assert m.calculate(by="bai") == "done"
    with pytest.raises(NotAllowed):
        m.publish(by="ji")


def test_steps_come_in_their_order_and_none_twice():
    m.earn("wu", "10")
    m.priced()
    with pytest.raises(WrongMonthState):
        m.publish()
    m.calculate()
    for too_early in (m.approve, m.lock):
        with pytest.raises(WrongMonthState):
            too_early()
    m.publish()
    with pytest.raises(WrongMonthState):
        m.publish()
    with pytest.raises(WrongMonthState):
        m.priced()
    with pytest.raises(WrongMonthState):
        m.start()


def test_the_same_key_publishes_once_and_an_old_page_is_told():
    m.earn("wu", "10")
    m.priced()
    m.calculate()
    seen, once = m.period().row_version, key()
    first = settlement.publish_month(month=m.MONTH, version=seen, by=actor("ji"), key=once)
    again = settlement.publish_month(month=m.MONTH, version=seen, by=actor("ji"), key=once)
    assert again.replayed and again.version == first.version
    assert PeriodStep.objects.filter(step="publish").count() == 1
    with pytest.raises(StaleMonth):
        settlement.publish_month(month=m.MONTH, version=seen, by=actor("ji"), key=key())


def test_what_came_after_the_calculation_is_calculated_before_it_is_published():
    m.earn("wu", "10")
    m.priced()
    m.calculate()
    m.earn("bo", "5")
    with pytest.raises(LinesMoved):
        m.publish()
    m.calculate()
    m.publish()
    assert m.line("bo").points == 5


def test_a_new_price_is_calculated_before_it_is_published():
    m.earn("wu", "10")
    m.priced("300")
    m.calculate()
    m.priced("400")
    with pytest.raises(LinesMoved):
        m.publish()


def test_calculated_twice_the_lines_are_the_same_rows_with_the_same_hash():
    for who, points in (("wu", "12.34"), ("bo", "0.01"), ("xi", "99")):
        m.earn(who, points)
    m.priced("333.33")
    m.calculate()
    rows, digest = list(SettlementLine.objects.order_by("id").values()), _lines.seal_of(m.period())
    m.calculate()
    assert list(SettlementLine.objects.order_by("id").values()) == rows
    assert _lines.seal_of(m.period()) == digest


def test_nobody_approves_or_locks_a_month_with_the_own_line_in_it():
    root = OrgUnit.objects.get(kind="branch").path
    RoleGrant.objects.create(user=m.user("xi"), role=roles.BRANCH_ADMIN, org_path=root)
    m.reviewed()
    m.approve(by="xi")
    m.lock(by="xi")
    assert m.period().state == "locked", "who has no line in it may"


def test_an_administrator_who_is_paid_by_the_month_neither_approves_nor_locks_it():
    root = OrgUnit.objects.get(kind="branch").path
    m.reviewed()
    RoleGrant.objects.create(user=m.user("wu"), role=roles.BRANCH_ADMIN, org_path=root)
    with pytest.raises(OwnLine):
        m.approve(by="wu")
    m.approve()
    with pytest.raises(OwnLine):
        m.lock(by="wu")
    assert m.period().state == "approved"


def test_a_locked_month_takes_no_step_but_its_export():
    m.locked()
    for refused in (m.priced, m.start, m.publish, m.approve, m.lock, lambda: m.confirm("wu"), lambda: m.dispute("wu")):
        with pytest.raises(MonthLocked):
            refused()
    with pytest.raises(MonthLocked):
        m.base("wu", 1)


def test_another_branch_has_months_of_its_own(maple):
    m.published()
    with in_branch(maple.tenant):
        with pytest.raises(MonthNotFound):
            m.publish()
        with pytest.raises(MonthNotFound):
            m.approve()
    assert m.period().state == "published"
