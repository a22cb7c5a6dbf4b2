"""How many messages an account sends a second: one bucket for all processes; an empty one is no try."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from apps.wechat.calls.client import client_for
from apps.wechat.models import PushOutbox, Status
from apps.wechat.push import delivery
from steppe.kernel import clock
from tests.make import make_ticket
from tests.wechat import stand
from tests.wechat.test_token_store import own_valkey  # noqa: F401


@pytest.fixture
def bucket(office):
    """This test's own."""
    return client_for(office.account).bucket


def took(bucket, times):
    return [bucket.take() for _ in range(times)]


def test_a_burst_goes_at_once_and_then_twenty_a_second(bucket):
    assert (bucket.rate, bucket.burst) == (20.0, 40.0)
    slow = replace(bucket, rate=0.5)
    assert took(slow, 40) == [0.0] * 40
    assert 1.5 < slow.take() <= 2.0


def test_it_fills_again(bucket):
    small = replace(bucket, rate=10.0, burst=2.0)
    assert took(small, 2) == [0.0, 0.0]
    wait = small.take()
    assert 0 < wait <= 0.1
    time.sleep(wait + 0.01)
    assert small.take() == 0.0
    assert small.take() > 0


def test_threads_and_processes_share_it(bucket):
    slow = replace(bucket, rate=0.01, burst=10.0)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: slow.take(), range(40)))
    assert found.count(0.0) == 10
    assert replace(slow).take() > 0  # Valkey keeps it, not the object


def test_another_account_has_its_own(bucket):
    slow = replace(bucket, rate=0.01, burst=1.0)
    assert took(slow, 2)[1] > 0
    assert replace(slow, name=f"{slow.name}-other").take() == 0.0


def test_without_valkey_the_process_has_one_of_its_own(bucket, own_valkey):  # noqa: F811
    own_valkey.stop()
    slow = replace(bucket, rate=0.5, burst=3.0)
    assert took(slow, 3) == [0.0] * 3
    assert 1.5 < slow.take() <= 2.0


def test_a_card_that_finds_it_empty_waits_and_it_was_no_try(office, wx, monkeypatch):
    slow = replace(client_for(office.account).bucket, rate=0.01, burst=1.0)
    monkeypatch.setattr(client_for(office.account), "bucket", slow)
    make_ticket()
    stand.relay()
    delivery.send_due()
    assert wx.sends() == 1
    (waiting,) = PushOutbox.objects.filter(status=Status.PENDING)
    assert waiting.attempts == 0
    assert (waiting.next_try_at - clock.now()).total_seconds() > 60


def test_when_it_fills_in_a_moment_the_same_worker_goes_on(office, wx, monkeypatch):
    slow = replace(client_for(office.account).bucket, rate=5.0, burst=1.0)
    monkeypatch.setattr(client_for(office.account), "bucket", slow)
    make_ticket()
    make_ticket()
    stand.relay()
    began = time.monotonic()
    delivery.send_due()
    rows = PushOutbox.objects.filter(account=office.account)
    assert {(row.status, row.attempts) for row in rows} == {(Status.ACCEPTED, 1)}
    assert wx.sends() == 4
    assert time.monotonic() - began >= 0.55
