"""Catching up over HTTP: every number after ours, or the advice to take a fresh list."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from realtime import views
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.journal import backlog, stream
from steppe.kernel.journal.models import EventStream, IdempotencyKey, OutboxEvent
from steppe.kernel.journal.stream import Head
from tests import make
from tests.cast import Branch


def ask(branch: Branch, who: Actor | None, *, epoch: str = "", after: object = 0, **more: Any) -> Any:
    epoch = epoch or stream.head().epoch
    return make.client_at(branch, who).get(f"/live/hints?epoch={epoch}&after={after}", **more)


def numbered(**ticket: Any) -> Head:
    make.make_ticket(**ticket)
    return stream.number_committed()[0]


def test_it_tells_every_number(lotus_db: Branch, lin: Actor) -> None:
    head = numbered(status="accepted")
    answer = ask(lotus_db, lin).json()
    assert (answer["epoch"], answer["head"]) == (head.epoch, head.seq)
    assert [hint["s"] for hint in answer["hints"]] == list(range(1, head.seq + 1))
    assert [hint["v"] for hint in answer["hints"]] == sorted(hint["v"] for hint in answer["hints"])


def test_what_one_may_not_see_is_a_number_only(lotus_db: Branch, gao: Actor) -> None:
    head = numbered()
    assert ask(lotus_db, gao).json()["hints"] == [
        {"e": head.epoch, "s": seq, "k": "-"} for seq in range(1, head.seq + 1)
    ]


def test_at_the_head_there_is_nothing(lotus_db: Branch, lin: Actor) -> None:
    head = numbered()
    assert ask(lotus_db, lin, after=head.seq).json() == {"epoch": head.epoch, "head": head.seq, "hints": []}


def test_numbers_are_never_in_a_cache(lotus_db: Branch, lin: Actor) -> None:
    assert "no-store" in ask(lotus_db, lin)["Cache-Control"]


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "9" * 19, "１"])
def test_no_number_is_refused(lotus_db: Branch, lin: Actor, after: str) -> None:
    assert ask(lotus_db, lin, after=after).status_code == 422


def test_only_reading(lotus_db: Branch, lin: Actor) -> None:
    assert make.client_at(lotus_db, lin).post("/live/hints").status_code == 405


def test_who_is_not_signed_in(lotus_db: Branch) -> None:
    assert ask(lotus_db, None).status_code == 401


def test_who_may_not_listen(lotus_db: Branch, ku: Actor) -> None:
    assert ask(lotus_db, ku).status_code == 403


def test_it_costs_the_same_for_one_and_for_many(lotus_db: Branch, lin: Actor) -> None:
    client, epoch = make.client_at(lotus_db, lin), stream.head().epoch

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/live/hints?epoch={epoch}&after=0").status_code == 200
        return len([one for one in asked if not (one["sql"] or "").startswith("SET ")])

    numbered()
    queries()  # the host is looked up once in half a minute
    few = queries()
    for _ in range(6):
        numbered(status="void")
    assert queries() == few
    assert few <= 6  # session, account, roles; head, events, outlines


# -- when only a fresh list can help -----------------------------------------------------------------------------


def wants_snapshot(answer: Any) -> bool:
    return answer.status_code == 409 and answer.json() == {"snapshot": True}


def test_an_unknown_epoch(lotus_db: Branch, lin: Actor) -> None:
    numbered()
    assert wants_snapshot(ask(lotus_db, lin, epoch=str(uuid.uuid4())))
    before = stream.head().epoch
    EventStream.objects.update(epoch=uuid.uuid4())
    assert wants_snapshot(ask(lotus_db, lin, epoch=before))


def test_a_number_that_was_never_given(lotus_db: Branch, lin: Actor) -> None:
    head = numbered()
    assert wants_snapshot(ask(lotus_db, lin, after=head.seq + 1))


def test_far_behind(lotus_db: Branch, lin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 2)
    head = numbered(status="void")
    assert wants_snapshot(ask(lotus_db, lin, after=0))
    assert len(ask(lotus_db, lin, after=head.seq - 2).json()["hints"]) == 2


def test_older_than_what_is_kept(lotus_db: Branch, lin: Actor) -> None:
    old = numbered()
    with clock.frozen(clock.now() + timedelta(days=8)):
        kept = numbered()
        read_to_the_end()
        assert backlog.prune()[0] == old.seq
    assert wants_snapshot(ask(lotus_db, lin, after=old.seq - 1))
    assert len(ask(lotus_db, lin, after=old.seq).json()["hints"]) == kept.seq - old.seq


def test_everything_was_forgotten(lotus_db: Branch, lin: Actor) -> None:
    head = numbered()
    OutboxEvent.objects.all().delete()
    assert wants_snapshot(ask(lotus_db, lin, after=head.seq - 1))
    assert ask(lotus_db, lin, after=head.seq).status_code == 200


# -- forgetting --------------------------------------------------------------------------------------------------


def read_to_the_end() -> None:
    """As if every subscriber had taken everything."""
    from steppe.kernel.events import SUBSCRIBERS
    from steppe.kernel.journal.models import SubscriberCursor

    for name in SUBSCRIBERS:
        SubscriberCursor.objects.update_or_create(subscriber=name, defaults={"seq": stream.head().seq})


def test_only_a_beginning_is_forgotten(lotus_db: Branch) -> None:
    """An old date behind a young one (a clock that was set back) stays: a hole would look like a loss."""
    head = numbered(status="void")
    OutboxEvent.objects.exclude(seq=2).update(occurred_at=clock.now() - timedelta(days=30))
    read_to_the_end()
    assert backlog.prune()[0] == 1
    assert [event.seq for event in stream.events_after(0)] == list(range(2, head.seq + 1))


def test_what_a_subscriber_has_not_taken_stays(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    from steppe.kernel.events import SUBSCRIBERS, Subscriber

    monkeypatch.setitem(SUBSCRIBERS, "test.slow", Subscriber("test.slow", frozenset({"ticket.opened"}), lambda e: None))
    numbered()
    OutboxEvent.objects.update(occurred_at=clock.now() - timedelta(days=30))
    assert backlog.prune()[0] == 0
    read_to_the_end()
    assert backlog.prune()[0] == 2


def test_what_has_no_number_stays(lotus_db: Branch) -> None:
    make.make_ticket()
    OutboxEvent.objects.update(occurred_at=clock.now() - timedelta(days=30))
    read_to_the_end()
    assert backlog.prune()[0] == 0


def test_keys_live_for_thirty_days(lotus_db: Branch) -> None:
    make.make_ticket(status="void")
    young = IdempotencyKey.objects.latest("id")
    IdempotencyKey.objects.exclude(pk=young.pk).update(created_at=clock.now() - timedelta(days=31))
    assert backlog.prune()[1] == 1
    assert IdempotencyKey.objects.get() == young


def test_looking_is_one_query(lotus_db: Branch, django_assert_num_queries: Any) -> None:
    make.make_ticket()
    with django_assert_num_queries(1):
        assert backlog.look().unnumbered
    stream.number_committed()
    read_to_the_end()
    assert backlog.look() == backlog.Backlog(unnumbered=False, undrained=False)
