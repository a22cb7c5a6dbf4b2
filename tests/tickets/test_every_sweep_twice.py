"""domain.md §12 rule 16: whatever a branch does by itself every few seconds or every night, the second turn is idle."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.tickets import services, sweeps
from apps.tickets.models import ClockNotice, Photo
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from tests.cast import Branch
from tests.make import actor, key, make_ticket, picture
from tests.rules import state_of_the_branch
from tests.tickets.steps import do


def _repaired() -> None:
    """An incident whose master alone was done; its report still stands where it was."""
    report = make_ticket(contact_phone="13900007001")
    master = make_ticket(contact_phone="13900007000")
    services.declare_incident(public_id=master.public_id, reports=[report.public_id], by=actor("lin"), key=key())
    for step in ("grab", "check_in", "complete"):
        do(step, master.public_id)


def _silent() -> None:
    """Taken; nobody called the customer, and the clock said so."""
    ticket = make_ticket(status="accepted")
    with clock.frozen(ticket.accepted_at + timedelta(minutes=121)):
        services.sweep_clocks()


def _ticket(status: str) -> Callable[[], object]:
    return lambda: make_ticket(status=status)


def _upload() -> Receipt:
    return services.upload_photo(content=picture(), stage="report", by=actor("cai"), key=key())


def _placed() -> None:
    """A picture that says where it was taken."""
    Photo.objects.filter(public_id=_upload().public_id).update(
        ticket=make_ticket(), taken_lat=43.93, taken_lng=116.08
    )  # fmt: skip


def _rang() -> Receipt:
    system = Actor("partner", 1, "PBX")
    return services.ring_agent(call_id="1", phone="13900001234", agent="an", by=system, key=key())


DAY = 24 * 60
# what there is, and how many minutes later the sweep has something to do
WORK: dict[str, tuple[Callable[[], object], int]] = {
    "sweep_clocks": (_ticket("pooled"), 31),
    "sweep_hoarded": (_silent, 122),
    "sweep_waves": (_ticket("pooled"), 6),
    "sweep_bonuses": (_ticket("pooled"), DAY),
    "sweep_holds": (_ticket("on_hold"), 6 * 60),
    "sweep_silence": (_ticket("awaiting_callback"), 4 * DAY),
    "sweep_incidents": (_repaired, 1),
    "sweep_photos": (_upload, 2 * DAY),
    "sweep_places": (_placed, 91 * DAY),
    "sweep_calls": (_rang, DAY),
    "sweep_archive": (_ticket("closed"), 400 * DAY),
}


@pytest.mark.parametrize("name", WORK)
def test_the_second_turn_finds_nothing_to_do(lotus_db: Branch, name: str) -> None:
    there, later = WORK[name]
    there()
    sweep = getattr(services, name)
    with clock.frozen(clock.now() + timedelta(minutes=later)):
        assert sweep() >= 1
        after, told = state_of_the_branch(), ClockNotice.objects.count()
        assert sweep() == 0
        assert (state_of_the_branch(), ClockNotice.objects.count()) == (after, told)


def test_every_sweep_of_the_room_is_tried() -> None:
    assert {name for name in vars(sweeps) if name.startswith("sweep_")} == set(WORK)
