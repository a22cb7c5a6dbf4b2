"""Signatures and message encryption of WeChat's callback and JS-SDK (WeChat doc: §1.1, §1.9). Pure.

The signatures are our own (constant time, no empty token); the AES is wechatpy's, behind one kind of error.
"""

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterable

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

KEY_BYTES = 32
UNREADABLE = (ValueError, IndexError, TypeError, struct.error, WeChatException)


class BadMessage(ValueError):
    """No key of the account opens this text, or it was meant for another account."""


def signature(*parts: str) -> str:
    """sha1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def is_signed(given: str, *, token: str, parts: Iterable[str]) -> bool:
    """Was this signed with the account's token? An account without a token has signed nothing."""
    if not token:
        return False
    # Bytes, because compare_digest refuses text with other than ASCII characters: an attacker's 500.
    return hmac.compare_digest(signature(token, *parts).encode(), given.encode())


def open_sealed(sealed: str, *, keys: Iterable[str], appid: str) -> str:
    """The text inside `Encrypt`, by the present EncodingAESKey or the one before. Raises BadMessage."""
    for key in keys:
        try:
            return str(PrpCrypto(_raw(key)).decrypt(sealed, appid))
        except UNREADABLE:
            continue
    raise BadMessage("no key opens this")


def jssdk_signature(*, noncestr: str, ticket: str, timestamp: int, url: str) -> str:
    """sha1 over the four values in WeChat's fixed order; `url` without its fragment."""
    text = f"jsapi_ticket={ticket}&noncestr={noncestr}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(text.encode()).hexdigest()


def _raw(key: str) -> bytes:
    raw = base64.b64decode(key + "=")
    if len(raw) != KEY_BYTES:
        raise ValueError("an EncodingAESKey has 43 characters")
    return raw
