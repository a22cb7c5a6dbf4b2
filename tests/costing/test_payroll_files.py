"""The payroll as a file: real numbers, no formula, the same bytes for the same locked month."""

import csv
import io
from decimal import Decimal

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from apps.costing import payroll_files
from apps.costing.settlement_errors import MonthNotFound, WrongMonthState
from apps.people.accounts.models import User
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import months as m
from tests.make import actor


@pytest.fixture(autouse=True)
def november(lotus_db):
    with m.on(2):
        yield


def file(form, who="ji"):
    return payroll_files.payroll(actor(who), m.MONTH, form)


def sheet():
    return load_workbook(io.BytesIO(file("xlsx"))).worksheets[0]


def rows():
    return list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig"))))


def test_excel_has_a_row_for_each_technician_real_numbers_and_what_it_comes_to():
    m.base("wu", 180_000)
    m.locked("wu", "bo")
    table = sheet()
    assert table.freeze_panes == "D2" and "2026-10" in table.title
    bo, wu, total = ([cell.value for cell in table[place]] for place in (2, 3, 4))
    assert (wu[2], wu[4], wu[7], wu[8], wu[13]) == ("Wu", 1, 100, 3.5, 2150)
    assert (bo[2], bo[13], total[13]) == ("Bo", 350, 2500)
    assert m.period().lines_hash in [cell.value for row in table.iter_rows(min_row=5) for cell in row]


def test_csv_opens_in_a_chinese_excel_and_has_the_same_figures():
    m.locked("wu", "bo")
    assert file("csv").startswith(b"\xef\xbb\xbf")
    heads, bo, wu, total, *_foot = rows()
    assert len(heads) == len(wu) == len(total) and (bo[2], bo[13], total[13]) == ("Bo", "350.00", "700.00")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_same_month_is_the_same_bytes_whenever_and_in_whatever_language(form):
    m.locked("wu", "bo")
    first = file(form)
    with m.on(20), override("en"):
        assert file(form, "bai") == first


def test_no_cell_is_a_formula_whatever_people_are_called():
    User.objects.filter(username="wu").update(name='=cmd|"/c calc"!A1', work_no="+86")
    m.locked("wu")
    cell = sheet()["C2"]
    assert cell.data_type == "s" and cell.quotePrefix
    row = rows()[1]
    assert row[2].startswith("'=") and row[1] == "'+86"


def test_it_is_given_out_for_a_locked_month_only_and_to_who_settles():
    m.reviewed()
    with pytest.raises(WrongMonthState):
        file("xlsx")
    m.approve()
    m.lock()
    for who in ("wu", "yun", "de", "lin"):
        with pytest.raises(NotAllowed):
            file("csv", who)


def test_another_branch_has_no_such_payroll(maple):
    m.locked()
    with in_branch(maple.tenant), pytest.raises(MonthNotFound):
        file("csv")


def test_the_sum_of_the_file_is_the_sum_of_the_lines():
    m.base("bo", 1, 77_777)
    m.locked("wu", "bo")
    *body, total = rows()[1:4]
    assert sum(Decimal(row[13]) for row in body) == Decimal(total[13])
