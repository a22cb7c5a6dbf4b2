"""Whole flows, and nothing of a person in the log: signing in, callbacks, cards, binding, a phone number, errors.

All loggers speak at the finest level, in the form in which the product writes its lines; a worker of its own is asked
for what it really prints.
"""

import logging
import os
import subprocess
import sys
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction

from apps.wechat.inbound import inbox
from apps.wechat.models import BindCode, CustomerIdentity, StaffBinding
from apps.wechat.push import delivery
from apps.wechat.rules import codes
from apps.wechat.services import erasing
from apps.wechat.sums import keyed
from infra.local.paths import ROOT
from steppe.boot.logs import JsonFormatter
from tenants.context import in_branch
from tests.make import client_at, key, make_ticket
from tests.wechat import stand, ways
from tests.wechat.binding import CAIS, introduce, phone_in_wechat
from tests.wechat.test_sign_in import at_wechat, start

NUMBER, ADDRESS, WORDS = "13800138000", "Larch Lane 9-3-702", "the key is under the mat"
HERE = ("43.934567", "116.087654")


class Lines(logging.Handler):
    """What would be printed."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonFormatter())
        self.lines = []

    def emit(self, record):
        if not record.name.startswith(("httpx", "httpcore")):  # the test's own way to the sandbox
            self.lines.append(self.format(record))


@pytest.fixture
def printed(office):
    """Everything logged, and at the end a look through it. Add what must not be there to `hidden`."""
    handler, root = Lines(), logging.getLogger()
    before = {name: logging.getLogger(name).level for name in ("", "django", "steppe", "celery", "django.request")}
    root.addHandler(handler)
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    given = office.secrets
    handler.hidden = {
        given.secret, given.token, *given.aes_keys, *office.openids.values(), CAIS, NUMBER, ADDRESS, WORDS, *HERE,
        "13900009999", "13900001234",
    }  # fmt: skip
    yield handler
    root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    text = "\n".join(handler.lines)
    assert not sorted(one for one in handler.hidden if one in text)


def bound(wx, office, lotus, cai, printed):
    """From the desk and the phone to a bound WeChat."""
    desk, phone = client_at(lotus, cai), phone_in_wechat(wx, lotus, introduce(wx, office.account, "cai", CAIS))
    desk.post("/wx/binding/code", {"from": "desk"}, key=key())
    shown = desk.get("/console/wechat/me/").context["shown"]
    printed.hidden |= {shown, codes.typed(shown)}
    phone.post("/wx/bind", {"code": "AAAA BBBB"}, key=key())
    phone.post("/wx/bind", {"code": shown}, key=key())
    phone.post("/wx/bind/agree", key=key())
    desk.post("/wx/binding/agree", {"from": "desk", "code": BindCode.objects.latest("pk").pk}, key=key())
    assert StaffBinding.objects.filter(openid=CAIS).exists()
    return desk


def test_signing_in_binding_and_unbinding(printed, wx, office, lotus, cai):
    desk = bound(wx, office, lotus, cai, printed)
    desk.post("/wx/binding/unbind", {"from": "desk"}, key=key())
    erasing.sweep()
    assert printed.lines


def test_a_sign_in_that_fails_in_every_way(printed, wx, office, lotus):
    for action in ({"http": 500}, {"errcode": 40029}, {"errcode": 40125}, {"html": True}, {"drop_after": True}):
        browser = client_at(lotus)
        back = at_wechat(wx, start(browser))
        printed.hidden.add(back.split("code=")[1].split("&")[0])
        wx.spoil("sns/oauth2/access_token", action)
        browser.get(back)
        browser.get(back)
    assert printed.lines


def test_callbacks_taken_in_and_callbacks_that_break(printed, office, lotus, monkeypatch):
    browser, given = client_at(lotus), office.secrets
    for event, more in (("SCAN", {"EventKey": "x"}), ("LOCATION", {"Latitude": HERE[0], "Longitude": HERE[1]})):
        query, body = stand.delivery(given, stand.event_xml(given, event, **more))
        assert browser.generic("POST", f"{office.door}?{query}", body, content_type="text/xml").status_code == 200
    text = f"<xml><ToUserName>{given.original_id}</ToUserName><FromUserName>{CAIS}</FromUserName>"
    text += (
        f"<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>{WORDS} {NUMBER}</Content><MsgId>1</MsgId></xml>"
    )
    query, body = stand.delivery(given, text)
    browser.generic("POST", f"{office.door}?{query}", body, content_type="text/xml")
    browser.generic("POST", f"{office.door}?{query}&x=1", "<xml>", content_type="text/xml")
    inbox.take_all()
    assert printed.lines


def test_cards_sent_refused_and_broken(printed, wx, office):
    make_ticket(address=ADDRESS)
    stand.relay()
    for action in ({"drop_after": True}, {"errcode": 43004}, {"errcode": 47003}):
        wx.spoil("template/send", action)
        delivery.send_due()
    delivery.send_due()
    assert wx.sends()


def test_a_number_proved_by_a_text_message(printed, wx, office, lotus):
    ways.open_sms(wx)
    phone = phone_in_wechat(wx, lotus, introduce(wx, office.account, "su", CAIS), "/h5/mine")
    by, this = phone.get("/wx/phone").wsgi_request.actor, key()
    phone.post("/wx/phone", {"phone": NUMBER}, key=this)
    code = codes.digits_of(keyed("phone.code", by.ref, this))
    printed.hidden.add(code)
    phone.post("/wx/phone/code", {"code": "x"}, key=key())
    assert phone.post("/wx/phone/code", {"code": code}, key=key()).status_code == 303


def test_an_error_with_its_traceback_names_nobody(printed, office, lotus):
    log = logging.getLogger("steppe.test")
    customer = CustomerIdentity._meta.get_field("customer").related_model.objects.create(phone=NUMBER, address=ADDRESS)
    CustomerIdentity.objects.create(account=office.account, openid=CAIS, customer=customer)
    try:
        with transaction.atomic():
            CustomerIdentity.objects.create(account=office.account, openid=CAIS, customer=customer)
    except IntegrityError:
        log.exception("twice")
    try:
        raise RuntimeError(f"cannot call {NUMBER} with openid={CAIS}")
    except RuntimeError:
        log.exception("once")
    assert "customeridentity_openid_once" in "".join(printed.lines)


def test_a_page_of_ours_that_breaks_names_nobody(printed, office, lotus, cai, monkeypatch):
    browser = client_at(lotus, cai, raise_request_exception=False)
    monkeypatch.setattr("apps.wechat.binding_reads.code_of", lambda _who: 1 / 0)
    assert browser.get(f"/console/wechat/me/?openid={CAIS}&code=12345678").status_code == 500
    printed.hidden.add("12345678")
    assert "ZeroDivisionError" in "".join(printed.lines)


WORKER = """
import logging
import django; django.setup()
logging.getLogger().setLevel(logging.DEBUG)
from tenants.context import branch_by_schema, in_branch
from apps.wechat.inbound import answers, inbox
from apps.wechat.push import delivery
from apps.wechat.services import erasing
import sys
with in_branch(branch_by_schema(sys.argv[1])):
    inbox.take_all(); delivery.send_due(); answers.send_due(); erasing.sweep()
