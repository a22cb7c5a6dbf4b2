"""Lets every process know that a branch changed: one word in Valkey, another after every change.

A word is compared, never counted on: without Valkey a process looks into the database more often instead.
"""

import logging
import uuid

import redis

from steppe.kernel import wake
from steppe.kernel.db import connection

log = logging.getLogger("steppe.tenants")


def tell() -> None:
    """What anybody remembers of branches is old. A lost word costs the others the time of `tenants.hosts.TTL`."""
    try:
        wake.client().set(_key(), uuid.uuid4().hex)
    except redis.RedisError as error:
        log.warning("nobody was told", extra={"error": type(error).__name__})


def word() -> bytes | None:
    """The present word, b"" before the first; None when nobody can say."""
    try:
        return wake.client().get(_key()) or b""  # type: ignore[return-value]
    except redis.RedisError:
        return None


def _key() -> str:
    """Several databases may share one Valkey."""
    return f"steppe:branches:{connection.settings_dict['NAME']}"
