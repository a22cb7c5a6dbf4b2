"""kill -9 between send and save: a real worker process dies, the next one finishes, one card is on the phone."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from apps.wechat.models import PushOutbox, Status
from apps.wechat.push import delivery, outbox
from infra.local.paths import ROOT
from steppe.kernel import clock
from tenants.context import in_branch
from tests.make import make_ticket
from tests.wechat import stand, test_notices, ways

WORKER = """
import django; django.setup()
from tenants.context import branch_by_schema, in_branch
from apps.wechat.push import delivery
import sys
with in_branch(branch_by_schema(sys.argv[1])):
    delivery.send_due()
"""


def start_worker(committed, lotus, root):
    """A process of its own that sends what is due in Lotus."""
    env = {
        **os.environ, "STEPPE_DATABASE_URL": committed.url, "STEPPE_WECHAT_ROOT": root, "STEPPE_WECHAT_SANDBOX": "True",
        "STEPPE_WECOM_ROOT": f"{root}/qyapi", "STEPPE_SMS_ROOT": f"{root}/sms",
        "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test",
    }  # fmt: skip
    command = [sys.executable, "-c", WORKER, lotus.tenant.schema_name]
    return subprocess.Popen(command, cwd=ROOT, env=env)


def kill_while_it_waits(worker, wx, path):
    """SIGKILL as soon as the call has been processed and its answer is held back."""
    deadline = time.monotonic() + 60
    while not wx.calls(path) and worker.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert worker.poll() is None, "the worker was through before it could be killed"
    assert wx.calls(path)
    time.sleep(0.3)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL


def finish_after_the_lease():
    """The next worker comes when the dead one's lease is over."""
    assert PushOutbox.objects.get(status=Status.SENDING).locked_until
    assert outbox.claim_next() is None
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        delivery.send_due()


@pytest.fixture
def lotus_here(committed, lotus, wx):
    with in_branch(lotus.tenant):
        yield lotus


def test_a_template_card_is_repeated_and_there_is_one_on_the_phone(committed, lotus_here, wx):
    account = stand.open_account(wx)
    stand.bind(wx, account, "wu")
    make_ticket()
    stand.relay()
    PushOutbox.objects.exclude(technician__user__username="wu").delete()
    wx.spoil("template/send", {"delay_after_s": 20})
    worker = start_worker(committed, lotus_here, wx.root)
    kill_while_it_waits(worker, wx, "/cgi-bin/message/template/send")
    finish_after_the_lease()
    assert PushOutbox.objects.get().status == Status.ACCEPTED
    (card,) = wx.cards(openid="o-lotus-wu")
    assert card["copies"] == 1 and wx.sends() == 2


@pytest.mark.parametrize("channel", ["sms", "wx_subscribe"])
def test_what_cannot_be_repeated_stays_unclear_and_is_sent_once(committed, lotus_here, wx, channel, lotus):
    if channel == "wx_subscribe":
        account = test_notices.ready(wx, lotus.mei.id)
        test_notices.agree(wx, account)
        path = "/cgi-bin/message/subscribe/bizsend"
    else:
        ways.open_sms(wx)
        path = "/sms"
    make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    PushOutbox.objects.exclude(channel=channel).delete()
    wx.spoil(path, {"delay_after_s": 20})
    worker = start_worker(committed, lotus_here, wx.root)
    kill_while_it_waits(worker, wx, path)
    finish_after_the_lease()
    row = PushOutbox.objects.get(channel=channel)
    assert (row.status, row.reason) == (Status.UNKNOWN, "ambiguous_too_long")
    assert len(wx.calls(path)) == 1
