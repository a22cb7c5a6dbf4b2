"""The hostile deliveries: each makes what somebody might send to the callback (WeChat doc: §4.3)."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.callbacks import envelope, event, seal, sign, to_xml
from sandbox.models import Account

Data = dict[str, Any]
MEGABYTE = 1_000_000
DEPTH = 20_000
TEN_MINUTES = 600
STRANGER = "gh_somebodyelse0"
REFUSED, TAKEN = (403,), (200,)


@dataclass(frozen=True)
class Delivery:
    """One request."""

    query: dict[str, str]
    body: bytes


@dataclass
class Forger:
    """Makes deliveries in the name of one person to one account."""

    account: Account
    openid: str
    now: int
    data: Data
    msgid: int
    other: Account | None = None

    def text(self, *, to: str = "", created: int = 0, msgid: str = "", **more: str) -> str:
        """A text message in plain XML, or what the caller's `fields` make of it."""
        wanted = {str(name): str(value) for name, value in (self.data.get("fields") or {}).items()}
        return to_xml(
            {
                "ToUserName": to or self.account.original_id,
                "FromUserName": self.openid,
                "CreateTime": created or self.now,
                "MsgType": "text",
                "Content": str(self.data.get("content") or "hostile"),
                "MsgId": msgid or str(self.msgid),
                **wanted,
                **more,
            }
        )

    def sealed(self, plain: str | bytes, *, now: int = 0, key: str = "", appid: str = "", to: str = "") -> Delivery:
        """A delivery that is signed properly, whatever it says."""
        message = plain.encode() if isinstance(plain, str) else plain
        moment = now or self.now
        query, sealed = seal(self.account, plain=message, openid=self.openid, now=moment, aes_key=key, appid=appid)
        return Delivery(query, envelope(to or self.account.original_id, sealed).encode())

    def event(self, name: str, created: int) -> Delivery:
        """An event of this second."""
        message = event(name, {"EventKey": ""})
        return self.sealed(message.xml(account=self.account, openid=self.openid, created=created))


@dataclass(frozen=True)
class Kind:
    """One kind of hostility: how it is made, what a good receiver does, and with which answers."""

    make: Callable[[Forger], list[Delivery]]
    should: str
    statuses: tuple[int, ...] = REFUSED
    at_once: bool = False


def _changed(delivery: Delivery, *, body: bytes | None = None, **query: str) -> Delivery:
    return Delivery(delivery.query | query, delivery.body if body is None else body)


def _replaced(delivery: Delivery, old: bytes, new: bytes) -> Delivery:
    return _changed(delivery, body=delivery.body.replace(old, new, 1))


def _twice(forger: Forger) -> list[Delivery]:
    plain = forger.text()
    return [forger.sealed(plain), forger.sealed(plain)]


def _out_of_order(forger: Forger) -> list[Delivery]:
    return [forger.event("unsubscribe", forger.now), forger.event("subscribe", forger.now - 2)]


def _plaintext(forger: Forger) -> list[Delivery]:
    return [Delivery(sign(forger.account, now=forger.now) | {"openid": forger.openid}, forger.text().encode())]


def _downgraded(forger: Forger) -> list[Delivery]:
    good = forger.sealed(forger.text())
    query = {name: value for name, value in good.query.items() if name not in ("encrypt_type", "msg_signature")}
    return [Delivery(query, good.body)]


def _other_key(forger: Forger) -> list[Delivery]:
    other = forger.other.aes_key if forger.other else ""
    key = _any_key() if other in ("", forger.account.aes_key) else other
    return [forger.sealed(forger.text(), key=key)]


def _rotated_key(forger: Forger) -> list[Delivery]:
    return [forger.sealed(forger.text(), key=str(forger.data.get("aes_key") or _any_key()))]


def _wrong_appid(forger: Forger) -> list[Delivery]:
    return [forger.sealed(forger.text(), appid=forger.other.appid if forger.other else "wx0000000000000000")]


def _doctype(forger: Forger, inner: str) -> list[Delivery]:
    return [_replaced(forger.sealed(forger.text()), b"<xml>", f"<!DOCTYPE xml [{inner}]><xml>".encode())]


