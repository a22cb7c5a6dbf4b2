"""/api/v1/costs/: the same figures as the pages, in fen."""

import pytest

from apps.costing.models import CostPeriod, Expense, MoneyLine
from tests.cast import Branch
from tests.costing import books
from tests.costing.test_profit import scatter
from tests.make import client_at, make_ticket

API = "/api/v1/costs/"
MARCH = {"month": "2026-03"}


@pytest.fixture
def march(lotus_db: Branch) -> Branch:
    for month in ("2026-02", "2026-03"):
        CostPeriod.objects.create(month=month)
    scatter(1)
    return lotus_db


def cost() -> int:
    return sum(MoneyLine.objects.filter(period="2026-03", side="cost").values_list("fen", flat=True))


def test_every_way_down_says_the_same(march: Branch) -> None:
    ji = client_at(march, march.ji)
    found = ji.get(f"{API}by/type", MARCH).json()
    assert found["total"]["money"]["cost"] == cost() == sum(row["money"]["cost"] for row in found["rows"])
    key = found["rows"][0]["key"]
    page = ji.get(f"{API}tickets", MARCH | {"type": key}).json()
    assert page["total"]["cost"] == found["rows"][0]["money"]["cost"]
    ticket = ji.get(f"{API}tickets/{page['rows'][0]['public_id']}").json()
    assert sum(one["fen"] for one in ticket["lines"] if one["side"] == "cost") == ticket["money"]["cost"]
    assert ji.get(f"{API}trend", MARCH).json()["rows"][-1]["money"]["cost"] == cost()


def test_nonsense_is_refused_in_words(march: Branch) -> None:
    ji = client_at(march, march.ji)
    assert ji.get(f"{API}by/type", {"month": "x"}).status_code == 422
    assert ji.get(f"{API}by/type", MARCH | {"moon": "1"}).status_code == 422
    assert ji.get(f"{API}by/moon", MARCH).status_code == 404
    assert ji.get(f"{API}tickets/nothing-here").status_code == 404


def test_expenses_budgets_norms_and_months(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    wu, yun, ji = (client_at(lotus_db, lotus_db.people[one]) for one in ("wu", "yun", "ji"))
    told = {"ticket": ticket.public_id, "code": "tolls", "fen": 4500, "receipt_no": "T-1"}
    made = wu.api("POST", f"{API}expenses", told)
    assert made.status_code == 201
    name = made.json()["public_id"]
    assert wu.api("POST", f"{API}expenses/{name}/approve", {}).status_code == 403
    assert yun.api("POST", f"{API}expenses/{name}/approve", {"version": 1}).json()["state"] == "approved"
    assert yun.get(f"{API}expenses").json()["results"][0]["fen"] == 4500
    assert Expense.objects.get().state == "approved"
    put = ji.api("PUT", f"{API}months/2026-03/budgets", {"cells": [{"fen": 100, "tickets": 3}]})
    assert put.status_code == 200
    assert ji.get(f"{API}months/2026-03/budgets").json()["results"][0]["light"] == "green"
    cells = [{"type_code": "fault_bb", "element": "labour", "fen": 5, "quantity": "2.5"}]
    assert ji.api("PUT", f"{API}norms", {"cells": cells}).status_code == 200
    assert ji.get(f"{API}norms").json()["results"][0]["quantity"] == "2.50"
    assert ji.get(f"{API}months/2026-03/deviations").status_code == 200
    assert ji.get(f"{API}months/2026-03/odd").json()["results"]
    assert ji.api("POST", f"{API}months/2026-03/close", {}).status_code in (200, 409)
    assert ji.get(f"{API}months").json()["results"]


def test_the_account_is_worked_out_again(lotus_db: Branch) -> None:
    ticket = make_ticket(status="closed")
    books.hear()
    books.earned(ticket, "2")
    done = client_at(lotus_db, lotus_db.ji).api(
        "POST", f"{API}tickets/{ticket.public_id}/recalculate", {"reason": "late"}
    )
    assert done.json()["lines"] == 1
