"""Every table beside the tickets: each format agrees cell by cell with the database, each reader sees their own."""

from datetime import date

import pytest
from django.core.files.storage import default_storage

from apps.exports import services
from apps.exports.errors import SourceNotFound
from apps.exports.sources import SOURCES, sources_for
from apps.people.accounts.models import RoleGrant, User
from apps.people.models import OrgUnit
from steppe.kernel import clock, tables
from tenants.context import in_branch
from tests.exports.asked import ask, job, made
from tests.exports.opened import opened, wanted
from tests.exports.tables import TABLES, technician
from tests.make import actor

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
OTHERS = sorted(TABLES)


def every(source):
    return [one.code for one in SOURCES[source].columns]


def days(source):
    """Stock as it lies at the end of today; everything else in October."""
    return {} if source == "stock_balances" else {"first": FIRST, "last": LAST}


def taken(source, **more):
    who, period, _fill, _say = TABLES[source]
    told = {"who": who, "source": source, "period": period, "columns": every(source), **days(source)} | more
    return made(**told)


def test_every_table_has_a_test_of_its_own():
    assert set(SOURCES) == {*TABLES, "tickets", "stock_movements"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
@pytest.mark.parametrize("source", OTHERS)
def test_the_file_says_what_the_database_says(lotus_db, source, form):
    _who, _period, fill, say = TABLES[source]
    fill()
    row, content = taken(source, form=form)
    codes, rows = every(source), say()
    found, expected = opened(form, content, source, codes), wanted(form, source, rows, codes)
    assert rows and len(found) == len(rows) == row.total
    for place, code in enumerate(codes):
        assert [line[place] for line in found] == [line[place] for line in expected], code


@pytest.mark.parametrize("source", OTHERS)
def test_pages_follow_each_other_without_a_gap(lotus_db, monkeypatch, source):
    TABLES[source][2]()
    _row, whole = taken(source)
    monkeypatch.setattr(tables, "PAGE", 2)
    row, again = taken(source)
    assert again == whole and row.done == row.total


@pytest.mark.parametrize("source", OTHERS)
def test_of_another_time_there_is_nothing(lotus_db, source):
    TABLES[source][2]()
    row, _content = taken(source, first=date(2001, 1, 1), last=date(2001, 1, 31))
    assert row.total == 0


@pytest.mark.parametrize("source", OTHERS)
def test_the_other_branch_has_nothing_of_it(lotus_db, maple, source):
    TABLES[source][2]()
    with in_branch(maple.tenant):
        row, _content = taken(source)
        assert row.total == 0


@pytest.mark.parametrize("source", ["settlement_lines", "points", "money_lines"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf", "jsonl", "parquet"])
def test_a_closed_month_is_the_same_file_for_ever(lotus_db, source, form):
    TABLES[source][2]()
    columns = every(source)[:12]
    first, content = taken(source, form=form, columns=columns)
    with clock.frozen(clock.now() + clock.minutes(60 * 24 * 40)):
        second, again = taken(source, form=form, columns=columns[::-1])
    assert content == again and first.sha256 == second.sha256 and first.total


MINE = {"settlement_lines": "name", "points": "name", "duty_hours": "name", "work_sheets": "name"}


@pytest.mark.parametrize("source", sorted(MINE))
def test_a_leader_has_the_own_people_and_no_others(lotus_db, source):
    """Yun leads the west now, where Xi works alone."""
    TABLES[source][2]()
    west = OrgUnit.objects.get(code="WEST")
    RoleGrant.objects.filter(user__username="yun", role="grid_leader").update(org_path=west.path)
    _row, content = taken(source, who="yun", columns=[MINE[source]])
    names = {line[0] for line in opened("csv", content, source, [MINE[source]])}
    assert names <= {"Xi", "'@SUM(A1)"} and technician("xi").org_unit.path.startswith(west.path)


def test_a_manager_has_the_costs_of_the_own_department(lotus_db):
    TABLES["money_lines"][2]()
    RoleGrant.objects.filter(user__username="de").update(org_path=OrgUnit.objects.get(code="CARE").path)
    assert taken("money_lines", who="de")[0].total == 0
    RoleGrant.objects.filter(user__username="de").update(org_path=OrgUnit.objects.get(code="EAST").path)
    assert taken("money_lines", who="de")[0].total == 11


def test_answers_and_breaches_are_those_of_tickets_one_may_see(lotus_db):
    for source in ("callbacks", "breaches"):
        TABLES[source][2]()
        assert taken(source, who="gao")[0].total == 0
        assert taken(source, who="lin")[0].total == 11


@pytest.mark.parametrize(
    ("who", "has"),
    [
        ("lin", {"tickets", "callbacks", "breaches", "expenses"}),
        ("cai", {"tickets"}),
        ("ku", {"stock_movements", "stock_balances"}),
        ("ji", set(SOURCES) - {"audit"}),
        ("yun", {"tickets", "callbacks", "breaches", "expenses", "settlement_lines", "points", "work_sheets", "duty_hours"}),  # noqa: E501
    ],
)  # fmt: skip
def test_who_has_which_tables(lotus_db, who, has):
    everything = ["tickets", *sorted(SOURCES)]
    assert {one.code for one in sources_for(actor(who))} == (has or set(everything))
    for source in set(SOURCES) - has:
        with pytest.raises(SourceNotFound):
            ask(who, source=source, period="month", columns=every(source))


def test_the_audit_is_for_the_administrator_of_the_whole_branch(lotus_db):
    TABLES["audit"][2]()
    public_id = ask("bai", source="audit", period="done", columns=every("audit"), first=FIRST, last=LAST)
    RoleGrant.objects.filter(user__username="bai").update(org_path=OrgUnit.objects.get(code="EAST").path)
    with pytest.raises(SourceNotFound):
        ask("bai", source="audit", period="done", columns=every("audit"), first=FIRST, last=LAST)
    assert services.make(public_id) == "failed"
    assert not job(public_id).path or not default_storage.exists(job(public_id).path)


def test_names_that_changed_do_not_change_a_settled_line(lotus_db):
    TABLES["settlement_lines"][2]()
    _row, before = taken("settlement_lines", columns=["month", "name", "pay_fen"])
    User.objects.filter(username="wu").update(name="Wuu")
    assert taken("settlement_lines", columns=["month", "name", "pay_fen"])[1] == before
