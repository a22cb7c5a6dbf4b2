"""The sign-in in progress: a state good once and for ten minutes, kept in the visitor's own session.

The session cookie is the browser's nonce: a state that comes back in another browser is not found there, so nobody
can be signed in as somebody else by a link. The page to return to never travels through the address.
"""

import secrets
import string
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from steppe.kernel import clock

KEY, DONE = "wx_sign_in", "wx_signed_in"
LIFE_S = 600
AT_ONCE = 5  # tabs that sign in at the same time
_LETTERS = string.ascii_letters + string.digits


def begin(session: SessionBase, *, page: str, again: bool = False) -> str:
    """A new state that leads to `page`; 32 letters and digits, as WeChat wants it."""
    state = "".join(secrets.choice(_LETTERS) for _ in range(32))
    open_ones = {**_alive(session), state: {"page": page, "again": again, "at": clock.now().timestamp()}}
    session[KEY] = dict(list(open_ones.items())[-AT_ONCE:])
    return state


def take(session: SessionBase, state: str) -> dict[str, Any] | None:
    """What the state stands for, once; None for an unknown, old or used one."""
    open_ones = _alive(session)
    found: dict[str, Any] | None = open_ones.pop(state, None)
    if found is not None:
        session[KEY] = open_ones
    return found


def waiting(session: SessionBase) -> dict[str, Any]:
    """The other tabs' sign-ins, to be carried into the new session."""
    return _alive(session)


def finish(session: SessionBase, *, state: str, page: str, others: dict[str, Any]) -> None:
    """Remember the last state in the new session: WeChat may ask for the same address twice."""
    session[DONE] = {"state": state, "page": page}
    session[KEY] = others


def finished_page(session: SessionBase, state: str) -> str | None:
    """Where the state has led already, in this very browser."""
    done = session.get(DONE) or {}
    return done.get("page") if state and done.get("state") == state else None


def _alive(session: SessionBase) -> dict[str, Any]:
    now = clock.now().timestamp()
    return {state: entry for state, entry in (session.get(KEY) or {}).items() if now - entry["at"] < LIFE_S}
