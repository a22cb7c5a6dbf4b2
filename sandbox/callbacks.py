"""The XML of WeChat's callbacks and the check of what the product answers (WeChat doc: §1.1, §1.2)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from sandbox.crypto import CryptoError, decrypt, encrypt, same, signature
from sandbox.models import Account

NONCE_DIGITS = 10
Value = str | int | float


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
    """Flat XML; text stands in CDATA, numbers stand bare, as WeChat writes them."""
    inner = "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{inner}</xml>"


def sign(account: Account, *, now: int) -> dict[str, str]:
    """signature, timestamp and nonce of one request to the callback."""
    nonce = "".join(secrets.choice("0123456789") for _ in range(NONCE_DIGITS))
    return {
        "signature": signature(account.token, str(now), nonce),
        "timestamp": str(now),
        "nonce": nonce,
    }


def seal(account: Account, *, plain: str, openid: str, now: int) -> tuple[dict[str, str], str]:
    """Query and body of one delivery in secure mode."""
    query = sign(account, now=now)
    sealed = encrypt(aes_key=account.aes_key, appid=account.appid, text=plain)
    query |= {
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": signature(account.token, query["timestamp"], query["nonce"], sealed),
    }
    return query, to_xml({"ToUserName": account.original_id, "Encrypt": sealed})


def read_reply(account: Account, *, body: str, openid: str) -> str:
    """The text the person sees in answer, "" for none; BadReplyError if WeChat would complain."""
    if body in ("", "success"):
        return ""
    fields = _opened(account, _parsed(body))
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


def _content(value: Value) -> str:
    if not isinstance(value, str):
        return str(value)
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
