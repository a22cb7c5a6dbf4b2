"""忙闲均衡: how evenly points lie in the grids, as two sums that can be added over grids, branches and months."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from django.test import Client

from apps.costing.models import WorkPointEntry
from apps.costing.rules.evenness import gini
from apps.headquarters import reports_read
from apps.headquarters.models import BranchMonth, MonthDifference
from apps.headquarters.reports_read import Asked, Figure
from apps.headquarters.services import months
from apps.people.models import DutySpan, OrgUnit, Technician
from steppe.kernel import clock
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.make import client_at, key

JANUARY, FEBRUARY = "2026-01", "2026-02"
ASKED = Asked(first=date(2026, 1, 1), last=date(2026, 1, 31))
BEGIN = datetime(2026, 1, 5, 8, tzinfo=clock.BUSINESS_ZONE)
CODE = "load_gini"
NOTHING = Figure(0, 0, None)


def earned(name: str, points: str, *, month: str = JANUARY, stage: str = "earned") -> None:
    WorkPointEntry.objects.create(
        technician=Technician.objects.get(user__username=name), kind="earn", stage=stage, points=Decimal(points),
        period=month if stage == "earned" else "", key=key(), by="system:0", by_name="system", at=BEGIN,
    )  # fmt: skip


def on_duty(name: str) -> None:
    who = Technician.objects.get(user__username=name)
    DutySpan.objects.create(technician=who, started_at=BEGIN, ended_at=BEGIN + timedelta(hours=8))


def moved(name: str, unit: str) -> None:
    Technician.objects.filter(user__username=name).update(org_unit=OrgUnit.objects.get(code=unit))


def counted(*branches: Branch, month: str = JANUARY) -> None:
    for branch in branches:
        months.recount(branch.tenant, months=[month])


def told(headquarters: Branch, asked: Asked = ASKED, by: str = "branch") -> dict[str, Figure]:
    return {line.key: line.figures[CODE] for line in reports_read.by(headquarters.eye, asked, by, [CODE])}


def test_a_grids_gini_is_its_differences_by_its_points_and_people(lotus_db: Branch, headquarters: Branch) -> None:
    earned("wu", "30.00")
    earned("bo", "10.00")
    counted(lotus_db)
    assert told(headquarters)["LO"] == Figure(2000, 8000, Decimal("0.25")), "20 apart; 40 points times two people"


def test_who_was_on_duty_without_points_counts_and_who_was_not_does_not(lotus_db: Branch, headquarters: Branch) -> None:
    earned("wu", "30.00")
    counted(lotus_db)
    assert told(headquarters)["LO"] == NOTHING, "one person alone shares with nobody"
    on_duty("bo")
    counted(lotus_db)
    assert told(headquarters)["LO"].value == Decimal("0.50")


def test_grids_weigh_what_they_have_and_no_grid_is_mixed_with_another(lotus_db: Branch, headquarters: Branch) -> None:
    for name, points in (("wu", "30.00"), ("bo", "10.00"), ("xi", "99.00"), ("yun", "1.00")):
        earned(name, points)
    moved("yun", "W1")
    counted(lotus_db)
    assert told(headquarters)["LO"] == Figure(2000 + 9800, 8000 + 20000, Decimal("0.42"))


def test_a_departments_people_are_in_no_grid(lotus_db: Branch, headquarters: Branch) -> None:
    earned("wu", "30.00")
    earned("bo", "10.00")
    moved("bo", "CARE")
    counted(lotus_db)
    assert told(headquarters)["LO"] == NOTHING


def test_what_is_not_earned_yet_or_taken_back_is_nothing(lotus_db: Branch, headquarters: Branch) -> None:
    earned("wu", "30.00")
    earned("bo", "50.00", stage="provisional")
    earned("bo", "-4.00")
    counted(lotus_db)
    assert told(headquarters)["LO"] == Figure(3000, 6000, Decimal("0.50")), "below nothing counts as nothing"


def test_nothing_is_null_and_the_other_branch_stays_out_of_it(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    earned("wu", "30.00")
    earned("bo", "10.00")
    counted(lotus_db, maple)
    found = told(headquarters)
    assert found["MA"] == NOTHING and found["LO"].value == Decimal("0.25")
    assert [line.key for line in reports_read.by(lotus_db.bai, ASKED, "branch", [CODE])] == ["LO"]
    assert told(headquarters, replace(ASKED, type_code="fault_bb"))["LO"] == NOTHING, "kept for whole branches"


def test_months_stand_beside_each_other_and_add_up(lotus_db: Branch, headquarters: Branch) -> None:
    earned("wu", "30.00")
    earned("bo", "10.00")
    for name in ("wu", "bo"):
        earned(name, "5.00", month=FEBRUARY)
    counted(lotus_db)
    counted(lotus_db, month=FEBRUARY)
    both = replace(ASKED, last=date(2026, 2, 28))
    assert told(headquarters, both, by="month") == {
        JANUARY: Figure(2000, 8000, Decimal("0.25")), FEBRUARY: Figure(0, 2000, Decimal("0.00")),
    }  # fmt: skip
    assert told(headquarters, both)["LO"] == Figure(2000, 10000, Decimal("0.20"))


def test_somebody_who_changes_grid_is_no_mistake_of_the_night(lotus_db: Branch, headquarters: Branch) -> None:
    earned("wu", "30.00")
    earned("bo", "10.00")
    counted(lotus_db)
    moved("bo", "W1")
    with clock.frozen(BEGIN + timedelta(days=40)):
        assert months.compare(lotus_db.tenant) == {}
    with in_public():
        assert not MonthDifference.objects.exists()
    assert told(headquarters)["LO"] == NOTHING, "put right, not reported"


@pytest.mark.parametrize("seed", range(6))
def test_branches_add_up_to_headquarters_whatever_was_earned(
    lotus_db: Branch, maple: Branch, headquarters: Branch, seed: int
) -> None:
    chance = random.Random(seed)
    grids: list[list[Decimal]] = []
    for branch in (lotus_db, maple):
        with in_branch(branch.tenant):
            grids += _by_chance(chance)
    counted(lotus_db, maple)
    found, whole = told(headquarters), reports_read.total(headquarters.eye, ASKED, [CODE]).figures[CODE]
    assert whole.numerator == sum(one.numerator for one in found.values()) == 100 * sum(map(_apart, grids))
    assert whole.denominator == sum(one.denominator or 0 for one in found.values())
    assert whole.denominator == 100 * sum(len(crew) * sum(crew) for crew in grids)
    weights = [(gini(crew), len(crew) * sum(crew)) for crew in grids if sum(crew)]
    mean = sum((own or 0) * weight for own, weight in weights) / sum(weight for _, weight in weights)
    assert whole.value is not None and abs(whole.value - mean) <= Decimal("0.01"), "the weighted mean of the grids"


def _by_chance(chance: random.Random) -> list[list[Decimal]]:
    """Everybody in a grid by lot, with points by lot; the grids in which work can be shared."""
    grids: dict[str, list[Decimal]] = {}
    for name in ("wu", "bo", "xi", "yun"):
        grid, points = chance.choice(["E1", "W1"]), Decimal(chance.randint(1, 9999)) / 100
        moved(name, grid)
        earned(name, str(points))
        grids.setdefault(grid, []).append(points)
    return [crew for crew in grids.values() if len(crew) > 1]


def _apart(crew: list[Decimal]) -> Decimal:
    """Straight from the definition."""
    return sum((abs(one - other) for one, other in combinations(crew, 2)), Decimal(0))


def test_the_page_says_what_it_is_and_shows_both_sides(lotus_db: Branch, headquarters: Branch) -> None:
    with in_public():
        BranchMonth.objects.create(branch_id=lotus_db.tenant.pk, month=JANUARY, points_apart=2000, points_by_crew=8000)
    eye: Client = client_at(headquarters, headquarters.eye, HTTP_ACCEPT_LANGUAGE="en")
    asked = {"from": "2026-01-01", "to": "2026-01-31"}
    page = eye.get(f"/hq/kpi/{CODE}/", asked | {"by": "branch"}).content.decode()
    assert "Evenness of work (Gini)" in page and "0 everybody has the same" in page
    assert "20.00 / 80.00" in page and "0.25" in page
    assert "Evenness of work (Gini)" in eye.get("/hq/kpi/", asked).content.decode()
