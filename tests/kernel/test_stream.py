"""Numbers without a gap, and every subscriber gets every event, at least once, in order.

With sixteen writers, and the control that shows a cursor on ids missing events: tests/realtime/test_numbering.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.people.models import Customer
from apps.tickets.events import TicketOpened, TicketVoided, WavePushed
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.events import SUBSCRIBERS, Event, EventRecord, Subscriber, subscribe
from steppe.kernel.journal import backlog, stream
from steppe.kernel.journal.models import OutboxEvent, ParkedEvent, SubscriberCursor
from tenants.context import in_branch
from tests.cast import Branch
from tests.kernel.conftest import UseCase
from tests.make import key, make_ticket
from tests.rules import together

WAVE = frozenset({WavePushed.kind})


def write_some(write: UseCase, count: int) -> None:
    for number in range(count):
        write(word=f"w-{number}", by=SYSTEM, key=key())


def reader(
    handle: Callable[[EventRecord], None], kinds: frozenset[str] = WAVE, name: str = "test.reader"
) -> Subscriber:
    return Subscriber(name, kinds, handle)


def cursor(name: str = "test.reader") -> SubscriberCursor:
    return SubscriberCursor.objects.get(subscriber=name)


def test_committed_events_are_numbered_densely_from_one(lotus_db: Branch, write: UseCase) -> None:
    write_some(write, 3)
    assert stream.number_committed()[1] == 3
    write_some(write, 2)
    head, numbered = stream.number_committed()
    assert (head.seq, numbered) == (5, 2)
    assert [event.seq for event in stream.events_after(0)] == [1, 2, 3, 4, 5]
    assert stream.head() == head


def test_nothing_new_moves_nothing(lotus_db: Branch, write: UseCase) -> None:
    write_some(write, 1)
    before = stream.number_committed()[0]
    assert stream.number_committed() == (before, 0)


def test_an_event_has_no_number_before_the_relay_has_seen_it(lotus_db: Branch, write: UseCase) -> None:
    write_some(write, 1)
    assert stream.events_after(0) == [] and backlog.look().unnumbered
    stream.number_committed()
    assert not backlog.look().unnumbered


def test_more_than_a_batch_takes_several_turns(
    lotus_db: Branch, write: UseCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BATCH", 2)
    write_some(write, 5)
    assert [stream.number_committed()[1] for _ in range(4)] == [2, 2, 1, 0]
    assert [event.seq for event in stream.events_after(0, limit=10)] == [1, 2, 3, 4, 5]


def test_two_sequencers_take_turns_and_leave_no_gap(committed: Any, lotus: Branch, write: UseCase) -> None:
    with in_branch(lotus.tenant):
        write_some(write, 12)
    counts = together(lotus, [lambda: stream.number_committed()[1]] * 4)
    assert sorted(counts) == [0, 0, 0, 12]
    with in_branch(lotus.tenant):
        assert [event.seq for event in stream.events_after(0)] == list(range(1, 13))


def test_the_branches_streams_are_strangers(lotus_db: Branch, maple: Branch, write: UseCase) -> None:
    write_some(write, 2)
    stream.number_committed()
    here = stream.head()
    with in_branch(maple.tenant):
        assert stream.number_committed()[1] == 0 and stream.events_after(0) == []
        assert stream.head().seq == 0 and stream.head().epoch != here.epoch


def test_events_are_read_after_a_number_up_to_a_limit_and_by_kind(lotus_db: Branch) -> None:
    make_ticket(status="void")
    stream.number_committed()
    assert [event.kind for event in stream.events_after(1)] == ["ticket.wave_pushed", "ticket.voided"]
    assert [event.seq for event in stream.events_after(0, limit=1)] == [1]
    assert [event.seq for event in stream.events_after(0, kinds=["ticket.voided"])] == [3]


def test_a_record_becomes_the_typed_event_again(lotus_db: Branch) -> None:
    ticket = make_ticket()
    stream.number_committed()
    event = stream.events_after(0)[0].event()
    assert isinstance(event, TicketOpened)
    assert (event.public_id, event.before, event.after, event.channel) == (ticket.public_id, "", "pooled", "shop")


def test_a_field_of_a_newer_release_is_left_out(lotus_db: Branch) -> None:
    make_ticket()
    OutboxEvent.objects.filter(kind="ticket.opened").update(
        facts={"before": "", "after": "pooled", "day": "2026-07-01", "colour": "blue"}
    )
    stream.number_committed()
    assert stream.events_after(0)[0].event().day == "2026-07-01"  # type: ignore[attr-defined]


def test_two_events_of_one_name_are_a_programming_error() -> None:
    with pytest.raises(TypeError, match=r"ticket\.voided"):
        type("Another", (Event,), {"kind": TicketVoided.kind})


def test_a_subscriber_gets_each_event_of_its_kinds_once_in_order(lotus_db: Branch) -> None:
    make_ticket(status="void")
    make_ticket()
    stream.number_committed()
    got: list[int] = []
    subscriber = reader(lambda record: got.append(record.seq))
    assert stream.drain(subscriber) == 5
    assert stream.drain(subscriber) == 0
    assert got == [2, 5] and cursor().seq == 5


def test_what_a_subscriber_does_not_want_is_passed_over(lotus_db: Branch) -> None:
    make_ticket(status="void")
    stream.number_committed()
    assert stream.drain(reader(lambda record: None, frozenset({"ticket.opened"}))) == 3
    assert cursor().seq == 3


def test_a_failing_subscriber_undoes_only_its_own_effect_and_waits(lotus_db: Branch, write: UseCase) -> None:
    write_some(write, 3)
    stream.number_committed()
    got: list[int] = []

    def fails_at_two(record: EventRecord) -> None:
        Customer.objects.create(name=f"effect-{record.seq}")
        got.append(record.seq)
        if record.seq == 2 and got.count(2) == 1:
            raise RuntimeError("not now")

    subscriber = reader(fails_at_two)
    stream.drain(subscriber)
    assert (got, cursor().seq, cursor().attempts) == ([1, 2], 1, 1)
    assert stream.drain(subscriber) == 0  # it is not yet time
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        stream.drain(subscriber)
    assert got == [1, 2, 2, 3] and (cursor().seq, cursor().attempts, cursor().retry_at) == (3, 0, None)
    assert Customer.objects.filter(name__startswith="effect-").count() == 3


def test_an_event_that_never_works_is_parked_and_blocks_nobody(lotus_db: Branch, write: UseCase) -> None:
    write_some(write, 3)
    stream.number_committed()
    got: list[int] = []

    def never_two(record: EventRecord) -> None:
        if record.seq == 2:
            raise RuntimeError("never")
        got.append(record.seq)

    subscriber, moment = reader(never_two), clock.now()
    for turn in range(stream.PARK_AFTER):
        with clock.frozen(moment + timedelta(minutes=2 * turn)):
            stream.drain(subscriber)
    parked = ParkedEvent.objects.get()
    assert (parked.subscriber, parked.seq, parked.error) == ("test.reader", 2, "RuntimeError: never")
    assert got == [1, 3] and cursor().seq == 3


def test_the_wait_grows_and_ends_at_a_minute(lotus_db: Branch, write: UseCase) -> None:
    write_some(write, 1)
    stream.number_committed()

    def never(record: EventRecord) -> None:
        raise RuntimeError

    subscriber, moment, waits = reader(never), clock.now(), []
    for turn in range(stream.PARK_AFTER - 1):
        with clock.frozen(moment + timedelta(minutes=2 * turn)):
            stream.drain(subscriber)
            waits.append((cursor().retry_at - clock.now()).total_seconds())  # type: ignore[operator]
    assert waits == [2, 4, 8, 16, 32, 60, 60]


def test_one_that_fails_does_not_keep_the_others(lotus_db: Branch, write: UseCase) -> None:
    write_some(write, 2)
    stream.number_committed()
    got: list[int] = []

    def never(record: EventRecord) -> None:
        raise RuntimeError

    stream.drain(reader(never))
    stream.drain(reader(lambda record: got.append(record.seq), name="test.other"))
    assert got == [1, 2] and cursor("test.other").seq == 2 and cursor().seq == 0


def test_two_relays_drain_one_subscriber_with_one_effect_each(committed: Any, lotus: Branch, write: UseCase) -> None:
    with in_branch(lotus.tenant):
        write_some(write, 6)
        stream.number_committed()
    subscriber = reader(lambda record: Customer.objects.create(name=f"effect-{record.seq}") and None)
    together(lotus, [lambda: stream.drain(subscriber)] * 3)
    with in_branch(lotus.tenant):
        names = list(Customer.objects.filter(name__startswith="effect-").order_by("id").values_list("name", flat=True))
    assert names == [f"effect-{seq}" for seq in range(1, 7)]


def test_one_that_failed_late_does_not_turn_the_cursor_back(lotus_db: Branch, write: UseCase) -> None:
    """Another relay has passed the event while ours was failing at it; its place stands."""
    write_some(write, 3)
    stream.number_committed()

    def overtaken(record: EventRecord) -> None:
        raise RuntimeError

    subscriber, record = reader(overtaken), stream.events_after(0)[0]
    SubscriberCursor.objects.create(subscriber=subscriber.name, seq=3, attempts=stream.PARK_AFTER - 1)
    stream._failed(subscriber, record, RuntimeError("late"))
    assert cursor().seq == 3 and not ParkedEvent.objects.exists()


def test_subscribing_registers_once(own_subscribers: dict[str, Subscriber]) -> None:
    @subscribe("test.mine", WavePushed)
    def mine(record: EventRecord) -> None: ...

    assert SUBSCRIBERS["test.mine"].kinds == WAVE
    subscribe("test.mine", WavePushed)(mine)  # a module may be imported again
    with pytest.raises(TypeError, match="two subscribers"):
        subscribe("test.mine", WavePushed)(lambda record: None)


def test_old_events_are_forgotten_only_when_everybody_has_them(
    lotus_db: Branch, write: UseCase, own_subscribers: dict[str, Subscriber]
) -> None:
    own_subscribers.clear()
    own_subscribers["test.reader"] = subscriber = reader(lambda record: None)
    with clock.frozen(clock.now() - backlog.EVENTS_KEPT - timedelta(hours=1)):
        write_some(write, 2)
    write_some(write, 1)
    stream.number_committed()
    assert backlog.prune()[0] == 0  # nobody has read them yet
    stream.drain(subscriber)
    assert backlog.prune()[0] == 2
    assert [event.seq for event in stream.events_after(0)] == [3] and stream.head().seq == 3
    write_some(write, 1)
    assert stream.number_committed()[0].seq == 4


def test_the_past_is_passed_over_and_what_follows_is_not(
    lotus_db: Branch, write: UseCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    one = reader(lambda record: seen.append(record.seq), kinds=frozenset({TicketOpened.kind}))
    monkeypatch.setitem(SUBSCRIBERS, one.name, one)
    make_ticket()
    stream.pass_over()
    stream.drain(one)
    assert seen == []
    make_ticket()
    stream.number_committed()
    stream.drain(one)
    assert len(seen) == 1
