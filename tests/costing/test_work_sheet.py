"""工作量表: what each technician did in a row of settlement months; no more than the reader's own part of it."""

from decimal import Decimal

import pytest

from apps.costing.models import WorkPointEntry
from apps.costing.points_read import this_month
from apps.costing.rules.periods import following, preceding
from apps.costing.work_sheet_read import MOST, work_sheet
from steppe.kernel.errors import NotAllowed
from tests.cast import Branch
from tests.costing import months as m
from tests.make import client_at
from tests.queries import asking

AT = "/console/reports/work/"


@pytest.fixture
def locked(lotus_db: Branch):
    """Wu has earned his points of a month that is locked."""
    with m.on(2):
        m.locked("wu")
    return lotus_db


def test_the_sheet_says_what_the_ledger_says(locked):
    sheet = work_sheet(locked.bai, m.MONTH, m.MONTH)
    [line] = [one for one in sheet.lines if one.name == "Wu"]
    entries = WorkPointEntry.objects.filter(technician__user__username="wu", period=m.MONTH, stage="earned")
    assert line.points == sum((one.points for one in entries), Decimal(0)) > 0
    assert line.tickets == len({one.ticket for one in entries if one.ticket}) > 0
    assert sheet.total.points == sum((one.points for one in sheet.lines), Decimal(0))


def test_several_months_are_one_row_of_months_and_not_more_than_two_years(locked):
    sheet = work_sheet(locked.bai, preceding(m.MONTH), following(m.MONTH))
    assert list(sheet.months) == [preceding(m.MONTH), m.MONTH, following(m.MONTH)]
    assert [one.points for one in sheet.lines if one.name == "Wu"] == [
        one.points for one in work_sheet(locked.bai, m.MONTH, m.MONTH).lines if one.name == "Wu"
    ]
    assert len(work_sheet(locked.bai, "2001-01", "2026-01").months) == MOST


def test_a_leader_sees_the_own_people_only(locked):
    assert {one.name for one in work_sheet(locked.yun, m.MONTH, m.MONTH).lines} >= {"Wu"}
    assert work_sheet(locked.bai, m.MONTH, m.MONTH, unit="WEST").lines == []
    for who in ("wu", "lin", "cai"):
        with pytest.raises(NotAllowed):
            work_sheet(getattr(locked, who), m.MONTH, m.MONTH)


def test_it_costs_eight_queries_however_many_people_and_months(locked):
    with asking(9):
        work_sheet(locked.bai, m.MONTH, m.MONTH)
    with asking(9):
        work_sheet(locked.bai, preceding(m.MONTH), following(m.MONTH))


def test_the_page_takes_months_in_any_order_and_no_nonsense(locked):
    bai = client_at(locked, locked.bai, HTTP_ACCEPT_LANGUAGE="en")
    body = bai.get(AT, {"from": following(m.MONTH), "to": m.MONTH}).content.decode()
    assert ">Wu<" in body and f'value="{m.MONTH}"' in body
    assert f'value="{this_month()}"' in bai.get(AT, {"from": "x", "to": "\x00"}).content.decode()
