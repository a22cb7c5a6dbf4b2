"""Sending: signed, again after failures with the same id, never for ever, never to who may not hear it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.partners import outbound, queue, sending, services, tasks
from apps.partners.errors import NotRetryable
from apps.partners.models import AllowedHost, Delivery, Listener, Partner
from apps.partners.rules import retries
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tenants.relay import settle
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.partners.allies import Ally, allow, connected, listening, sent
from tests.partners.receiver import Receiver


@pytest.fixture
def event(lotus_db: Branch, ally: Ally, heard: Receiver) -> Delivery:
    """One event that waits for its first try."""
    listening(ally, heard.url, query="eventType=TicketCreateEvent")
    make_ticket()
    settle(lotus_db.tenant)
    return Delivery.objects.get()


def now_is(seconds: float) -> Any:
    return clock.frozen(clock.now() + timedelta(seconds=seconds))


def test_a_real_receiver_can_tell_that_it_is_ours(event: Delivery, heard: Receiver) -> None:
    heard.answer = b"thank you"
    assert sending.send_due() == 1
    (call,) = heard.heard
    assert call["genuine"] and call["id"] == str(event.event_id) == call["body"]["eventId"]
    assert call["path"] == "/events" and call["headers"]["host"] == heard.host
    row = Delivery.objects.get()
    assert (row.status, row.answer_status, row.answer, row.attempts) == ("delivered", 204, "", 1)
    assert sending.send_due() == 0


def test_a_body_that_somebody_changed_is_not_genuine(event: Delivery, heard: Receiver, ally: Ally) -> None:
    heard.signing_key = "whsec_" + "A" * 43 + "="
    sending.send_due()
    assert not heard.heard[0]["genuine"]


@pytest.mark.parametrize("status", [500, 503, 404, 301, 302, 400])
def test_a_bad_answer_is_tried_again_with_the_same_id_and_body(event: Delivery, heard: Receiver, status: int) -> None:
    heard.status, heard.answer = status, b"no"
    sending.send_due()
    row = Delivery.objects.get()
    assert (row.status, row.answer_status, row.answer) == ("pending", status, "no")
    assert sending.send_due() == 0  # not yet
    heard.status = 204
    with now_is(11):
        assert sending.send_due() == 1
    first, second = heard.heard
    assert (
        first["id"] == second["id"] and first["raw"] == second["raw"] and Delivery.objects.get().status == "delivered"
    )


def test_a_silent_receiver_costs_little_time(event: Delivery, heard: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "READ_S", 0.2)
    heard.wait_s = 1.0
    sending.send_due()
    row = Delivery.objects.get()
    assert (row.status, row.answer_status, row.answer) == ("pending", None, "ReadTimeoutError")


def test_nobody_there_is_a_failure_too(event: Delivery, heard: Receiver) -> None:
    heard.close()
    sending.send_due()
    row = Delivery.objects.get()
    assert row.status == "pending" and row.answer_status is None and row.answer


def test_the_tries_go_on_for_a_day_and_then_end(event: Delivery, heard: Receiver) -> None:
    heard.status, at = 500, clock.now()
    for gap in (0, *retries.AFTER_S):
        at += timedelta(seconds=gap + 1)
        with clock.frozen(at):
            assert sending.send_due() == 1
    assert Delivery.objects.get().status == "dead" and len(heard.heard) == len(retries.AFTER_S) + 1 == 11
    assert len({one["id"] for one in heard.heard}) == 1
    assert timedelta(hours=23) < timedelta(seconds=sum(retries.AFTER_S)) < timedelta(hours=24)
    assert list(retries.AFTER_S) == sorted(retries.AFTER_S)


def test_after_twenty_failures_the_listener_rests_until_somebody_takes_it_up(
    event: Delivery, heard: Receiver, bai: Actor
) -> None:
    Listener.objects.update(failures=19)
    heard.status = 500
    sending.send_due()
    row = Listener.objects.get()
    assert row.paused_at and row.failures == 20
    with now_is(3600):
        assert sending.send_due() == 0 and Delivery.objects.get().status == "pending"
        services.resume_listener(public_id=row.public_id, by=bai, key=key())
        heard.status = 204
        assert sending.send_due() == 1
    assert Listener.objects.get().failures == 0 and Delivery.objects.get().status == "delivered"


def test_killed_between_sending_and_noting_it_is_sent_again_under_the_same_id(
    event: Delivery, heard: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(queue, "close", _killed)
        with pytest.raises(SystemExit):
            sending.send_due()
    assert Delivery.objects.get().status == "sending" and sending.send_due() == 0
    with now_is(61):
        assert sending.send_due() == 1
    assert [one["id"] for one in heard.heard] == [str(event.event_id)] * 2 and all(
        one["genuine"] for one in heard.heard
    )
    assert sent() == [("TicketCreateEvent", "delivered")]


def _killed(*_told: Any) -> None:
    raise SystemExit


def test_a_worker_that_was_given_up_changes_nothing_any_more(event: Delivery) -> None:
    slow = queue.claim_next()
    with now_is(61):
        fast = queue.claim_next()
    assert slow and fast and slow.pk == fast.pk
    queue.close(fast, outbound.Answer(204, ""))
    queue.close(slow, outbound.Answer(500, "late"))
    assert sent() == [("TicketCreateEvent", "delivered")] and Listener.objects.get().failures == 0


def test_two_workers_send_each_event_once(committed: Any, lotus: Branch, receiver: Receiver) -> None:
    with in_branch(lotus.tenant):
        ally = connected(lotus)
        receiver.signing_key = ally.signing_key
        allow(receiver.host)
        listening(ally, receiver.url)
        for _ in range(6):
            make_ticket()
        settle(lotus.tenant)

    def work() -> None:
        with in_branch(lotus.tenant):
            sending.send_due()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(receiver.heard) == len({one["id"] for one in receiver.heard}) == 6


def gone(what: str, ally: Ally, bai: Actor) -> None:
    """Take away what the event needs, a second before it is sent."""
    if what == "token":
        services.revoke_partner(public_id=ally.row.public_id, by=bai, key=key())
    elif what == "listener":
        services.end_listener(public_id=Listener.objects.get().public_id, by=bai, key=key())
    elif what == "host":
        services.disallow_host(host=AllowedHost.objects.get().host, by=bai, key=key())
    elif what == "scope":
        Partner.objects.update(scopes=["events"])
    else:
        Partner.objects.update(expires_at=clock.now())


@pytest.mark.parametrize("what", ["token", "listener", "host", "scope", "day"])
def test_who_may_not_hear_it_any_more_is_not_called(
    event: Delivery, heard: Receiver, ally: Ally, bai: Actor, what: str
) -> None:
    gone(what, ally, bai)
    assert sending.send_due() == 1 and heard.heard == []
    row = Delivery.objects.get()
    assert row.status == "dead" and row.answer and Listener.objects.get().failures == 0


def test_by_hand_it_goes_again_under_the_same_id(event: Delivery, heard: Receiver, bai: Actor) -> None:
    Delivery.objects.update(status="dead", tries=11)
    services.retry_delivery(event_id=str(event.event_id), by=bai, key=key())
    assert sending.send_due() == 1 and heard.heard[0]["id"] == str(event.event_id)
    with pytest.raises(NotRetryable):
        services.retry_delivery(event_id=str(event.event_id), by=bai, key=key())


def test_a_huge_answer_is_read_only_at_its_beginning(event: Delivery, heard: Receiver) -> None:
    heard.answer, heard.status = b"x" * 5_000_000, 200
    sending.send_due()
    assert Delivery.objects.get().answer == "x" * 500 and Delivery.objects.get().status == "delivered"


def test_an_answer_with_odd_bytes_is_kept_all_the_same(event: Delivery, heard: Receiver) -> None:
    heard.answer, heard.status = b"\x00\xff<script>", 500
    sending.send_due()
    assert Delivery.objects.get().answer == "\ufffd<script>"


def test_what_is_older_than_a_month_is_forgotten(event: Delivery) -> None:
    with now_is(29 * 86400):
        tasks.forget_events()
        assert Delivery.objects.count() == 1
    with now_is(31 * 86400):
        tasks.forget_events()
        assert not Delivery.objects.exists()