logging.getLogger("steppe.test").warning("through")
"""


def test_a_worker_of_its_own_prints_nothing_of_anybody(committed, lotus, wx, sandbox_root):
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        openids = stand.bind(wx, account, "wu")
        make_ticket(address=ADDRESS)
        stand.relay()
        given, door = stand.opened(account), stand.door_of(account)
    for event in ("SCAN", "unsubscribe"):
        query, body = stand.delivery(given, stand.event_xml(given, event, EventKey="x"))
        with suppress(Exception):
            client_at(lotus).generic("POST", f"{door}?{query}", body, content_type="text/xml")
    wx.spoil("template/send", {"http": 502})
    env = {
        **os.environ, "STEPPE_DATABASE_URL": committed.url, "STEPPE_WECHAT_ROOT": sandbox_root,
        "STEPPE_WECHAT_SANDBOX": "True", "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test",
    }  # fmt: skip
    worker = subprocess.run(
        [sys.executable, "-c", WORKER, lotus.tenant.schema_name], cwd=ROOT, env=env, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    said = worker.stdout + worker.stderr
    assert worker.returncode == 0, said[-2000:]
    assert "through" in said
    hidden = {given.secret, given.token, *given.aes_keys, *openids.values(), ADDRESS, "13900001234", "13900009999"}
    assert not sorted(one for one in hidden if one in said)
