"""Secrets at rest: AES-256-GCM bound to where they stand, so a ciphertext copied to another row or branch is dead.

The key comes from the environment (`STEPPE_FIELD_KEY`, base64 of 32 bytes), never from the database.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
NONCE = 12


def seal(plain: str, *, place: str) -> str:
    """Encrypt; `place` names branch, table, row and field, and must be the same to open."""
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_key()).encrypt(nonce, plain.encode(), place.encode())
    return base64.b64encode(VERSION + nonce + sealed).decode()


def unseal(text: str, *, place: str) -> str:
    """Decrypt; ValueError when the key or the place is another one."""
    raw = base64.b64decode(text)
    try:
        return AESGCM(_key()).decrypt(raw[1 : 1 + NONCE], raw[1 + NONCE :], place.encode()).decode()
    except InvalidTag as error:
        raise ValueError("this secret does not belong here") from error


def _key() -> bytes:
    return base64.b64decode(settings.STEPPE_FIELD_KEY)
