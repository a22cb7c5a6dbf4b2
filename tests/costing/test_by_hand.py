"""Bonuses and deductions by a leader: a code, a reason, never for oneself; taken back once, by somebody above."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from apps.costing import points_read
from apps.costing.errors import (
    AlreadyTakenBack,
    BadEntry,
    EntryNotFound,
    NeedsReviewer,
    NotByHand,
    OwnMatter,
    TicketUnknown,
)
from apps.costing.models import Period, WorkPointEntry
from apps.costing.services import enter_points, take_back_points
from apps.people.errors import TechnicianNotFound
from steppe.kernel import clock
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.ledger import MARCH, D, entries, worked
from tests.make import actor, key
from tests.rules import sent_twice


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


def enter(to: str = "wu", by: str = "yun", kind: str = "deduction", **more: Any) -> Receipt:
    told = {"reason": "seen on site", "code": "photos" if kind == "deduction" else ""} | more
    who = actor(to).technician_id
    return enter_points(technician_id=who, kind=kind, **told, by=actor(by), key=key())


def back(entry: int, by: str = "de", reason: str = "wrong person") -> Receipt:
    return take_back_points(entry=entry, reason=reason, by=actor(by), key=key())


def test_a_deduction_has_the_points_of_the_rules_and_a_bonus_those_said(lotus_db: Branch) -> None:
    ticket = worked()
    enter(ticket=ticket.public_id)
    enter(kind="bonus", points=Decimal("2.5"))
    taken, given = WorkPointEntry.objects.order_by("-id")[1], WorkPointEntry.objects.latest("id")
    assert (taken.kind, taken.code, taken.points, taken.ticket) == ("deduction", "photos", D("-3.00"), ticket.public_id)
    assert (given.kind, given.points, given.period, given.by_name) == ("bonus", D("2.50"), "2026-03", "Yun")
    month = points_read.my_month(actor("wu"))
    assert month.earned == D("5.00") and month.by_kind == {"earn": D("5.50"), "bonus": D("2.50"), "deduction": D("-3")}


def test_a_closed_month_is_left_alone(lotus_db: Branch) -> None:
    worked()
    Period.objects.update(state="locked")
    enter()
    assert WorkPointEntry.objects.latest("id").period == "2026-04"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"code": "nobody-knows"}, "code"),
        ({"code": "no_contact"}, "code"),  # the system's
        ({"kind": "clawback"}, "code"),
        ({"kind": "bonus"}, "points"),
        ({"kind": "bonus", "points": Decimal(0)}, "points"),
        ({"kind": "bonus", "points": Decimal("20.01")}, "points"),
        ({"kind": "bonus", "points": Decimal("1.005")}, "points"),
    ],
)
def test_nonsense_is_refused_with_its_field(lotus_db: Branch, told: dict[str, Any], field: str) -> None:
    with pytest.raises(BadEntry) as refusal:
        enter(**told)
    assert field in refusal.value.fields and not WorkPointEntry.objects.exists()


def test_a_ticket_the_person_did_not_work_on_and_one_that_is_none(lotus_db: Branch) -> None:
    ticket = worked()
    with pytest.raises(BadEntry) as refusal:
        enter("bo", ticket=ticket.public_id)
    assert "ticket" in refusal.value.fields
    with pytest.raises(TicketUnknown):
        enter(ticket="nobody-s")


def test_never_for_oneself_nor_for_people_of_others(lotus_db: Branch) -> None:
    with pytest.raises(OwnMatter):
        enter("yun", kind="bonus", points=Decimal(5))
    with pytest.raises(TechnicianNotFound):  # Xi stands in the west
        enter("xi")
    for stranger in ("wu", "lin", "ji"):
        with pytest.raises(NotAllowed):
            enter(by=stranger)


def test_what_needs_a_second_look_is_entered_above_the_grid(lotus_db: Branch) -> None:
    with pytest.raises(NeedsReviewer):
        enter(code="false_check_in")
    enter(code="false_check_in", by="de")
    assert WorkPointEntry.objects.get().points == D("-20.00")


def test_taken_back_once_by_somebody_above(lotus_db: Branch) -> None:
    entry = enter().entity_id
    with pytest.raises(NotAllowed):
        back(entry, by="yun")
    back(entry)
    undone = WorkPointEntry.objects.latest("id")
    assert (undone.kind, undone.points, undone.corrects_id) == ("adjustment", D("3.00"), entry)
    with pytest.raises(AlreadyTakenBack):
        back(entry)
    with pytest.raises(NotByHand):
        back(undone.pk)
    with pytest.raises(BadEntry):
        back(entry, reason="")


def test_the_pay_of_a_ticket_is_not_taken_back_by_hand(lotus_db: Branch) -> None:
    entry = entries(worked())[-1]
    with pytest.raises(NotByHand):
        back(entry.pk)
    with pytest.raises(EntryNotFound):
        back(entry.pk + 999)


def test_sent_twice_it_is_entered_once(lotus_db: Branch) -> None:
    who, yun = actor("wu").technician_id, actor("yun")
    assert who is not None
    told = {"technician_id": who, "kind": "deduction", "code": "photos", "reason": "twice", "by": yun}
    sent_twice(lambda key: enter_points(**told, key=key))  # type: ignore[arg-type]
    assert WorkPointEntry.objects.count() == 1


def test_the_other_branch_has_its_own_wu(lotus_db: Branch, maple: Branch) -> None:
    entry = enter().entity_id
    with in_branch(maple.tenant):
        assert not WorkPointEntry.objects.exists()
        with pytest.raises(EntryNotFound):
            back(entry)
