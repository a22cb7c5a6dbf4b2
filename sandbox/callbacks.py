"""The XML of WeChat's callbacks and the check of what the product answers (WeChat doc: §1.1, §1.2)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree import ElementTree

from sandbox.crypto import CryptoError, decrypt, encrypt_bytes, same, signature
from sandbox.models import Account

NONCE_DIGITS = 10
Value: TypeAlias = "str | int | float | Mapping[str, Value] | list[Mapping[str, Value]]"


@dataclass(frozen=True)
class Message:
    """What happened in a chat; `answered` means the person waits for an answer."""

    msg_type: str
    fields: Mapping[str, Value]
    answered: bool = True

    @property
    def name(self) -> str:
        """The event's name, or the type of the message."""
        return str(self.fields.get("Event", self.msg_type))

    def xml(self, *, account: Account, openid: str, created: int) -> str:
        """The plaintext of the callback."""
        head: dict[str, Value] = {
            "ToUserName": account.original_id,
            "FromUserName": openid,
            "CreateTime": created,
            "MsgType": self.msg_type,
        }
        return to_xml({**head, **self.fields})


def event(name: str, fields: Mapping[str, Value] | None = None, *, answered: bool = False) -> Message:
    """An event: a message of type "event" with its name first."""
    return Message("event", {"Event": name, **(fields or {})}, answered)


class BadReplyError(Exception):
    """WeChat would not accept this answer; the text says why."""


def to_xml(fields: Mapping[str, Value]) -> str:
    """XML as WeChat writes it: text in CDATA, numbers bare, a list as the same element several times."""
    return f"<xml>{_inner(fields)}</xml>"


def sign(account: Account, *, now: int) -> dict[str, str]:
    """signature, timestamp and nonce of one request to the callback."""
    nonce = "".join(secrets.choice("0123456789") for _ in range(NONCE_DIGITS))
    return {
        "signature": signature(account.token, str(now), nonce),
        "timestamp": str(now),
        "nonce": nonce,
    }


def wrap(account: Account, *, plain: str, openid: str, now: int) -> tuple[dict[str, str], str]:
    """Query and body of one delivery, in the account's mode: secure, compatible (both in one body) or plain."""
    if account.standing.mode == "plain":
        return sign(account, now=now) | {"openid": openid}, plain
    query, sealed = seal(account, plain=plain.encode(), openid=openid, now=now)
    if account.standing.mode == "compat":
        return query, plain.replace("</xml>", f"{_element('Encrypt', sealed)}</xml>")
    return query, envelope(account.original_id, sealed)


def seal(
    account: Account, *, plain: bytes, openid: str, now: int, aes_key: str = "", appid: str = ""
) -> tuple[dict[str, str], str]:
    """Query and Encrypt of one delivery; key and appid are the account's own unless somebody lies."""
    query = sign(account, now=now)
    sealed = encrypt_bytes(aes_key=aes_key or account.aes_key, appid=appid or account.appid, message=plain)
    query |= {
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": signature(account.token, query["timestamp"], query["nonce"], sealed),
    }
    return query, sealed


def envelope(original_id: str, sealed: str) -> str:
    """The body of secure mode."""
    return to_xml({"ToUserName": original_id, "Encrypt": sealed})


def read_reply(account: Account, *, body: str, openid: str) -> str:
    """The text the person sees in answer, "" for none; BadReplyError if WeChat would complain."""
    if body in ("", "success"):
        return ""
    outer = _parsed(body)
    fields = outer if account.standing.mode == "plain" else _opened(account, outer)
    if fields.get("ToUserName") != openid or fields.get("FromUserName") != account.original_id:
        raise BadReplyError("ToUserName or FromUserName is not of this conversation")
    return fields.get("Content") or f"[{fields.get('MsgType', '?')}]"


def _opened(account: Account, outer: dict[str, str]) -> dict[str, str]:
    if "Encrypt" not in outer:
        raise BadReplyError("the reply is not encrypted")
    parts = (outer.get("TimeStamp", ""), outer.get("Nonce", ""), outer["Encrypt"])
    if not same(signature(account.token, *parts), outer.get("MsgSignature", "")):
        raise BadReplyError("MsgSignature is wrong")
    try:
        plain = decrypt(aes_key=account.aes_key, appid=account.appid, sealed=outer["Encrypt"])
    except (CryptoError, UnicodeDecodeError) as error:
        raise BadReplyError(f"the reply cannot be decrypted: {error}") from error
    return _parsed(plain)


def _parsed(text: str) -> dict[str, str]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadReplyError("the reply declares a document type")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no document type gets this far
    except ElementTree.ParseError as error:
        raise BadReplyError('the reply is neither empty, nor "success", nor XML') from error
    return {child.tag: child.text or "" for child in root}


def _inner(fields: Mapping[str, Value]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Value) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    return f"<{name}>{_content(value)}</{name}>"


def _content(value: Value) -> str:
    if isinstance(value, Mapping):
        return _inner(value)
    if not isinstance(value, str):
        return str(value)
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
