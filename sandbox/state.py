"""Everything the sandbox remembers, in memory, behind one lock."""

import base64
import hashlib
from collections import deque
from threading import RLock
from typing import Any

from sandbox.clock import Clock
from sandbox.inject import Rules
from sandbox.models import Account, Card, Entry, EntryKind, Follow, Media, Person
from sandbox.tokens import Tokens

# Above 2^53 on purpose: whoever puts a msgid through a JavaScript number loses its last digits.
FIRST_MSGID = 3_210_000_000_000_000_000
KEPT = 20_000


class State:
    """The sandbox's memory. Hold `lock` around anything that reads and then writes."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.lock = RLock()
        self.clock = clock or Clock()
        self.reset()

    def reset(self) -> None:
        """Forget everything, and put the clock right again."""
        self.clock.offset_s = 0.0
        self.accounts: dict[str, Account] = {}
        self.people: dict[str, Person] = {}
        self.tokens = Tokens(self.clock)
        self.rules = Rules()
        self.media: dict[str, Media] = {}
        self.cards: list[Card] = []
        self.sent: dict[tuple[str, str, str], Card] = {}
        self.refusals: set[tuple[str, str]] = set()
        self.entries: dict[tuple[str, str], deque[Entry]] = {}
        self.calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.codes: dict[str, Any] = {}
        self.grants: dict[str, tuple[str, str]] = {}
        self.holders: dict[tuple[str, str], str] = {}
        self._by_openid: dict[tuple[str, str], Person] = {}
        self._last_seq = 0
        self._last_msgid = FIRST_MSGID

    def next_msgid(self) -> int:
        """A new 64-bit message id."""
        self._last_msgid += 1
        return self._last_msgid

    def person_by_openid(self, appid: str, openid: str) -> Person | None:
        """Who has this openid under this account; nobody if it belongs to another account."""
        return self._by_openid.get((appid, openid))

    def know(self, person: Person, appid: str, openid: str = "") -> Follow:
        """The person's link to an account, made on first use: everybody has an openid under every account."""
        follow = person.follows.get(appid)
        if follow and openid in ("", follow.openid):
            return follow
        if follow:
            self._by_openid.pop((appid, follow.openid), None)
        follow = Follow(
            appid=appid,
            openid=openid or invented_openid(appid, person.user_id),
            following=bool(follow and follow.following),
            since=self.clock.seconds(),
        )
        person.follows[appid] = follow
        self._by_openid[appid, follow.openid] = person
        return follow

    def add_entry(
        self, *, person: Person, appid: str, kind: EntryKind, text: str = "", card: Card | None = None
    ) -> Entry:
        """Put one bubble into the person's chat with the account."""
        self._last_seq += 1
        entry = Entry(self._last_seq, person.user_id, appid, kind, self.clock.now(), text, card)
        self.chat(person.user_id, appid).append(entry)
        return entry

    def chat(self, user_id: str, appid: str) -> deque[Entry]:
        """The bubbles between a person and an account, oldest first."""
        return self.entries.setdefault((user_id, appid), deque(maxlen=200))

    def remember_holder(self, *, appid: str, agent: str, user_id: str) -> None:
        """Note who used this account last, from which browser: see jssdk.py for the use."""
        self.holders[appid, agent] = user_id
        self.holders[appid, ""] = user_id


def invented_openid(appid: str, user_id: str) -> str:
    """28 characters beginning with o, always the same for the same person and account."""
    digest = hashlib.sha256(f"{appid}\n{user_id}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]
