"""Is this really WeChat, speaking to this account, now? (WeChat doc: §1.1, §3.6, §3.7). Pure: no database, no cache.

Secure mode only: in plain mode the signature does not cover the body, so one signed query would carry any body.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from apps.wechat.calls.vault import Credentials
from apps.wechat.rules.crypto import BadMessage, is_signed, open_sealed

BODY_LIMIT = 64 * 1024
CLOCK_LIMIT_S = 300
ECHO_LIMIT = 128
DEPTH_LIMIT = 12
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY|ATTLIST|ELEMENT)", re.IGNORECASE)
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEAD = ("ToUserName", "FromUserName", "CreateTime", "MsgType")


class Refused(Exception):
    """The answer is always the same 403; `why` is for our own log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Letter:
    """One genuine callback: its fields, and what makes a repetition the same one."""

    payload: dict[str, Any]

    def dedupe(self, schema_name: str, appid: str) -> str:
        """Messages by MsgId; events by person, second, name and key, because two in one second are normal."""
        get = self.payload.get
        parts = ("FromUserName", "MsgId") if get("MsgId") else ("FromUserName", "CreateTime", "Event")
        facts = [schema_name, appid, get("MsgType"), *(get(name) for name in parts), get("EventKey"), get("MsgID")]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def check_time(query: Mapping[str, str], now: datetime) -> None:
    """Within five minutes of our clock; an old recording is worth nothing."""
    stamp = query.get("timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Refused("no timestamp")
    if abs(now.timestamp() - int(stamp)) > CLOCK_LIMIT_S:
        raise Refused("old timestamp")


def echo(credentials: Credentials, query: Mapping[str, str], now: datetime) -> str:
    """The echostr of a genuine verification, to be sent back as it is. Raises Refused."""
    check_time(query, now)
    parts = (query.get("timestamp", ""), query.get("nonce", ""))
    word = query.get("echostr", "")
    if not is_signed(query.get("signature", ""), token=credentials.token, parts=parts):
        raise Refused("bad signature")
    if not 0 < len(word) <= ECHO_LIMIT:
        raise Refused("no echostr")
    return word


def read(credentials: Credentials, query: Mapping[str, str], body: bytes, now: datetime) -> Letter:
    """Check and open one callback: cheap checks first, nothing parsed before them. Raises Refused."""
    if query.get("encrypt_type") != "aes":
        raise Refused("not in secure mode")
    check_time(query, now)
    sealed = fields_of(body).get("Encrypt")
    if not isinstance(sealed, str):
        raise Refused("nothing encrypted")
    parts = (query.get("timestamp", ""), query.get("nonce", ""), sealed)
    if not is_signed(query.get("msg_signature", ""), token=credentials.token, parts=parts):
        raise Refused("bad signature")
    try:
        inner = open_sealed(sealed, keys=credentials.aes_keys, appid=credentials.appid)
    except BadMessage:
        raise Refused("cannot be decrypted") from None
    return _letter(credentials, fields_of(inner.encode()))


def fields_of(body: bytes) -> dict[str, Any]:
    """The fields of flat WeChat XML. Raises Refused for whatever is too long, declares types or is no XML."""
    if len(body) > BODY_LIMIT:
        raise Refused("too long")
    if _DECLARES.search(body) or b"\x00" in body:  # a NUL byte: UTF-16, which would hide the declaration
        raise Refused("declares a document type")
    if body.count(b"<") > 2000:
        raise Refused("too many tags")
    try:
        fields = xmltodict.parse(body.decode("utf-8"))["xml"]
    except (ExpatError, KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise Refused("no XML of WeChat") from None
    if not isinstance(fields, dict) or _depth(fields) > DEPTH_LIMIT:
        raise Refused("no XML of WeChat")
    return fields


def _letter(credentials: Credentials, fields: dict[str, Any]) -> Letter:
    if not all(isinstance(fields.get(name), str) for name in _HEAD):
        raise Refused("a field is missing")
    if fields["ToUserName"] != credentials.original_id:
        raise Refused("for another account")
    if not (fields["CreateTime"].isascii() and fields["CreateTime"].isdigit() and len(fields["CreateTime"]) <= 10):
        raise Refused("no time")
    if not _OPENID.fullmatch(fields["FromUserName"]):
        raise Refused("nobody's openid")
    return Letter(fields)


def _depth(value: object) -> int:
    """How deep the fields are nested, looked at level by level so that depth itself cannot hurt."""
    level, depth = [value], 0
    while level and depth <= DEPTH_LIMIT:
        depth += 1
        level = [part for one in level for part in _parts(one)]
    return depth


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list) else []
