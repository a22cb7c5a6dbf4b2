"""Access tokens and JS-SDK tickets shared by all processes: sealed, with an end. One asks WeChat for all.

A value stands on two shelves: the near one (Valkey; while it is away this process's memory) answers at once, the far
one (the database) is asked when the near one has nothing, and its claim decides who asks WeChat. So neither a Valkey
that stops in the middle of a stampede nor an empty one that comes back costs a second call.

The name of an entry holds the kind of environment, the appid and a fingerprint of the secret: a branch that enters
another's appid without its secret gets nothing from here.
"""

import hmac
import json
import secrets as random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

from apps.wechat.calls.kept import KEPT
from apps.wechat.calls.shelves import MEMORY, Away, Shelf, claimed, drop_near, near, valkey
from apps.wechat.errors import Transient, WeChatError
from apps.wechat.rules.policy import error_for
from steppe.kernel import clock, secrets

__all__ = ["Fetched", "Slot", "forgive", "get", "put", "shared", "slot_for", "valkey"]

LOCK_S = 15.0  # longer than the slowest call; a process that dies holding it blocks nobody for longer
WAIT_S = 17.0  # longer than LOCK_S: who waits for a dead one goes on by itself
GLANCE_S = 0.03
MARGIN_S = 300  # before its end a value counts as gone, as WeChat renews it then
LEAST_S = 60
SAME_S = 3.0  # WeChat gave the refused value once more: so long nobody else asks for another
FAILED_S = {True: 60.0, False: 2.0}  # by `permanent`: a broken account must not occupy the workers

Fetched = tuple[str, int]  # the value and the seconds it lives
Fetch = Callable[[], Fetched]


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
    """The present value on the near shelf, if any."""
    with suppress(Away):
        found = _read(near(), slot)
        return found[0] if found else None
    return None


def put(slot: Slot, value: str, seconds: int) -> None:
    """Keep a value; five minutes before its end it counts as gone. Earlier failures are forgotten."""
    until = _now() + max(LEAST_S, seconds - MARGIN_S)
    _keep(slot, value, until)
    forgive(slot)


def forgive(slot: Slot) -> None:
    """Forget that the last fetch failed: its cause is mended, the next one may ask at once."""
    drop_near(_failed(slot))
    with suppress(Away):
        KEPT.drop(_failed(slot))


def shared(slot: Slot, fetch: Fetch, *, bad: str = "") -> str:
    """The value, other than `bad`; when it must be fetched, one process of all does so and the others wait.

    Compare and refresh: who comes with a token that is no longer the present one gets the present one, so a
    hundred threads that see 40001 together cause one call. Raises what the fetch raised, remembered for a while.
    """
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        shelf = near()
        try:
            value = _usable(shelf, slot, bad) or _in_turn(shelf, slot, fetch, bad)
        except Away:
            continue  # Valkey has stopped: the next look is at our own memory
        if value:
            return value
        time.sleep(GLANCE_S)
    raise Transient(errmsg="somebody else fetches the token for too long")


def _in_turn(shelf: Shelf, slot: Slot, fetch: Fetch, bad: str) -> str | None:
    """Go to the far shelf, one of many; None while somebody else is there."""
    with claimed(shelf, _lock(slot), random.token_hex(8), LOCK_S) as mine:
        if not mine:
            return None
        return _usable(shelf, slot, bad) or _from_far(shelf, slot, fetch, bad)


def _from_far(shelf: Shelf, slot: Slot, fetch: Fetch, bad: str) -> str | None:
    """What another process has fetched already, or a call to WeChat; None while another process makes it."""
    try:
        with claimed(KEPT, _lock(slot), random.token_hex(8), LOCK_S) as mine:
            if found := _known(slot, bad):
                _put_near(shelf, slot, *found)
                return found[0]
            return _fetched(shelf, slot, fetch, bad) if mine else None
    except Away:  # without the database the near shelf's turn has to do
        return _fetched(shelf, slot, fetch, bad)


def _usable(shelf: Shelf, slot: Slot, bad: str) -> str | None:
    """The shelf's value if it is another than `bad`. Raises what failed a moment ago."""
    found = _read(shelf, slot)
    if found and (found[0] != bad or shelf.get(_same(slot))):
        return found[0]
    _raise_failure(shelf, slot)
    return None


def _known(slot: Slot, bad: str) -> tuple[str, float] | None:
    """What the far shelf has for us: a value with its end. Raises what failed a moment ago, for other processes."""
    found = _read(KEPT, slot)
    if found and found[0] != bad:
        return found
    _raise_failure(KEPT, slot)
    return None


def _fetched(shelf: Shelf, slot: Slot, fetch: Fetch, bad: str) -> str:
    try:
        value, seconds = fetch()
    except WeChatError as error:
        _note(shelf, slot, error)
        raise
    _put_far(slot, value, until := _now() + max(LEAST_S, seconds - MARGIN_S))
    _put_near(shelf, slot, value, until)
    if value == bad:
        with suppress(Away):
            shelf.set(_same(slot), "1", SAME_S)
    return value


def _note(shelf: Shelf, slot: Slot, error: WeChatError) -> None:
    sentence = f"{error.errmsg} rid: {error.rid}" if error.rid else error.errmsg
    note = json.dumps([error.errcode, sentence])
    for one in (shelf, KEPT):
        with suppress(Away):
            one.set(_failed(slot), note, FAILED_S[error.permanent])


def _raise_failure(shelf: Shelf, slot: Slot) -> None:
    if failed := shelf.get(_failed(slot)):
        errcode, errmsg = json.loads(failed)
        raise error_for(errcode, errmsg) if errcode is not None else Transient(errmsg=errmsg)


def _read(shelf: Shelf, slot: Slot) -> tuple[str, float] | None:
    """The value and the second at which it counts as gone."""
    sealed = shelf.get(slot.name)
    if not sealed:
        return None
    try:
        value, until = json.loads(secrets.unseal(sealed, place=slot.name))
    except ValueError:  # sealed with another key, or by an older release: as good as nothing
        return None
    return (value, until) if until > _now() else None


def _now() -> float:
    return clock.now().timestamp()


def _keep(slot: Slot, value: str, until: float) -> None:
    _put_far(slot, value, until)
    _put_near(near(), slot, value, until)


def _put_far(slot: Slot, value: str, until: float) -> None:
    with suppress(Away):
        KEPT.set(slot.name, _sealed(slot, value, until), until - _now())


def _put_near(shelf: Shelf, slot: Slot, value: str, until: float) -> None:
    try:
        shelf.set(slot.name, _sealed(slot, value, until), until - _now())
    except Away:  # it stopped while WeChat was asked
        MEMORY.set(slot.name, _sealed(slot, value, until), until - _now())


def _sealed(slot: Slot, value: str, until: float) -> str:
    return secrets.seal(json.dumps([value, until]), place=slot.name)


def _lock(slot: Slot) -> str:
    return f"{slot.name}:lock"


def _failed(slot: Slot) -> str:
    return f"{slot.name}:failed"


def _same(slot: Slot) -> str:
    return f"{slot.name}:same"
