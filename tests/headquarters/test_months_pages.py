"""核定与成本 and 库存 at headquarters: all branches in a month, one branch's twelve months, for headquarters only."""

import re
from datetime import date

import pytest
from django.test import Client

from apps.headquarters import months_read
from apps.headquarters.models import BranchMonth
from apps.headquarters.reports_read import Asked, by, total
from apps.headquarters.rules.months import MEASURES, added, over_months, part
from apps.headquarters.services import months
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.costing import books
from tests.headquarters.test_months import APRIL, MARCH, bring
from tests.inventory import stock
from tests.make import client_at, make_ticket
from tests.queries import asking

MONEY, STOCK = "/hq/money/", "/hq/stock/"
KPIS = (
    "cost_per_ticket", "cost_per_point", "cost_per_subscriber", "km_per_ticket", "budget_use", "utilization",
    "stock_turns", "stock_accuracy", "recovery_rate", "tickets_per_tech",
)  # fmt: skip


def text_of(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def stored(branch: Branch, month: str = MARCH, **figures: int) -> None:
    with in_public():
        BranchMonth.objects.update_or_create(
            branch_id=branch.tenant.pk, month=month, defaults={"counted_at": books.NOON, **figures}
        )


@pytest.fixture
def eye(lotus_db: Branch, maple: Branch, headquarters: Branch) -> Client:
    """Two branches with figures of March, Lotus with some of April."""
    stored(lotus_db, cost_labour=120_000, closed_tickets=10, revenue=200_000, settled_points=5000, budget=150_000,
           budget_used=120_000, stock_value=500_000, stock_used=31_000, stock_fen_days=15_500_000, lines_counted=10,
           lines_right=9, recovered=1, to_recover=4, pay=77_700, settlement="locked")  # fmt: skip
    stored(maple, cost_labour=80_000, closed_tickets=30, settled_points=15_000, stock_value=100_000, low_stock=3)
    stored(lotus_db, APRIL, stock_value=450_000, cost_labour=5)
    return client_at(headquarters, headquarters.eye, HTTP_ACCEPT_LANGUAGE="en")


def test_branches_stand_side_by_side_and_rates_are_of_sums(eye: Client) -> None:
    page = text_of(eye.get(MONEY, {"month": MARCH}).content)
    assert "Lotus" in page and "Maple" in page
    assert "Locked" in page
    assert "120.00" in page and "26.67" in page, "a ticket cost 120.00 at Lotus, 26.67 at Maple"
    assert "50.00 40 tickets" in page, "and 50.00 at both: the sum of the costs by the sum of the tickets"
    assert "80.0 %" in page and "1,200.00 / 1,500.00" in page
    assert "Data as of" in page


def test_stock_stands_side_by_side(eye: Client) -> None:
    page = text_of(eye.get(STOCK, {"month": MARCH}).content)
    assert "5,000.00" in page and "6,000.00" in page, "Lotus, and both"
    assert "0.73" in page and "9 / 10" in page and "1 / 4" in page, "turns: 310 yuan of 5,000 in 31 days"


def test_one_branch_shows_its_months_and_nothing_of_the_other(eye: Client) -> None:
    for address in (MONEY, STOCK):
        page = text_of(eye.get(address, {"month": APRIL, "branch": "LO"}).content)
        assert MARCH in page and APRIL in page and "Maple" not in page
    assert "4,500.00" in page and "9,500.00" not in page, "what there is at the end is not added over months"


@pytest.mark.parametrize("told", ["", "2026-13", "nonsense", "2999-01", "0001-01", "\x00"])
def test_nonsense_for_a_month_is_the_one_we_are_in(eye: Client, told: str) -> None:
    assert clock.today()[:7] in eye.get(MONEY, {"month": told}).content.decode()


@pytest.mark.parametrize("code", ["XX", "LO'", "LO\x00", "\x00", "public"])
def test_a_branch_that_is_not_there_is_not_found(eye: Client, code: str) -> None:
    assert eye.get(MONEY, {"branch": code}).status_code == (200 if code.strip("\x00") in ("", "LO") else 404)


def test_a_branchs_people_have_no_such_page(lotus_db: Branch, headquarters: Branch) -> None:
    for address in (MONEY, STOCK):
        assert client_at(lotus_db, lotus_db.bai).get(address).status_code == 404
        assert client_at(headquarters).get(address).status_code == 302


def test_pages_ask_three_times_and_no_branch(eye: Client, headquarters: Branch) -> None:
    who = 2  # session, actor
    for told in ({"month": MARCH}, {"month": MARCH, "branch": "LO"}):
        eye.get(MONEY, told)
        with asking(who + 3):
            eye.get(MONEY, told)
        with asking(who + 3):
            eye.get(STOCK, told)


def test_a_branch_without_a_row_is_said_to_wait(lotus_db: Branch, headquarters: Branch) -> None:
    stored(lotus_db)
    page = text_of(
        client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en").get(MONEY, {"month": MARCH}).content
    )
    assert "1 row waits to be counted anew" in page


def test_kpis_of_months_come_from_the_same_rows(eye: Client, headquarters: Branch) -> None:
    asked = Asked(first=date(2026, 3, 1), last=date(2026, 3, 31))
    with in_public():
        whole = total(headquarters.eye, asked, KPIS).figures
        lines = {line.key: line.figures for line in by(headquarters.eye, asked, "branch", KPIS)}
        months_of = {line.key: line.figures for line in by(headquarters.eye, asked, "month", KPIS)}
        grids = by(headquarters.eye, Asked(first=asked.first, last=asked.last, type_code="fault_bb"), "branch", KPIS)
    assert str(whole["cost_per_ticket"].value) == "50.00" and str(lines["MA"]["cost_per_ticket"].value) == "26.67"
    assert str(lines["LO"]["cost_per_point"].value) == "24.00" and str(whole["budget_use"].value) == "80.00"
    assert str(lines["LO"]["stock_turns"].value) == "0.73" and lines["MA"]["stock_turns"].value is None
    assert months_of[MARCH]["cost_per_ticket"] == whole["cost_per_ticket"]
    assert whole["recovery_rate"].numerator == 1 and str(whole["recovery_rate"].value) == "25.00"
    assert all(figure.value is None for line in grids for figure in line.figures.values()), "no type has a month"


def test_a_branch_reads_its_own_months_only(eye: Client, lotus_db: Branch) -> None:
    asked = Asked(first=date(2026, 3, 1), last=date(2026, 3, 31))
    (line,) = by(lotus_db.bai, asked, "branch", ("cost_per_ticket",))
    assert str(line.figures["cost_per_ticket"].value) == "120.00"


def test_real_stock_and_work_reach_the_page(lotus_db: Branch, headquarters: Branch) -> None:
    with clock.frozen(books.NOON):
        stock.item("cable", "quantity", unit="m", usual_cost=50)
        stock.receive(stock.metres(100, 50))
        make_ticket(status="closed")
        bring()
        months.recount(lotus_db.tenant)
    client = client_at(headquarters, headquarters.eye, HTTP_ACCEPT_LANGUAGE="en")
    assert "50.00" in text_of(client.get(STOCK, {"month": MARCH}).content)
    money = text_of(client.get(MONEY, {"month": MARCH}).content)
    assert "25.67" in money and "5.5" in money
    with in_branch(lotus_db.tenant):
        assert "Wu" not in money


def test_sums_are_sums_and_parts_of_nothing_are_none() -> None:
    one, two = dict.fromkeys(MEASURES, 1), dict.fromkeys(MEASURES, 2)
    assert set(added([one, two]).values()) == {3}
    over = over_months([one, two])
    assert over["stock_value"] == 2 and over["revenue"] == 3 and over_months([])["stock_value"] == 0
    assert part(1, 0) is None and str(part(1, 3, times=100)) == "33.3" and str(part(-5, 10, digits=0)) == "-1"


def test_whoever_is_no_reader_is_refused(headquarters: Branch, lotus_db: Branch) -> None:
    with in_public(), pytest.raises(NotAllowed):
        months_read.month_of_all(Actor(kind="hq", id=9, name="Nobody"), MARCH)
