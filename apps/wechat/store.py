"""Access tokens and JS-SDK tickets shared by all processes: Valkey, sealed, with an end. One asks WeChat for all.

The name of an entry holds the kind of environment, the appid and a fingerprint of the secret: a branch that enters
another's appid without its secret gets nothing from here.
"""

import hmac
import json
import secrets as random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import redis
from django.conf import settings

from apps.wechat.errors import Transient, WeChatError
from apps.wechat.policy import error_for
from steppe.kernel import secrets

LOCK_MS = 15_000  # longer than the slowest call; a process that dies holding it blocks nobody for longer
WAIT_S = 12.0
GLANCE_S = 0.03
FAILED_S = {True: 60, False: 2}  # by `permanent`: a broken account must not occupy the workers
_FREE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"

Fetched = tuple[str, int]  # the value and the seconds it lives


@lru_cache(maxsize=1)
def valkey() -> redis.Redis:
    """One pooled client per process."""
    return redis.Redis.from_url(settings.STEPPE_VALKEY_URL, socket_timeout=2, socket_connect_timeout=2)


@dataclass(frozen=True)
class Slot:
    """Where one account's token (or ticket) stands."""

    kind: str
    appid: str
    fingerprint: str

    @property
    def name(self) -> str:
        world = "sandbox" if settings.STEPPE_WECHAT_SANDBOX else "real"
        return f"steppe:wx:{world}:{self.appid}:{self.fingerprint}:{self.kind}"


def slot_for(kind: str, *, appid: str, secret: str) -> Slot:
    """The slot of an account with this secret."""
    key = f"{settings.SECRET_KEY}\n{settings.STEPPE_WECHAT_ROOT}".encode()
    return Slot(kind, appid, hmac.new(key, secret.encode(), sha256).hexdigest()[:16])


def get(slot: Slot) -> str | None:
    """The present value, if any."""
    sealed = valkey().get(slot.name)
    if not isinstance(sealed, bytes):
        return None
    try:
        return secrets.unseal(sealed.decode(), place=slot.name)
    except ValueError:  # sealed with another key: as good as nothing
        return None


def put(slot: Slot, value: str, seconds: int) -> None:
    """Keep a value; five minutes before its end it counts as gone, as WeChat renews it then."""
    valkey().set(slot.name, secrets.seal(value, place=slot.name), ex=max(60, seconds - 300))
    valkey().delete(f"{slot.name}:failed")


def forgive(slot: Slot) -> None:
    """Forget that the last fetch failed: its cause is mended, the next one may ask at once."""
    valkey().delete(f"{slot.name}:failed")


def shared(slot: Slot, fetch: Callable[[], Fetched], *, bad: str = "") -> str:
    """The value, other than `bad`; when it must be fetched, one process of all does so and the others wait.

    Compare and refresh: who comes with a token that is no longer the present one gets the present one, so a
    hundred threads that see 40001 together cause one call. Raises what the fetch raised, remembered for a while.
    """
    try:
        return _shared(slot, fetch, bad)
    except redis.RedisError as error:
        raise Transient(errmsg=f"no token store: {type(error).__name__}") from None


def _shared(slot: Slot, fetch: Callable[[], Fetched], bad: str) -> str:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if value := _usable(slot, bad):
            return value
        with _lock(slot) as mine:
            if mine:
                return _usable(slot, bad) or _fetched(slot, fetch)
        time.sleep(GLANCE_S)
    raise Transient(errmsg="somebody else fetches the token for too long")


def _usable(slot: Slot, bad: str) -> str | None:
    value = get(slot)
    if value and value != bad:
        return value
    failed = valkey().get(f"{slot.name}:failed")
    if isinstance(failed, bytes):
        errcode, errmsg = json.loads(failed)
        raise error_for(errcode, errmsg) if errcode is not None else Transient(errmsg=errmsg)
    return None


def _fetched(slot: Slot, fetch: Callable[[], Fetched]) -> str:
    try:
        value, seconds = fetch()
    except WeChatError as error:
        note = json.dumps([error.errcode, error.errmsg])
        valkey().set(f"{slot.name}:failed", note, ex=FAILED_S[error.permanent])
        raise
    put(slot, value, seconds)
    return value


@contextmanager
def _lock(slot: Slot) -> Iterator[bool]:
    """Try once; True when it is ours. Only its owner frees it."""
    name, owner = f"{slot.name}:lock", random.token_hex(8)
    mine = bool(valkey().set(name, owner, nx=True, px=LOCK_MS))
    try:
        yield mine
    finally:
        if mine:
            valkey().eval(_FREE, 1, name, owner)
