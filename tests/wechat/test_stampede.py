"""Thirty-two threads of two processes want one account's token at once: one of them asks WeChat (WeChat doc: §2.4)."""

import time

import pytest
import redis

from tests.realtime.processes import Valkey, eventually
from tests.wechat.crowd import crowd

pytestmark = pytest.mark.live

SLOW = {"delay_s": 1.5}


@pytest.fixture
def many(office, wx, django_db_setup):
    """Two processes of sixteen threads."""
    with crowd(office.secrets, database=django_db_setup.url, root=wx.root) as found:
        yield found


def one_value(results, count=32):
    assert len(results) == count
    assert {kind for kind, _ in results} == {"ok"}
    return len({value for _, value in results}) == 1


def test_cold_and_after_the_token_died_one_of_all_asks_wechat(many, wx):
    wx.spoil("stable_token", SLOW, times=None)
    assert one_value(many.do("token"))
    assert wx.token_calls() == 1
    wx.spoil("user/info", {"invalidate_token": True})
    assert one_value(many.do("info"))
    assert wx.token_calls() == 2


def test_one_of_all_asks_for_the_ticket(many, wx):
    wx.spoil("getticket", SLOW, times=None)
    assert one_value(many.do("ticket"))
    assert len(wx.calls("/cgi-bin/ticket/getticket")) == 1
    assert wx.token_calls() == 1


def test_a_token_that_is_never_taken_costs_each_caller_two_calls_and_all_of_them_few_tokens(many, wx):
    many.do("token")
    wx.spoil("user/info", {"errcode": 40001}, times=None)
    assert {tuple(one) for one in many.do("info")} == {("TokenInvalid", "40001")}
    assert len(wx.calls("/cgi-bin/user/info")) == 64
    assert wx.token_calls() <= 1 + 3  # not one for each: who gets the same again tells the others


@pytest.mark.parametrize("with_valkey", [True, False], ids=["with Valkey", "without"])
def test_a_process_killed_while_it_fetches_holds_up_the_others_no_longer_than_its_lock(
    office, wx, django_db_setup, with_valkey
):
    env = {} if with_valkey else {"STEPPE_VALKEY_URL": "redis://127.0.0.1:9"}
    wx.spoil("stable_token", {"delay_s": 4, "drop_before": True})
    options = {"database": django_db_setup.url, "root": wx.root, **env}
    with (
        crowd(office.secrets, processes=1, lock_s=3, **options) as first,
        crowd(office.secrets, processes=2, **options) as others,
    ):
        first.start("token", 1)
        time.sleep(1.5)
        others.start("token")
        time.sleep(0.3)
        first.children[0].kill()
        began = time.monotonic()
        assert one_value(others.results())
        assert time.monotonic() - began < 3 + 2
    assert wx.token_calls() <= 2


def test_without_valkey_the_database_is_enough(office, wx, django_db_setup):
    wx.spoil("stable_token", SLOW, times=None)
    nowhere = {"STEPPE_VALKEY_URL": "redis://127.0.0.1:9"}
    with crowd(office.secrets, database=django_db_setup.url, root=wx.root, **nowhere) as alone:
        assert one_value(alone.do("token"))
        assert wx.token_calls() == 1
        wx.spoil("user/info", {"invalidate_token": True})
        assert one_value(alone.do("info"))
        assert one_value(alone.do("ticket"))
    assert wx.token_calls() == 2
    assert len(wx.calls("/cgi-bin/ticket/getticket")) == 1


def test_valkey_stops_in_the_middle_and_comes_back_empty_and_no_token_is_fetched_twice(
    office, wx, django_db_setup, tmp_path
):
    valkey = Valkey(tmp_path)
    wx.spoil("stable_token", SLOW, times=None)
    try:
        with crowd(
            office.secrets, database=django_db_setup.url, root=wx.root, STEPPE_VALKEY_URL=valkey.url
        ) as together:
            together.start("token")
            store = redis.Redis.from_url(valkey.url)
            eventually(lambda: list(store.scan_iter("steppe:wx:*:lock")), "somebody fetches")
            valkey.stop()
            assert one_value(together.results())
            valkey.start()
            time.sleep(3.2)  # Valkey is looked for again
            assert one_value(together.do("token"))
            assert list(store.scan_iter("steppe:wx:*:token"))
    finally:
        valkey.stop()
    assert wx.token_calls() == 1
