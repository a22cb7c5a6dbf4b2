"""The whole way through real processes: card out, receipt back through the web server's own door, one token for all."""

import os
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

import pytest

from apps.people.models import Technician
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import inbox as inbound
from apps.wechat.models import PushOutbox, StaffBinding, Status
from apps.wechat.push import delivery
from tenants.context import in_branch, in_public
from tests.make import make_ticket
from tests.realtime.processes import Process, Valkey, eventually, free_port
from tests.wechat import stand

pytestmark = pytest.mark.live

MANY = """
import django, sys
django.setup()
from concurrent.futures import ThreadPoolExecutor
from apps.wechat.calls.client import client_for
from apps.wechat.selectors import required_account
from tenants.context import branch_by_schema, in_branch
with in_branch(branch_by_schema(sys.argv[1])):
    client = client_for(required_account())
with ThreadPoolExecutor(16) as pool:
    tokens = {f.result() for f in [pool.submit(lambda: client.access_token) for _ in range(16)]}
print(len(tokens))
"""


def environment(committed: Any, wx: Any, port: int) -> dict[str, str]:
    return {
        "STEPPE_DATABASE_URL": committed.url, "STEPPE_WEB_PORT": str(port), "STEPPE_WECHAT_ROOT": wx.root,
        "STEPPE_WECHAT_OPEN_ROOT": wx.root,
    }  # fmt: skip


def serve(port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    return [sys.executable, "-m", "granian", *options, "--blocking-threads", "4", "steppe.boot.wsgi:application"]


@pytest.fixture
def web(committed, wx, settings, tmp_path) -> Any:
    """The web server on a port of its own."""
    port = settings.STEPPE_WEB_PORT = free_port()
    process = Process("web", serve(port), environment(committed, wx, port), tmp_path)
    yield process
    process.stop()


def test_a_card_goes_out_and_its_receipt_comes_back(web, wx, lotus):
    with in_branch(lotus.tenant):
        Technician.objects.exclude(user__username="wu").update(on_duty=False)
        account = stand.open_account(wx)
        stand.bind(wx, account, "wu")
        eventually(lambda: wx.tell("verify", {"appid": account.appid})["ok"], "the sandbox finds the door", 90)
        make_ticket()
        stand.relay()
        assert delivery.send_due() == 1
        eventually(lambda: _inbox() == 1, "the receipt is in the inbox")
        inbound.take_all()
        assert PushOutbox.objects.get().status == Status.DELIVERED


def test_who_unfollows_on_the_phone_is_noted(web, wx, lotus):
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        stand.bind(wx, account, "wu")
        eventually(lambda: wx.tell("verify", {"appid": account.appid})["ok"], "the sandbox finds the door", 90)
        wx.tell("act", {"user_id": "lotus-wu", "appid": account.appid, "action": "unfollow"})
        eventually(lambda: _inbox() == 1, "the event is in the inbox")
        inbound.take_all()
        assert not StaffBinding.objects.get().followed


def test_two_processes_of_sixteen_threads_ask_for_one_token(committed, wx, lotus):
    with in_branch(lotus.tenant):
        stand.open_account(wx)
    env = environment(committed, wx, 8000) | {
        "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test",
        "PYTHONPATH": ".:platform",
    }
    command = [sys.executable, "-c", MANY, lotus.tenant.schema_name]
    both = [subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.PIPE) for _ in range(2)]
    assert [child.communicate(timeout=60)[0].strip() for child in both] == [b"1", b"1"]
    assert wx.token_calls() == 1


@pytest.fixture
def house(committed, wx, settings, tmp_path) -> Any:
    """Web, relay and worker with a broker of their own; nobody calls anything by hand."""
    valkey, port = Valkey(tmp_path), free_port()
    settings.STEPPE_WEB_PORT = port
    env = environment(committed, wx, port) | {"STEPPE_VALKEY_URL": valkey.url}
    worker = [sys.executable, "-m", "celery", "-A", "steppe.boot.celery", "worker", "-P", "prefork", "-c", "1"]
    worker += ["-Q", "urgent,default"]
    with ExitStack() as stack:
        stack.callback(valkey.stop)
        relay = [sys.executable, "manage.py", "relay"]
        for name, command in (("web", serve(port)), ("relay", relay), ("worker", worker)):
            process = Process(name, command, env, tmp_path)
            stack.callback(process.stop, 30)
        yield


def test_a_ticket_becomes_a_card_and_its_receipt_by_themselves(house, wx, lotus):
    with in_branch(lotus.tenant):
        Technician.objects.exclude(user__username="wu").update(on_duty=False)
        account = stand.open_account(wx)
        stand.bind(wx, account, "wu")
        eventually(lambda: wx.tell("verify", {"appid": account.appid})["ok"], "the sandbox finds the door", 90)
        make_ticket()
        eventually(lambda: len(wx.cards()) == 1, "the card is on the phone", 90)
        eventually(lambda: PushOutbox.objects.get().status == Status.DELIVERED, "the receipt came back", 90)


def _inbox() -> int:
    with in_public():
        return Inbox.objects.count()
