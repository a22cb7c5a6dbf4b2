"""Where tokens stand: Valkey first, the database behind it, and this process's memory while Valkey is away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from apps.wechat.calls import shelves, store
from apps.wechat.calls.client import TenantWeChatClient, api_root
from apps.wechat.calls.kept import KEPT
from apps.wechat.errors import AccountBroken, Transient, WeChatError
from apps.wechat.gateway.models import KeptValue
from tenants.context import in_public
from tests.realtime.processes import Valkey


@pytest.fixture
def own_valkey(settings, tmp_path):
    """A Valkey of this test's own, which it may stop."""
    settings.STEPPE_VALKEY_URL, run = (valkey := Valkey(tmp_path)).url, settings.STEPPE_VALKEY_URL
    forget_valkey()
    yield valkey
    valkey.stop()
    settings.STEPPE_VALKEY_URL = run
    forget_valkey()


def forget_valkey():
    """As in a process that begins."""
    shelves.valkey.cache_clear()
    shelves.VALKEY._silent_until = 0.0
    shelves.MEMORY.clear()


@pytest.fixture
def client(hushed, office):
    return TenantWeChatClient(office.secrets, api_root())


def many(work, count=32):
    with ThreadPoolExecutor(count) as pool:
        return {future.result() for future in [pool.submit(work) for _ in range(count)]}


def rows(client):
    with in_public():
        return {row.name: row.sealed for row in KeptValue.objects.filter(name__contains=client._slot.fingerprint)}


def test_a_token_lies_sealed_in_the_database_too(own_valkey, client):
    token = client.access_token
    (sealed,) = [text for name, text in rows(client).items() if name.endswith(":token")]
    assert token not in sealed
    assert not [name for name in rows(client) if name.endswith(":lock")]


def test_without_valkey_thirty_two_threads_ask_for_one_token_and_leave_no_connection_behind(own_valkey, client, wx):
    own_valkey.stop()
    before = open_connections()
    assert len(many(lambda: client.access_token)) == 1
    assert wx.token_calls() == 1
    assert open_connections() == before


def open_connections():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_a_valkey_that_comes_back_empty_costs_no_second_call(own_valkey, client, wx):
    token = client.access_token
    own_valkey.restart()
    forget_valkey()
    assert client.access_token == token
    assert wx.token_calls() == 1
    assert store.get(client._slot) == token


def test_what_one_process_fetched_without_valkey_the_next_one_finds(own_valkey, client, wx):
    own_valkey.stop()
    token = client.access_token
    forget_valkey()
    assert client.access_token == token
    wx.spoil("user/info", {"invalidate_token": True})
    client.user_info("o-lotus-wu")
    forget_valkey()
    assert client.access_token != token
    assert wx.token_calls() == 2


def test_a_token_fetched_in_a_transaction_that_is_rolled_back_is_kept(own_valkey, client, wx):
    own_valkey.stop()
    with transaction.atomic():
        _ = client.access_token
        transaction.set_rollback(True)
    forget_valkey()
    _ = client.access_token
    assert wx.token_calls() == 1


def test_a_failure_is_remembered_without_valkey_by_every_process(own_valkey, client, wx):
    own_valkey.stop()
    wx.spoil("stable_token", {"errcode": 40164}, times=None)
    for _ in range(3):
        with pytest.raises(AccountBroken) as caught:
            _ = client.access_token
        assert caught.value.errcode == 40164
        forget_valkey()
    assert wx.token_calls() == 1


@pytest.mark.parametrize("errcode", [40164, 40125, 89503])
def test_what_somebody_must_repair_is_not_asked_for_a_minute_unless_it_is_mended(client, wx, errcode, monkeypatch):
    wx.spoil("stable_token", {"errcode": errcode}, times=2)
    for _ in range(4):
        with pytest.raises(AccountBroken):
            _ = client.access_token
    assert wx.token_calls() == 1
    assert 55 < shelves.valkey().ttl(f"{client._slot.name}:failed") <= 60
    client.forgive()
    with pytest.raises(AccountBroken):
        _ = client.access_token
    client.forgive()
    assert client.access_token
    assert wx.token_calls() == 3


def test_a_lost_answer_is_asked_for_again_after_two_seconds(client, wx):
    wx.spoil("stable_token", {"http": 502})
    for _ in range(3):
        with pytest.raises(Transient):
            _ = client.access_token
    assert wx.token_calls() == 1
    assert 0 < shelves.valkey().pttl(f"{client._slot.name}:failed") <= 2000


def test_a_token_is_gone_five_minutes_before_its_end(client):
    store.put(client._slot, "short", 400)
    assert 95 < shelves.valkey().ttl(client._slot.name) <= 100
    assert store.get(client._slot) == "short"


def test_the_database_frees_only_what_is_the_owners_and_what_is_over(client):
    name = f"{client._slot.name}:try"
    assert KEPT.claim(name, "a", 3)
    assert not KEPT.claim(name, "b", 5)
    KEPT.free(name, "b")
    assert KEPT.get(name) == "a"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(3.1)")
    assert KEPT.claim(name, "b", 5)
    KEPT.free(name, "b")
    assert KEPT.get(name) == ""


def test_without_valkey_and_without_the_database_a_token_is_still_fetched(own_valkey, client, wx, monkeypatch):
    own_valkey.stop()
    monkeypatch.setitem(connection.settings_dict, "PORT", "9")
    assert client.access_token
    assert client.access_token
    assert wx.token_calls() == 1


def test_a_value_sealed_with_another_key_counts_as_nothing(client, wx):
    shelves.valkey().set(client._slot.name, "bm90IG91cnM=", ex=60)
    assert store.get(client._slot) is None
    assert client.access_token


def test_who_waits_too_long_is_told_so(client, monkeypatch):
    monkeypatch.setattr(store, "WAIT_S", 0.2)
    shelves.valkey().set(f"{client._slot.name}:lock", "somebody", px=5000)
    with pytest.raises(WeChatError, match="no answer") as caught:
        _ = client.access_token
    assert not caught.value.permanent
