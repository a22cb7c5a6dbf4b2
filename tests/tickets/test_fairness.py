"""Who took what: near and far, easy and hard, given back, declined, sent, in vain, and what waiting brought."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.people import services as people
from apps.people.models import OrgUnit
from apps.tickets import services
from apps.tickets.fairness_read import Fairness, Wanted, fairness_for, lately
from apps.tickets.models import Assignment, Ticket
from apps.tickets.rules.comparing import Tally, Took, compare
from apps.tickets.services import sweep_clocks, sweep_hoarded
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError, NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import FAR, Branch
from tests.make import grab, make_ticket
from tests.queries import asking
from tests.tickets.steps import ask, do

PHONES = (f"139{number:08d}" for number in range(1, 9999))


def ticket(**fields: object) -> Ticket:
    return make_ticket(contact_phone=next(PHONES), **fields)  # type: ignore[arg-type]


def told(by: Actor, wanted: Wanted | None = None) -> dict[str, Tally]:
    return {line.name: line.tally for line in fairness_for(by, wanted or lately()).lines}


def far(one: Ticket) -> Ticket:
    Ticket.objects.filter(id=one.pk).update(area_class="D")
    return one


def test_every_grab_counts_as_near_or_far_and_as_easy_or_hard(lotus_db: Branch, lin: Actor) -> None:
    """A fault pays 5, an installation 9: of three tickets the average is 6.3."""
    for one in (ticket(), far(ticket())):
        grab(one.public_id)
    grab(ticket(type_code="install_bb").public_id, "bo")
    found = fairness_for(lin, lately())
    wu, bo = told(lin)["Wu"], told(lin)["Bo"]
    assert (wu.grabbed, wu.near, wu.far, wu.easy, wu.hard, wu.choice) == (2, 1, 1, 2, 0, 1)
    assert (bo.grabbed, bo.near, bo.hard, bo.choice) == (1, 1, 1, 0)
    assert (wu.choice_pct, bo.choice_pct, found.total.choice_pct) == (50, 0, 33)
    assert round(found.average, 1) == Decimal("6.3")


def test_who_is_sent_has_not_chosen(lotus_db: Branch, lin: Actor) -> None:
    first = ticket()
    do("dispatch", first.public_id, to="wu")
    do("reassign", first.public_id, to="bo")
    assert [(told(lin)[name].forced, told(lin)[name].grabbed) for name in ("Wu", "Bo")] == [(1, 0), (1, 0)]


def test_what_one_entered_oneself_or_had_to_go_back_to_is_neither_grabbed_nor_sent(
    lotus_db: Branch, lin: Actor
) -> None:
    again, wu = ticket(status="awaiting_callback"), make.actor("wu")
    do("callback_reject", again.public_id)
    services.enter_direct(report=make.report(type_code="install_bb", contact_phone=next(PHONES)), by=wu, key=make.key())
    found = fairness_for(lin, lately())
    assert set(Assignment.objects.values_list("mode", flat=True)) == {"grab", "reopen", "self"}
    assert (found.total.grabbed, found.total.forced, found.average) == (1, 0, Decimal(5))


def test_giving_back_declining_and_silence_stand_with_who_did_it(lotus_db: Branch, lin: Actor) -> None:
    back, sent, silent = ticket(), ticket(), ticket()
    grab(back.public_id)
    ask("return", back.public_id, by=make.actor("wu"))
    do("dispatch", sent.public_id, to="wu")
    do("decline", sent.public_id, by=make.actor("wu"))
    with clock.frozen(clock.now() - timedelta(hours=3)):
        grab(silent.public_id)
    sweep_clocks()
    sweep_hoarded()
    wu = told(lin)["Wu"]
    assert (wu.returned, wu.silent, wu.declined) == (2, 1, 1)
    assert told(lin)["Bo"].nothing


def test_what_was_put_on_hold_stands_with_who_asked_for_it(lotus_db: Branch, lin: Actor) -> None:
    held, refused_one = ticket(), ticket()
    for one in (held, refused_one):
        grab(one.public_id)
    make.hold(held.public_id)
    asked = {"hold_class": "customer", "resume_at": clock.now() + timedelta(hours=5)}
    ask("hold", refused_one.public_id, by=make.actor("wu"), **asked)
    do("refuse", refused_one.public_id, facts={"reason": "go on"})
    assert (told(lin)["Wu"].held, told(lin)["Bo"].held) == (1, 0)


def test_a_try_in_vain_and_the_bonus_of_waiting_are_counted(lotus_db: Branch, lin: Actor) -> None:
    one = ticket()
    Ticket.objects.filter(id=one.pk).update(waiting_bonus_pct=12)
    grab(one.public_id)
    grab(ticket().public_id)
    with suppress(DomainError):
        grab(one.public_id, "bo")
    assert (told(lin)["Wu"].bonus, told(lin)["Wu"].bonus_pct, told(lin)["Bo"].lost) == (12, 6, 1)


def test_only_the_days_that_are_asked_for(lotus_db: Branch, lin: Actor) -> None:
    today = date.fromisoformat(clock.today())
    with clock.frozen(clock.now() - timedelta(days=40)):
        grab(ticket().public_id)
    assert told(lin)["Wu"].grabbed == 0
    before = Wanted(today - timedelta(days=45), today - timedelta(days=35))
    assert told(lin, before)["Wu"].grabbed == 1


def test_a_leader_compares_their_own_people_only(lotus_db: Branch, lin: Actor, gao: Actor, yun: Actor) -> None:
    assert set(told(lin)) == {"Wu", "Bo", "Xi", "Yun"}
    assert set(told(gao)) == {"Xi"}
    assert set(told(yun)) == {"Wu", "Bo", "Yun"}
    assert set(told(lin, Wanted(lately().first, lately().last, "W1"))) == {"Xi"}
    assert set(told(gao, Wanted(lately().first, lately().last, "E1"))) == set()
    assert {unit.code for unit in fairness_for(gao, lately()).units} == {"WEST", "W1"}


def test_what_others_gave_back_is_not_in_ones_own_sum(lotus_db: Branch, yun: Actor, lin: Actor, xi: Actor) -> None:
    theirs = ticket(address="Willow 3", lat=FAR[0], lng=FAR[1])
    do("dispatch", theirs.public_id, to="xi")
    do("decline", theirs.public_id, by=xi)
    assert fairness_for(yun, lately()).total.nothing and fairness_for(lin, lately()).total.declined == 1


def test_who_left_is_there_for_the_days_they_worked(lotus_db: Branch, lin: Actor, xi: Actor, wu: Actor) -> None:
    grab(ticket().public_id)
    for who in (wu, xi):
        people.set_active(user_id=who.id or 0, active=False)
    assert set(told(lin)) == {"Wu", "Bo", "Yun"}


@pytest.mark.parametrize("who", ["wu", "cai", "an", "hui", "ku", "ji"])
def test_nobody_below_a_grid_leader_compares(lotus_db: Branch, who: str) -> None:
    with pytest.raises(NotAllowed):
        fairness_for(make.actor(who), lately())


def test_another_branch_counts_its_own(lotus_db: Branch, maple: Branch) -> None:
    grab(ticket().public_id)
    with in_branch(maple.tenant):
        assert all(tally.nothing for tally in told(maple.lin).values())


@pytest.mark.parametrize("crew", [0, 8])
def test_seven_queries_however_many_there_are(lotus_db: Branch, lin: Actor, crew: int) -> None:
    grid = OrgUnit.objects.get(code="E1")
    for number in range(crew):
        user = people.add_user(
            username=f"t{number}", name=f"T{number}", encoded="-", grants=[("technician", grid.path)]
        )
        people.add_technician(user=user, org_unit=grid, skills=["broadband"], cap=3, lat=43.9, lng=116.0)
        grab(ticket().public_id, "wu") if number < 3 else None
    with asking(7):  # units, technicians, taken, given back, in vain, held, bonuses
        found: Fairness = fairness_for(lin, lately())
    assert len(found.lines) == 4 + crew


def test_all_together_is_the_sum_of_the_lines() -> None:
    rows = [Took(1, True, "A", Decimal(4), 3), Took(1, False, "D", Decimal(9), 1), Took(2, True, "C", Decimal(9), 2)]
    found = compare(rows, {2: {"returned": 1}, 3: {"lost": 5}})
    assert found.average == Decimal(39) / 6
    assert (found.total.grabbed, found.total.choice, found.total.forced, found.total.lost) == (5, 3, 1, 5)
    assert found.lines[3].choice_pct is None and found.lines[1].choice_pct == 100
