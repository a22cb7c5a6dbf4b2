"""Everything the sandbox remembers, in memory, behind one lock."""

import base64
import hashlib
import random
from collections import deque
from threading import RLock
from typing import Any

from sandbox.clock import Clock
from sandbox.consents import Consents
from sandbox.errors import WxError
from sandbox.inject import Rules
from sandbox.models import Account, Card, Entry, EntryKind, Follow, Letter, Media, Person
from sandbox.qrcodes import Codes
from sandbox.quota import Quota
from sandbox.sms.memory import Sms
from sandbox.tokens import Tokens
from sandbox.web_tokens import WebTokens
from sandbox.wecom.memory import Wecom
from sandbox.windows import Windows

# Above 2^53 on purpose: whoever puts a msgid through a JavaScript number loses its last digits.
FIRST_MSGID = 3_210_000_000_000_000_000
KEPT = 20_000
MEDIA_LIFE_S = 3 * 24 * 3600


class State:
    """The sandbox's memory. Hold `lock` around anything that reads and then writes."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.lock = RLock()
        self.clock = clock or Clock()
        self.reset()

    def reset(self, seed: int = 1) -> None:
        """Forget everything, and put the clock right again; `seed` is what chances are drawn from."""
        self.clock.offset_s = 0.0
        self.clock.freeze(False)
        self.accounts: dict[str, Account] = {}
        self.people: dict[str, Person] = {}
        self.quota = Quota(self.clock, self._limit)
        self.tokens = Tokens(self.clock, self.quota)
        self.rules = Rules(self.clock, random.Random(seed))
        self.consents = Consents()
        self.windows = Windows(self.clock)
        self.qrcodes = Codes(self.clock)
        self.letters: list[Letter] = []
        self.wecom = Wecom(self.clock)
        self.sms = Sms(self.clock)
        self.media: dict[str, Media] = {}
        self.cards: list[Card] = []
        self.sent: dict[tuple[str, str, str], Card] = {}
        self.refusals: set[tuple[str, str]] = set()
        self.entries: dict[tuple[str, str], deque[Entry]] = {}
        self.calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.web = WebTokens(self.clock)
        self.grants: dict[str, tuple[str, str]] = {}
        self.holders: dict[tuple[str, str], str] = {}
        self._by_openid: dict[tuple[str, str], Person] = {}
        self._last_seq = 0
        self._last_msgid = FIRST_MSGID

    def next_msgid(self) -> int:
        """A new 64-bit message id."""
        self._last_msgid += 1
        return self._last_msgid

    def _limit(self, appid: str, what: str, default: int) -> int:
        """The account's own limit, if it was given one."""
        account = self.accounts.get(appid)
        return account.standing.limits.get(what, default) if account else default

    def person_by_openid(self, appid: str, openid: str) -> Person | None:
        """Who has this openid under this account; nobody if it belongs to another account."""
        return self._by_openid.get((appid, openid))

    def person_by_phone(self, phone: str) -> Person | None:
        """Who has this number, written without China's prefix."""
        return next((person for person in self.people.values() if phone and person.phone == phone), None)

    def live_media(self, appid: str, media_id: str) -> Media:
        """A file of this account that is not older than three days: 40007."""
        media = self.media.get(media_id)
        if media is None or media.appid != appid or self.clock.now() - media.created_at > MEDIA_LIFE_S:
            raise WxError(40007)
        return media

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
        self,
        *,
        person: Person,
        appid: str,
        kind: EntryKind,
        text: str = "",
        card: Card | None = None,
        url: str = "",
        picture: str = "",
    ) -> Entry:
        """Put one bubble into the person's chat with the account; `picture` is a media_id."""
        self._last_seq += 1
        entry = Entry(self._last_seq, person.user_id, appid, kind, self.clock.now(), text, card, url, picture)
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
