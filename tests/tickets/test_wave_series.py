"""Nobody takes it: the nearest, then the grid, then the branch, then the dispatcher; nobody gets two cards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from apps.people.models import OrgUnit, Technician
from apps.people.services import add_technician, add_user
from apps.tickets import selectors
from apps.tickets.errors import GaveItBack, KeptForOwner
from apps.tickets.models import PushCandidate, PushWave, Ticket, TypeVersion
from apps.tickets.rules import reaches
from apps.tickets.services import sweep_clocks, sweep_waves, waves, widen_wave
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import in_branch
from tests import make
from tests.cast import NEAR, Branch
from tests.databases import Database
from tests.make import grab, key, make_ticket
from tests.rules import refused, together
from tests.tickets.steps import do, now_of
from tests.tickets.test_push_wave import crowd

Waves = list[tuple[str, list[str]]]


@pytest.fixture
def crew(lotus_db: Branch) -> list[str]:
    """Besides Wu and Bo of the grid E1: Pan of E2, Qiu at the sub-branch, Rao of the whole branch."""
    lotus_db.tenant.policy = {"technician_cap": 3, "wave_size": 1}
    for number, (name, unit, reach) in enumerate(
        (("pan", "E2", "EAST"), ("qiu", "EAST", "EAST"), ("rao", "W1", "ROOT"))
    ):
        node, grant = (OrgUnit.objects.get(code=code) for code in (unit, reach))
        user = add_user(username=name, name=name, encoded="-", grants=[("technician", grant.path)])
        made = add_technician(
            user=user, org_unit=node, skills=["broadband"], cap=3, lat=NEAR[0] + 1 + number, lng=NEAR[1]
        )
        Technician.objects.filter(id=made.pk).update(on_duty=True)
    return ["pan", "qiu", "rao"]


def series(ticket: Ticket) -> Waves:
    """Reach and whom it told, of every wave of the ticket."""
    names = dict(Technician.objects.values_list("id", "user__username"))
    rows = PushWave.objects.filter(ticket=ticket).order_by("round")
    return [(one.reach, [names[who.technician_id] for who in selectors.chosen_in(one.pk)]) for one in rows]


def at(ticket: Ticket, minutes: float, sweep: Callable[[], int] = sweep_waves) -> int:
    """Sweep so many minutes after it entered the pool."""
    with clock.frozen(now_of(ticket).pooled_at + timedelta(minutes=minutes)):
        return sweep()


def nobody_in(grid: str) -> None:
    Technician.objects.filter(org_unit__code=grid).update(on_duty=False)


def test_wider_and_wider_after_five_and_fifteen_minutes(crew: list[str]) -> None:
    Technician.objects.filter(user__username="bo").update(lat=60.0)  # of the grid, but far away: not among the nearest
    ticket = make_ticket()
    for minutes in (0, 4.9, 5.1, 6, 14.9, 15.2, 16, 60):
        at(ticket, minutes)
    assert series(ticket) == [("near", ["wu", "pan"]), ("grid", ["bo"]), ("branch", ["qiu", "rao"])]
    assert now_of(ticket).next_wave_at is None


def test_at_the_end_of_the_accept_clock_the_dispatcher_is_alarmed_once(crew: list[str]) -> None:
    ticket = make_ticket()
    for minutes in (5.1, 15.2):
        at(ticket, minutes)
    for minutes in (30.1, 31, 300):
        at(ticket, minutes, sweep_clocks)
        at(ticket, minutes)
    assert series(ticket)[-1] == ("alarm", [])
    assert [reach for reach, _ in series(ticket)].count("alarm") == 1
    told = [event.facts["reach"] for event in make.events() if event.kind == "ticket.wave_pushed"]
    assert told == ["near", "grid", "branch", "alarm"]


def test_the_alarm_comes_also_when_the_waves_stood_still(crew: list[str]) -> None:
    ticket = make_ticket()
    at(ticket, 31, sweep_clocks)
    assert [reach for reach, _ in series(ticket)] == ["near", "alarm"]
    assert at(ticket, 32) == 0


def test_at_four_fifths_of_the_accept_clock_the_next_wave_does_not_wait(crew: list[str]) -> None:
    """A trunk line is down: ten minutes to accept, the branch is asked after eight, not after fifteen."""
    ticket = make_ticket(priority=0)
    at(ticket, 5.1)
    at(ticket, 8.1, sweep_clocks)
    assert [reach for reach, _ in series(ticket)] == ["near", "grid", "branch"]


def test_nobody_is_told_twice_in_one_series_and_again_in_the_next(crew: list[str], lotus_db: Branch) -> None:
    ticket = make_ticket()
    for minutes in (5.1, 15.2):
        at(ticket, minutes)
    everybody = [name for _, names in series(ticket) for name in names]
    assert len(everybody) == len(set(everybody)) == 5
    with clock.frozen(ticket.pooled_at + timedelta(minutes=20)):
        do("dispatch", ticket.public_id)
        do("decline", ticket.public_id)
    assert series(ticket)[-1] == ("near", ["bo", "pan"])  # a new series, without Wu who declined


def test_where_nobody_can_be_told_it_does_not_wait(crew: list[str]) -> None:
    """Nobody near and nobody in the grid: a few seconds later the whole branch knows."""
    Technician.objects.exclude(user__username="rao").update(on_duty=False)
    nobody_in("W1")
    ticket = make_ticket()
    Technician.objects.filter(user__username="rao").update(on_duty=True)
    for seconds in range(4):
        at(ticket, seconds / 10)
    assert series(ticket) == [("near", []), ("grid", []), ("branch", ["rao"])]


def test_where_nobody_at_all_can_be_told_the_dispatcher_is_alarmed_at_once(crew: list[str]) -> None:
    Technician.objects.update(on_duty=False)
    ticket = make_ticket()
    for seconds in range(6):
        at(ticket, seconds / 10)
    assert series(ticket) == [("near", []), ("grid", []), ("branch", []), ("alarm", [])]
    assert now_of(ticket).next_wave_at is None


def test_a_type_that_is_dispatched_by_hand_tells_the_dispatcher_only(crew: list[str]) -> None:
    ticket = make_ticket(type_code="complaint")
    assert series(ticket) == [("alarm", [])] and ticket.next_wave_at is None


def test_whoever_is_told_is_ranked_by_road_and_load_and_the_numbers_stay(crew: list[str]) -> None:
    ticket = make_ticket()
    for minutes in (5.1, 15.2):
        at(ticket, minutes)
    for one in PushCandidate.objects.filter(wave__ticket=ticket):
        assert one.score_m == pytest.approx(one.distance_m * 1.3 + one.open_count * 3000, abs=0.1)
    orders = [
        [one.score_m for one in wave.candidates.order_by("rank")] for wave in PushWave.objects.filter(ticket=ticket)
    ]
    assert all(scores == sorted(scores) for scores in orders) and len(orders) == 3


def test_a_wave_is_not_larger_than_the_branch_allows(crew: list[str], lotus_db: Branch) -> None:
    lotus_db.tenant.policy |= {"wave_size_branch": 1, "wave_size_grid": 1}
    ticket = make_ticket()
    for minutes in (5.1, 15.2):
        at(ticket, minutes)
    assert [len(names) for _, names in series(ticket)][1:] == [0, 1]  # Wu and Bo were told: nobody of the grid is left


@pytest.mark.parametrize("step", ["grab", "dispatch", "void"])
def test_what_leaves_the_pool_is_called_out_no_more(crew: list[str], step: str) -> None:
    ticket = make_ticket()
    do(step, ticket.public_id)
    assert now_of(ticket).next_wave_at is None
    assert at(ticket, 60) == 0 and len(series(ticket)) == 1


def test_before_its_time_and_a_second_time_nothing_happens(crew: list[str]) -> None:
    ticket = make_ticket()
    assert widen_wave(public_id=ticket.public_id, by=SYSTEM, key=key()).facts["reach"] == ""
    assert [at(ticket, 5.1), at(ticket, 5.1)] == [1, 0]
    assert len(series(ticket)) == 2


def test_one_ticket_in_trouble_does_not_keep_the_others_waiting(
    crew: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "BATCH", 1)
    broken, fine = make_ticket(), make_ticket()
    real = waves.push_wider

    def push(ticket: Ticket, reach: str = "") -> PushWave | None:
        if ticket.pk == broken.pk:
            raise RuntimeError("trouble")
        return real(ticket, reach)

    monkeypatch.setattr(waves, "push_wider", push)
    assert [at(fine, 5.2), at(fine, 5.2)] == [0, 1]
    assert len(series(fine)) == 2


def test_each_branch_calls_out_its_own(crew: list[str], maple: Branch) -> None:
    ticket = make_ticket()
    with in_branch(maple.tenant), clock.frozen(ticket.pooled_at + timedelta(hours=1)):
        assert sweep_waves() == 0


def test_two_sweepers_at_once_push_one_wave(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant), clock.frozen(clock.now() - timedelta(minutes=6)):
        ticket = make_ticket()

    def push() -> str:
        return str(widen_wave(public_id=ticket.public_id, by=SYSTEM, key=key()).facts["reach"])

    assert sorted(together(lotus, [push, push])) == ["", "grid"]
    with in_branch(lotus.tenant):
        assert PushWave.objects.filter(ticket_id=ticket.pk).count() == 2


# --- kept for the grid's own people


@pytest.fixture
def kept(crew: list[str], lotus_db: Branch) -> Ticket:
    """Ten minutes for the people of the grid before all others."""
    lotus_db.tenant.policy |= {"owner_first_minutes": 10}
    return make_ticket()


def test_it_is_kept_for_the_grids_own_people_first(kept: Ticket) -> None:
    assert series(kept) == [("owner", ["wu", "bo"])]
    for minutes in (9.9, 10.1, 15.2):
        at(kept, minutes)
    assert [reach for reach, _ in series(kept)] == ["owner", "near", "grid"]


def test_all_of_them_are_told_however_many_others_are_nearer(crew: list[str], lotus_db: Branch) -> None:
    lotus_db.tenant.policy |= {"owner_first_minutes": 10}
    crowd(45, "E2")
    home = OrgUnit.objects.get(code="E1")
    Technician.objects.filter(user__username__in=["pan", "qiu"]).update(org_unit=home)
    Technician.objects.filter(org_unit=home).update(lat=NEAR[0] + 0.1)
    reach, names = series(make_ticket())[0]
    assert (reach, sorted(names)) == ("owner", ["bo", "pan", "qiu", "wu"])  # Yun is off duty


def test_meanwhile_nobody_else_can_take_it(kept: Ticket, lotus_db: Branch) -> None:
    until = (kept.pooled_at + timedelta(minutes=10)).astimezone(clock.BUSINESS_ZONE).strftime("%H:%M")
    with refused(KeptForOwner, at=until):
        grab(kept.public_id, "pan")
    with clock.frozen(kept.pooled_at + timedelta(minutes=10, seconds=1)):
        grab(kept.public_id, "pan")
    assert now_of(kept).technician.user.username == "pan"


@pytest.mark.parametrize("who", ["wu", "bo"])
def test_everybody_of_the_grid_can_also_who_got_no_card(kept: Ticket, who: str) -> None:
    grab(kept.public_id, who)
    assert now_of(kept).technician.user.username == who


def test_where_none_of_them_can_come_it_is_kept_for_nobody(crew: list[str], lotus_db: Branch) -> None:
    lotus_db.tenant.policy |= {"owner_first_minutes": 10}
    nobody_in("E1")
    ticket = make_ticket()
    assert series(ticket) == [("near", ["pan"])]
    grab(ticket.public_id, "pan")


def test_a_type_may_ask_for_it_by_itself(crew: list[str]) -> None:
    version = TypeVersion.objects.get(type__code="fault_bb")
    definition = replace(version.definition, dispatch_rule="owner_first")
    TypeVersion.objects.filter(id=version.pk).update(body=definition.write())
    with clock.frozen(clock.now()):
        ticket = make_ticket()
    assert series(ticket) == [("owner", ["wu", "bo"])]
    assert now_of(ticket).next_wave_at - PushWave.objects.get().made_at == timedelta(minutes=5)


def test_who_gave_it_back_is_told_so_and_not_that_it_is_kept(kept: Ticket) -> None:
    do("dispatch", kept.public_id)
    do("decline", kept.public_id)
    assert series(kept)[-1] == ("owner", ["bo"])
    with refused(GaveItBack):
        grab(kept.public_id, "wu")


# --- the order itself, pure


def test_every_reach_leads_to_a_wider_one_and_ends_with_the_alarm() -> None:
    walk = ["owner"]
    while wider := reaches.next_reach(walk[-1]):
        walk.append(wider)
    assert tuple(walk) == reaches.REACHES


@pytest.mark.parametrize(
    ("reach", "asked", "minutes"),
    [
        ("owner", 1, 10), ("near", 1, 5), ("grid", 1, 10), ("branch", 1, None), ("alarm", 0, None), ("alarm", 3, None),
        ("near", 0, 0), ("grid", 0, 0), ("branch", 0, 0),
    ],
)  # fmt: skip
def test_when_it_goes_wider(reach: str, asked: int, minutes: int | None) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)
    found = reaches.next_at(reach, now, asked=asked, owner_minutes=10, wave_minutes=(5, 15))
    assert found == (None if minutes is None else now + timedelta(minutes=minutes))
