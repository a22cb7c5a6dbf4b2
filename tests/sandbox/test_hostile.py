"""Hostile deliveries: each says exactly the one wrong thing it is named for, and the report tells the answer."""

import hashlib
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from sandbox.crypto import CryptoError, decrypt, signature
from tests.sandbox.driver import AES_KEY, APPID, NOW, OPENID, OTHER, Sandbox

PERSON = {"user_id": "t1", "appid": APPID}
PREVIOUS = "B" * 42 + "A"


class Receiver:
    """A receiver that judges as the field's rules say, with nothing of the product."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.token = sandbox.known().token
        self.rows: list[str] = []
        self.seen: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query, body = dict(parse_qsl(request.url.query.decode())), request.content
        plain = self.opened(query, body)
        if plain is None:
            return httpx.Response(403)
        key = hashlib.sha256(plain.encode()).hexdigest()
        if key not in self.seen:
            self.seen.add(key)
            self.rows.append(plain)
        return httpx.Response(200, text="success")

    def opened(self, query: dict[str, str], body: bytes) -> str | None:
        if (
            len(body) > 65536
            or b"<!DOCTYPE" in body
            or b"<Encrypt><![CDATA[" not in body
            or "msg_signature" not in query
        ):
            return None
        try:
            sealed = body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        except UnicodeDecodeError:
            return None
        expected = signature(self.token, query["timestamp"], query["nonce"], sealed)
        if query["msg_signature"] != expected or abs(int(query["timestamp"]) - NOW) > 300:
            return None
        for key in (AES_KEY, PREVIOUS):
            try:
                plain = decrypt(aes_key=key, appid=APPID, sealed=sealed)
            except (CryptoError, UnicodeDecodeError):
                continue
            is_ours = f"gh_{APPID[-12:]}" in plain
            return plain if is_ours and "<!DOCTYPE" not in plain else None
        return None


@pytest.fixture
def receiver(sandbox: Sandbox) -> Receiver:
    """Stands behind the callback."""
    found = Receiver(sandbox)
    sandbox.callback.judge = found
    return found


def fire(sandbox: Sandbox, kind: str, **more: Any) -> dict[str, Any]:
    return sandbox.control("hostile", **(PERSON | {"kind": kind, "other": OTHER} | more))


def kinds(sandbox: Sandbox) -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.get("/_sandbox/hostile").json()
    return answer


REFUSED = [
    "forged_signature", "old_timestamp", "future_timestamp", "plaintext", "downgraded", "wrong_user", "wrong_appid",
    "doctype", "xxe", "doctype_inside", "big", "invalid_utf8", "invalid_utf8_outside", "not_xml", "empty", "truncated",
]  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_careful_receiver_refuses_it(sandbox: Sandbox, receiver: Receiver, kind: str) -> None:
    report = fire(sandbox, kind)
    assert report["as_expected"] is True, report
    assert {it["status"] for it in report["answers"]} == {403}
    assert receiver.rows == []


def test_another_accounts_key_does_not_open_it(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("accounts/change", appid=OTHER, aes_key="C" * 42 + "A")
    assert fire(sandbox, "other_key")["answers"][0]["status"] == 403


@pytest.mark.parametrize("kind", ["twice", "replayed_nonce"])
def test_what_comes_twice_is_taken_once(sandbox: Sandbox, receiver: Receiver, kind: str) -> None:
    report = fire(sandbox, kind)
    assert ([it["status"] for it in report["answers"]], len(receiver.rows)) == ([200, 200], 1)
    nonces = {it["nonce"] for it in report["answers"]}
    assert len(nonces) == (2 if kind == "twice" else 1)


def test_any_message_can_come_twice(sandbox: Sandbox, receiver: Receiver) -> None:
    scan = {"MsgType": "event", "Event": "SCAN", "EventKey": "bind-7", "Ticket": "t"}
    assert fire(sandbox, "twice", fields=scan)["as_expected"]
    assert len(receiver.rows) == 1
    assert "<EventKey><![CDATA[bind-7]]></EventKey>" in receiver.rows[0]


def test_what_comes_late_says_when_it_happened(sandbox: Sandbox, receiver: Receiver) -> None:
    assert fire(sandbox, "late")["as_expected"]
    assert f"<CreateTime>{NOW - 600}</CreateTime>" in receiver.rows[0]


def test_what_comes_in_the_wrong_order(sandbox: Sandbox, receiver: Receiver) -> None:
    assert fire(sandbox, "out_of_order")["as_expected"]
    assert ["unsubscribe" in row for row in receiver.rows] == [True, False]
    assert sandbox.seen("users")[0]["follows"][0]["following"] is False


@pytest.mark.parametrize("kind", ["unknown_event", "two_types", "bad_msgid"])
def test_what_nobody_knows_is_delivered_properly(sandbox: Sandbox, receiver: Receiver, kind: str) -> None:
    report = fire(sandbox, kind)
    assert (report["answers"][0]["status"], len(receiver.rows)) == (200, 1)
    assert OPENID in receiver.rows[0]


def test_the_key_before_the_rotation_still_opens_and_an_invented_one_does_not(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    assert fire(sandbox, "rotated_key", aes_key=PREVIOUS)["answers"][0]["status"] == 200
    assert fire(sandbox, "rotated_key")["answers"][0]["status"] == 403


def test_a_body_of_ones_own(sandbox: Sandbox, receiver: Receiver) -> None:
    report = fire(sandbox, "raw", body="<xml><Encrypt>x</Encrypt></xml>", query={"nonce": "1"})
    assert (report["answers"][0]["status"], report["answers"][0]["nonce"]) == (403, "1")


def test_all_of_them_in_one_call(sandbox: Sandbox, receiver: Receiver) -> None:
    report = fire(sandbox, "all")
    assert report["as_expected"] is True, [it for it in report["reports"] if not it["as_expected"]]
    assert {it["kind"] for it in report["reports"]} == set(kinds(sandbox)) - {"raw"}


def test_a_careless_receiver_is_found_out(sandbox: Sandbox) -> None:
    report = fire(sandbox, "all")  # answers success to everything
    careless = {it["kind"] for it in report["reports"] if not it["as_expected"]}
    assert careless >= set(REFUSED) - {"invalid_utf8"}


def test_what_cannot_be_fired_is_said(sandbox: Sandbox) -> None:
    for wrong in ({"kind": "dance"}, {"kind": ""}, {"kind": "late", "user_id": "nobody"}):
        response = sandbox.post("/_sandbox/hostile", PERSON | wrong)
        assert (response.status_code, bool(response.json()["error"])) == (400, True)


@pytest.mark.parametrize("mode", ["plain", "compat"])
def test_an_account_may_be_in_another_mode(sandbox: Sandbox, mode: str) -> None:
    sandbox.control("accounts/change", appid=APPID, mode=mode)
    sandbox.act("text", content="在吗")
    assert sandbox.pushes()[0]["state"] == "delivered"
    (request,) = sandbox.callback.requests
    query = dict(parse_qsl(request.url.query.decode()))
    assert "在吗" in request.content.decode()
    assert ("<Encrypt>" in request.content.decode(), "encrypt_type" in query) == ((mode == "compat"),) * 2
    if mode == "compat":
        assert "在吗" in sandbox.callback.opened()


def test_a_plain_account_answers_in_plaintext(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, mode="plain")
    reply = f"<xml><ToUserName>{OPENID}</ToUserName><FromUserName>{sandbox.known().original_id}</FromUserName>"
    sandbox.callback.answers = [httpx.Response(200, text=f"{reply}<Content>马上到</Content></xml>")]
    sandbox.act("text", content="在吗")
    assert sandbox.pushes()[0]["state"] == "delivered"
    assert "马上到" in sandbox.get("/phone/t1").text
