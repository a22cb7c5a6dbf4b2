"""Reports over all branches: sums of branches are headquarters', own figures only, no lock on a branch's tables."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from apps.headquarters import reports_read
from apps.headquarters.errors import NoSuchBranch, NoSuchKpi
from apps.headquarters.models import DailyFact
from apps.headquarters.reports_read import KPIS, Asked
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.headquarters.facts import counted, lately
from tests.make import make_ticket
from tests.queries import asking

ALL = tuple(code for code, kpi in KPIS.items() if kpi.source != "month")


def asked(**more: str) -> Asked:
    first, last = lately()
    return Asked(first=first, last=last, **more)


@pytest.fixture
def two(lotus_db: Branch, maple: Branch) -> tuple[Branch, Branch]:
    """Lotus has one closed, one in the pool, one open and late; Maple two closed, one of them television."""
    make_ticket(status="closed")
    make_ticket()
    with clock.frozen(clock.now() - timedelta(days=9)):
        make_ticket(status="accepted")
    while sweep_clocks():
        continue
    with in_branch(maple.tenant):
        make_ticket(status="closed")
        make_ticket(status="closed", type_code="fault_tv")
    for branch in (lotus_db, maple):
        counted(branch)
    return lotus_db, maple


def test_the_branches_add_up_to_headquarters(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    lines = reports_read.by(headquarters.eye, asked(), "branch", ALL)
    whole = reports_read.total(headquarters.eye, asked(), ALL)
    assert [(line.key, line.name, line.name_en) for line in lines] == [("LO", "莲花", "Lotus"), ("MA", "枫树", "Maple")]
    for code in ALL:
        assert sum(line.figures[code].numerator for line in lines) == whole.figures[code].numerator
        assert sum(line.figures[code].denominator or 0 for line in lines) == (whole.figures[code].denominator or 0)
    assert (whole.figures["ticket_volume"].value, whole.figures["csat"].denominator) == (5, 3)
    assert (whole.figures["open_overdue"].value, whole.figures["overdue_rate"].value) == (1, Decimal("25.00"))


def test_every_dimension_adds_up(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    for dimension in ("grid", "type_code", "area_class", "department", "day", "month"):
        lines = reports_read.by(headquarters.hq, asked(), dimension, ["ticket_volume", "csat"])
        assert sum(line.figures["ticket_volume"].numerator for line in lines) == 5, dimension
        assert sum(line.figures["csat"].numerator for line in lines) == 3, dimension


def test_days_and_months_without_anything_have_their_line(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    period = Asked(first=date(2020, 1, 30), last=date(2020, 2, 2))
    days = reports_read.by(headquarters.hq, period, "day", ["csat"])
    assert [line.key for line in days] == ["2020-01-30", "2020-01-31", "2020-02-01", "2020-02-02"]
    assert {line.figures["csat"].value for line in days} == {None}
    assert [line.key for line in reports_read.by(headquarters.hq, period, "month", ["csat"])] == ["2020-01", "2020-02"]


def test_grids_of_several_branches_are_told_apart(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    together = reports_read.by(headquarters.hq, asked(), "grid", ["ticket_volume"])
    assert [(line.key, line.name) for line in together] == [("LO/E1", "E1"), ("MA/E1", "E1")]
    alone = reports_read.by(headquarters.hq, asked(branch="LO"), "grid", ["ticket_volume"])
    assert [(line.key, line.figures["ticket_volume"].value) for line in alone] == [("E1", 3)]


def test_narrowed_to_a_type_in_a_branch(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    line = reports_read.total(headquarters.hq, asked(branch="MA", type_code="fault_tv"), ["ticket_volume"])
    assert line.figures["ticket_volume"].value == 1


def test_a_branchs_people_see_their_own_and_nothing_else(two: tuple[Branch, Branch]) -> None:
    lotus, _ = two
    lines = reports_read.by(lotus.bai, asked(), "branch", ["ticket_volume"])
    assert [(line.key, line.figures["ticket_volume"].value) for line in lines] == [("LO", 3)]
    assert reports_read.total(lotus.bai, asked(branch="LO"), ["ticket_volume"]).figures["ticket_volume"].value == 3
    for read in (reports_read.total, reports_read.standardised, reports_read.compared):
        with pytest.raises(NoSuchBranch):
            read(lotus.bai, asked(branch="MA"), "csat" if read is reports_read.standardised else ["csat"])  # type: ignore[operator]
    with pytest.raises(NoSuchBranch):
        reports_read.tickets_behind(lotus.bai, asked(branch="MA"))
    with pytest.raises(NoSuchBranch):
        reports_read.as_of(lotus.bai, "MA")
    assert {row.branch for row in reports_read.tickets_behind(lotus.bai, asked()).rows} == {"LO"}


def test_who_has_no_report_role_reads_nothing(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    lotus, _ = two
    for who in (lotus.wu, lotus.ku):
        with pytest.raises(NotAllowed):
            reports_read.total(who, asked(), ["csat"])
    with in_public(), pytest.raises(NotAllowed):
        reports_read.total(lotus.bai, asked(), ["csat"])


def test_a_part_of_the_branch_reads_its_part(two: tuple[Branch, Branch]) -> None:
    lotus, _ = two
    assert reports_read.total(lotus.gao, asked(), ["ticket_volume"]).figures["ticket_volume"].value == 0  # the west
    assert reports_read.tickets_behind(lotus.gao, asked()).rows == []


def test_unknown_branches_and_figures_are_not_found(db: None, headquarters: Branch) -> None:
    with pytest.raises(NoSuchBranch):
        reports_read.total(headquarters.hq, asked(branch="XX"), ["csat"])
    for read in (reports_read.by, reports_read.total):
        with pytest.raises(NoSuchKpi):
            read(headquarters.hq, asked(), *(["branch"] if read is reports_read.by else []), ["nothing"])  # type: ignore[call-arg]


def test_tickets_behind_a_figure(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    behind = reports_read.tickets_behind
    assert len(behind(headquarters.hq, asked(), kpi="csat").rows) == 3
    late = behind(headquarters.hq, asked(), overdue=True)
    assert [(row.branch, row.status, row.overdue) for row in late.rows] == [("LO", "accepted", True)]
    assert behind(headquarters.hq, asked(branch="LO"), kpi="overdue_rate").rows == late.rows
    assert len(behind(headquarters.hq, asked(), kpi="overdue_rate", side="denominator").rows) == 4
    assert behind(headquarters.hq, asked(branch="MA"), kpi="open_overdue").rows == []


def test_pages_of_tickets_go_on_where_they_ended(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    first = reports_read.tickets_behind(headquarters.hq, asked(), size=3)
    rest = reports_read.tickets_behind(headquarters.hq, asked(), size=3, after=first.after)
    names = [row.ticket for page in (first, rest) for row in page.rows]
    assert (len(first.rows), len(set(names)), rest.after) == (3, 5, "")
    assert reports_read.tickets_behind(headquarters.hq, asked(), after="no token").rows[:3] == first.rows


def test_compared_with_the_period_before_and_a_year_ago(lotus_db: Branch, headquarters: Branch) -> None:
    counted(lotus_db)
    rows = [("2026-10-05", 6), ("2026-09-30", 4), ("2025-10-31", 2)]
    with in_public():
        for day, n in rows:
            DailyFact.objects.create(
                branch_id=lotus_db.tenant.pk, day=day, type_code="x", area_class="A", volume=n, scored=n, satisfied=1
            )
    october = Asked(first=date(2026, 10, 1), last=date(2026, 10, 31))
    lines = reports_read.compared(headquarters.hq, october, ["ticket_volume", "csat", "open_overdue"])
    assert [line.figures["ticket_volume"].value for line in lines] == [6, 4, 2]
    assert [line.figures["csat"].value for line in lines] == [Decimal("16.67"), Decimal("25.00"), Decimal("50.00")]
    assert ["open_overdue" in line.figures for line in lines] == [True, False, False]


def test_standardised_by_area_class(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    near, far = {"area_class": "A", "day": "2026-10-05"}, {"area_class": "D", "day": "2026-10-05"}
    with in_public():
        for branch, place, finished, on_time in (
            (lotus_db, near, 100, 90), (lotus_db, far, 2, 1), (maple, near, 10, 9), (maple, far, 100, 50),
        ):  # fmt: skip
            DailyFact.objects.create(
                branch_id=branch.tenant.pk, type_code="x", finished=finished, on_time=on_time, **place
            )
    october = Asked(first=date(2026, 10, 1), last=date(2026, 10, 31))
    lines = reports_read.standardised(headquarters.hq, october, "on_time_rate")
    own = reports_read.by(headquarters.hq, october, "branch", ["on_time_rate"])
    assert [line.figures["on_time_rate"].value for line in own] == [Decimal("89.22"), Decimal("53.64")]
    assert [line.figures["on_time_rate"].value for line in lines] == [Decimal("70.75"), Decimal("70.75")]
    assert [line.figures["on_time_rate"].denominator for line in lines] == [102, 110]


def test_as_of_is_the_slowest_branchs(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    each = reports_read.as_of_each(headquarters.hq)
    assert set(each) == {"LO", "MA"}
    assert reports_read.as_of(headquarters.hq) == min(moment for moment in each.values() if moment)
    assert reports_read.as_of(headquarters.hq, "MA") == each["MA"]


# Branches, sums of days, what is open; customers of branches, names of types.
@pytest.mark.parametrize(("dimension", "queries"), [("branch", 4), ("day", 2), ("type_code", 4)])
def test_a_report_asks_as_often_however_many_lines(
    two: tuple[Branch, Branch], headquarters: Branch, dimension: str, queries: int
) -> None:
    with asking(queries):
        reports_read.by(headquarters.hq, asked(), dimension, ALL)


def test_a_report_takes_no_lock_on_a_branchs_tables(two: tuple[Branch, Branch], headquarters: Branch) -> None:
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        before = _locks(cursor)
        for dimension in ("branch", "grid", "type_code", "month"):
            reports_read.by(headquarters.hq, asked(), dimension, ALL)
        reports_read.tickets_behind(headquarters.hq, replace(asked(), branch="LO"))
        reports_read.as_of(headquarters.hq)
        taken = _locks(cursor) - before
    assert not {table for schema, table in taken if schema != "public"}


def _locks(cursor) -> set[tuple[str, str]]:  # type: ignore[no-untyped-def]
    cursor.execute(
        "SELECT n.nspname, c.relname FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE l.pid = pg_backend_pid() AND n.nspname <> 'pg_catalog'"
    )
    return set(cursor.fetchall())
