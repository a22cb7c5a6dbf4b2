"""Three levels look at every line, never at the own one and never twice; then the administrator approves."""

import pytest

from apps.costing.models import LineReview
from apps.costing.services import reviewing
from apps.costing.settlement_errors import (
    MonthNotFound,
    NothingToLookAt,
    OwnCalculation,
    WrongMonthState,
)
from apps.people import roles
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit
from steppe.kernel.errors import NotAllowed
from tests.costing import months as m
from tests.make import actor, key


@pytest.fixture(autouse=True)
def november(lotus_db):
    with m.on(2):
        yield


def grant(who, role, code="ROOT"):
    RoleGrant.objects.create(user=m.user(who), role=role, org_path=OrgUnit.objects.get(code=code).path)


def confirmed(*who):
    m.published(*who)
    for one in who:
        m.confirm(one)


def levels(who):
    return list(LineReview.objects.filter(line=m.line(who)).order_by("id").values_list("level", "by_name"))


def test_leader_manager_and_accountant_look_one_after_the_other_and_the_month_is_reviewed():
    confirmed("wu", "bo")
    for too_early, by in (("dept_manager", "de"), ("accountant", "ji")):
        with pytest.raises(NothingToLookAt):
            m.look(too_early, by)
    assert m.look("grid_leader", "yun").facts["lines"] == 2
    m.look("dept_manager", "de")
    assert m.period().state == "published"
    m.look("accountant", "ji")
    assert m.period().state == "reviewed"
    assert levels("wu") == [("grid_leader", "Yun"), ("dept_manager", "De"), ("accountant", "Ji")]


def test_only_confirmed_lines_are_looked_at_and_the_rest_later():
    m.published("wu", "bo")
    m.confirm("wu")
    assert m.look("grid_leader", "yun").facts["lines"] == 1
    m.confirm("bo")
    assert m.look("grid_leader", "yun").facts["lines"] == 1
    with pytest.raises(NothingToLookAt):
        m.look("grid_leader", "yun")


def test_a_leaders_own_line_is_looked_at_by_another():
    confirmed("wu", "yun")
    assert m.look("grid_leader", "yun").facts["lines"] == 1, "not the own one"
    assert levels("yun") == []
    assert m.look("grid_leader", "de").facts["lines"] == 1, "no other leader is there: the manager looks"
    assert m.look("dept_manager", "de").facts["lines"] == 1, "at Wu's; at Yun's De has looked already"
    assert m.look("dept_manager", "bai").facts["lines"] == 1
    m.look("accountant", "ji")
    assert levels("yun") == [("grid_leader", "De"), ("dept_manager", "Bai"), ("accountant", "Ji")]
    assert m.period().state == "reviewed"


def test_who_has_nothing_but_the_own_line_looks_at_nothing():
    confirmed("yun")
    with pytest.raises(NothingToLookAt):
        m.look("grid_leader", "yun")


def test_where_another_leader_could_look_the_manager_does_not_look_in_their_place():
    grant("bo", roles.GRID_LEADER, "E1")
    confirmed("wu", "yun")
    with pytest.raises(NothingToLookAt):
        m.look("grid_leader", "de")
    m.look("grid_leader", "yun")
    m.look("grid_leader", "bo")
    assert levels("yun") == [("grid_leader", "Bo")]


def test_a_leader_looks_at_the_own_grid_only():
    confirmed("wu", "xi")
    m.look("grid_leader", "yun")
    assert levels("xi") == [] and levels("wu") == [("grid_leader", "Yun")]
    m.look("grid_leader", "de")
    assert levels("xi") == [("grid_leader", "De")], "the West has no leader"


def test_nobody_looks_at_a_line_on_two_levels():
    grant("yun", roles.DEPT_MANAGER)
    confirmed("wu")
    m.look("grid_leader", "yun")
    with pytest.raises(NothingToLookAt):
        m.look("dept_manager", "yun")


def test_a_disputed_line_waits_and_the_month_with_it():
    m.published("wu")
    name = m.dispute("wu")
    with pytest.raises(NothingToLookAt):
        m.look("grid_leader", "yun")
    m.answer(name, False)
    m.appeal(name)
    with m.on(9):
        m.decide(name, False)
        m.look("grid_leader", "yun")
    assert levels("wu") == [("grid_leader", "Yun")]


def test_who_does_not_hold_the_role_does_not_look():
    confirmed("wu")
    for level, who in (("grid_leader", "wu"), ("grid_leader", "ji"), ("dept_manager", "yun"), ("accountant", "de")):
        with pytest.raises(NotAllowed):
            m.look(level, who)
    with pytest.raises(MonthNotFound):
        m.look("janitor", "de")


def test_who_calculated_does_not_approve():
    m.earn("wu", "10")
    m.priced()
    m.calculate(by="bai")
    m.publish()
    m.confirm("wu")
    for level, by in (("grid_leader", "yun"), ("dept_manager", "de"), ("accountant", "ji")):
        m.look(level, by)
    with pytest.raises(OwnCalculation):
        m.approve()


def test_looked_at_twice_with_one_key_is_once():
    confirmed("wu", "bo")
    once = key()
    for _ in range(2):
        reviewing.review_lines(month=m.MONTH, level="grid_leader", by=actor("yun"), key=once)
    assert LineReview.objects.count() == 2


def test_a_reviewed_month_hears_no_technician_any_more():
    m.reviewed()
    with pytest.raises(WrongMonthState):
        m.dispute("wu")
