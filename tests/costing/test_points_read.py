"""Points as people read them: the own month, an entry line by line, a team's month; nobody reads a peer's."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from apps.costing import points_read
from apps.costing.errors import EntryNotFound
from apps.costing.models import PointRuleSet, WorkPointEntry
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.services import book, enter_points
from apps.people.errors import TechnicianNotFound
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.costing.ledger import MARCH, D, book_again, entries, follow, with_helper, worked
from tests.make import actor, key, make_ticket
from tests.queries import asking


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


def told(entry: points_read.Entry) -> list[tuple[str, str, str, str]]:
    return [(one.sign, one.what, one.detail, one.value) for one in entry.lines]


def test_my_month_tells_what_was_earned_and_what_waits(lotus_db: Branch) -> None:
    worked()
    waiting = worked("awaiting_callback")
    month = points_read.my_month(actor("wu"))
    assert (month.month, month.earned, month.waiting, month.state) == ("2026-03", D("5.50"), D("5.25"), "open")
    assert month.tickets[0].public_id == waiting.public_id and month.tickets[0].waits
    assert month.tickets[0].title is not None and month.tickets[0].title.ticket_no == waiting.ticket_no
    assert points_read.my_month(actor("bo")).earned == 0


def test_another_month_has_its_own(lotus_db: Branch) -> None:
    worked()
    with clock.frozen(MARCH + timedelta(days=40)):
        worked()
        worked("awaiting_callback")
        now, before = points_read.my_month(actor("wu")), points_read.my_month(actor("wu"), "2026-03")
    assert (now.month, now.earned, before.earned, before.waiting) == ("2026-04", D("5.50"), D("5.50"), 0)
    assert [name for name, _points in now.months] == ["2026-04", "2026-03"]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("en", ("", "Base of this type", "", "5"), ("=", "Booked", "", "+5.50")), ("zh-hans", None, None)],
)
def test_an_entry_is_explained_line_by_line(
    lotus_db: Branch, language: str, first: tuple[str, ...] | None, last: tuple[str, ...] | None
) -> None:
    entry = entries(worked())[-1]
    with override(language):
        lines = told(points_read.entry_for(actor("wu"), entry.pk))
    assert [(sign, value) for sign, _what, _detail, value in lines] == [
        ("", "5"), ("×", "1"), ("×", "1.05"), ("×", "1.05"), ("→", "1.1"), ("=", "5.5"), ("=", "+5.50"),
    ]  # fmt: skip
    if first is not None:
        assert lines[0] == first and lines[-1] == last


def test_a_team_and_what_was_laid_besides_are_told_too(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket, "bo", 40)
    for step in (make.complete, make.close):
        step(ticket.public_id)
    follow()
    with override("en"):
        [mine] = points_read.my_ticket(actor("bo"), ticket.public_id)
        assert ("×", "Own share", "", "40 %") in told(mine) and mine.what == "Work on the ticket"


def test_released_entries_are_left_out_of_a_ticket(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    assert [one.waits for one in points_read.my_ticket(actor("wu"), ticket.public_id)] == [True]
    make.close(ticket.public_id)
    follow()
    assert [(one.waits, one.points) for one in points_read.my_ticket(actor("wu"), ticket.public_id)] == [
        (False, "+5.50")
    ]


def test_nobody_reads_the_points_of_a_peer(lotus_db: Branch) -> None:
    entry = entries(worked())[-1]
    for stranger in ("bo", "xi", "lin", "cai"):
        with pytest.raises(EntryNotFound):
            points_read.entry_for(actor(stranger), entry.pk)
    for reader in ("yun", "de", "ji", "bai"):
        assert points_read.entry_for(actor(reader), entry.pk).row == entry
    for stranger in ("wu", "lin", "cai"):
        with pytest.raises(NotAllowed):
            points_read.team_month(actor(stranger))
    with pytest.raises(NotAllowed):
        points_read.my_month(actor("lin"))
    with pytest.raises(TechnicianNotFound):
        points_read.month_of(actor("yun"), actor("xi").technician_id or 0)


def test_a_teams_month_is_the_sum_of_the_entries(lotus_db: Branch) -> None:
    worked()
    worked("awaiting_callback")
    enter_points(
        technician_id=actor("wu").technician_id or 0, kind="deduction", code="photos", reason="x", by=actor("yun"),
        key=key(),
    )  # fmt: skip
    rows = {one.technician.user.username: one for one in points_read.team_month(actor("yun"))}
    assert set(rows) == {"wu", "bo", "yun"}
    wu = rows["wu"]
    assert (wu.earned, wu.waiting, wu.deducted, wu.tickets) == (D("2.50"), D("5.25"), D("-3.00"), 1)
    assert rows["bo"].earned == 0


def test_the_rules_of_the_day_it_was_finished_count_and_later_ones_touch_nothing(lotus_db: Branch) -> None:
    """domain.md §12 rule 13."""
    old = worked()
    body = DEFAULT.body() | {"base": {"fault_bb": "10"}}
    PointRuleSet.objects.create(
        number=2, state="published", body=body, drafted_by="staff:1", drafted_by_name="x", drafted_at=clock.now(),
        published_at=MARCH, effective_from=(MARCH + timedelta(days=1)).date(),
    )  # fmt: skip
    with clock.frozen(MARCH + timedelta(days=1)):
        new = worked()
    assert entries(new)[-1].points == D("11.00") and entries(new)[-1].rule_set.number == 2
    before = WorkPointEntry.objects.count()
    assert book_again(old, new) == 0 and WorkPointEntry.objects.count() == before


def test_a_month_asks_as_often_for_many_tickets_as_for_one(lotus_db: Branch) -> None:
    worked()
    wu, yun, who = actor("wu"), actor("yun"), actor("wu").technician_id or 0
    for _ in range(2):
        with asking(7):  # by kind, tickets, titles, state, what waits, others, months
            points_read.my_month(wu)
        with asking(2):
            points_read.team_month(yun)
        with asking(3):  # whose, entries, rule sets
            points_read.entries_of(yun, who)
        for _ in range(3):
            worked()


ACCOUNTS = 19  # queries that settle the accounts of a batch


def test_a_batch_is_read_at_once_and_its_accounts_settled_at_once(lotus_db: Branch) -> None:
    names = [make_ticket(status="closed", contact_phone=f"1390000{n:04d}").public_id for n in range(6)]
    with asking(22 + ACCOUNTS):
        book(names[:1], by=SYSTEM)
    with asking(20 + ACCOUNTS):  # the month is there already
        book(names[1:], by=SYSTEM)
    with asking(18):  # nothing is new, so no account is looked at
        book(names, by=SYSTEM)


def test_the_other_branch_reads_its_own(lotus_db: Branch, maple: Branch) -> None:
    entry = entries(worked())[-1]
    with in_branch(maple.tenant):
        with pytest.raises(EntryNotFound):
            points_read.entry_for(actor("bai"), entry.pk)
        assert all(one.earned == Decimal(0) for one in points_read.team_month(actor("bai")))