def _big(forger: Forger) -> list[Delivery]:
    return [forger.sealed(forger.text(Filler="x" * MEGABYTE))]


def _nested(forger: Forger) -> list[Delivery]:
    deep = "<a>" * DEPTH + "</a>" * DEPTH
    return [forger.sealed(forger.text().replace("</xml>", f"{deep}</xml>"))]


def _raw(forger: Forger) -> list[Delivery]:
    good = forger.sealed(forger.text())
    body = forger.data.get("body")
    query = {str(name): str(value) for name, value in (forger.data.get("query") or {}).items()}
    return [_changed(good, body=good.body if body is None else str(body).encode(), **query)]


def _any_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()[:43]


KINDS: dict[str, Kind] = {
    "twice": Kind(_twice, "success for both, one row", TAKEN, at_once=True),
    "replayed_nonce": Kind(lambda it: [it.sealed(it.text())] * 2, "success for both, one row", TAKEN),
    "late": Kind(
        lambda it: [it.sealed(it.text(created=it.now - TEN_MINUTES))], "success, and it happened ten minutes ago", TAKEN
    ),
    "out_of_order": Kind(_out_of_order, "success for both, and the person does not follow", TAKEN),
    "unknown_event": Kind(lambda it: [it.event("sandbox_never_heard_of", it.now)], "success, one row", TAKEN),
    "rotated_key": Kind(_rotated_key, "success if `aes_key` is the present or the previous key, else 403", (200, 403)),
    "forged_signature": Kind(lambda it: [_changed(it.sealed(it.text()), msg_signature="0" * 40)], "403"),
    "old_timestamp": Kind(lambda it: [it.sealed(it.text(), now=it.now - TEN_MINUTES - 1)], "403"),
    "future_timestamp": Kind(lambda it: [it.sealed(it.text(), now=it.now + TEN_MINUTES + 1)], "403"),
    "plaintext": Kind(_plaintext, "403: a secure account takes no plaintext"),
    "downgraded": Kind(_downgraded, "403: without encrypt_type there is no proof of the body"),
    "other_key": Kind(_other_key, "403"),
    "wrong_user": Kind(lambda it: [it.sealed(it.text(to=STRANGER), to=STRANGER)], "403: ToUserName is somebody else"),
    "wrong_appid": Kind(_wrong_appid, "403: the appid inside is not the account's"),
    "doctype": Kind(lambda it: _doctype(it, '<!ATTLIST xml a CDATA "b">'), "403"),
    "xxe": Kind(lambda it: _doctype(it, '<!ENTITY x SYSTEM "file:///etc/passwd">'), "403, and no file is read"),
    "doctype_inside": Kind(
        lambda it: [it.sealed(it.text().replace("<xml>", '<!DOCTYPE xml [<!ENTITY x "y">]><xml>'))], "403"
    ),
    "big": Kind(_big, "403 or 413, without parsing it", (403, 413, 400)),
    "invalid_utf8": Kind(
        lambda it: [it.sealed(it.text().encode().replace(b"hostile", b"\xff\xfe\xfd"))], "403 or one row, never 500",
        (200, 403),
    ),
    "invalid_utf8_outside": Kind(lambda it: [_replaced(it.sealed(it.text()), b"<Encrypt>", b"\xff<Encrypt>")], "403"),
    "two_types": Kind(
        lambda it: [it.sealed(it.text().replace("</xml>", "<MsgType>event</MsgType></xml>"))],
        "403 or one row, never 500", (200, 403),
    ),
    "bad_msgid": Kind(lambda it: [it.sealed(it.text(msgid="abc"))], "403 or one row, never 500", (200, 403)),
    "nested": Kind(_nested, "403, 413 or one row, soon", (200, 403, 413, 400)),
    "not_xml": Kind(lambda it: [_changed(it.sealed(it.text()), body=b'{"MsgType": "text"}')], "403"),
    "empty": Kind(lambda it: [_changed(it.sealed(it.text()), body=b"")], "403"),
    "truncated": Kind(lambda it: [_changed(it.sealed(it.text()), body=it.sealed(it.text()).body[:90])], "403"),
    "raw": Kind(_raw, "403 or one row: `body` and `query` replace those of a good delivery", (200, 403, 413, 400)),
}  # fmt: skip
