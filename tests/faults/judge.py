"""What came of it: what the branch has written beside what stands on the phones, and every promise looked at.

A technician hears of a ticket by one card. By a second channel only where the first one's row says why: its receipt
did not come, its answer got lost, another way was quicker (docs/decisions/0009). Never twice by the same channel.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apps.wechat.models import PushOutbox, Status
from apps.wechat.rules import fallback

OPEN = frozenset({Status.PENDING, Status.SENDING, Status.ACCEPTED})
NOT_SENT = frozenset({Status.SKIPPED, Status.EXPIRED, Status.FAILED, Status.BLOCKED})
EXAMPLES = 5
Chosen = tuple[int, str]  # technician, ticket


@dataclass
class Findings:
    """Figures, and for each promise those who broke it."""

    figures: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)

    def promise(self, name: str, offenders: Iterable[object]) -> None:
        self.broken[name] = [str(one) for one in offenders]


@dataclass
class Seen:
    """What lies on the phones: by technician, ticket and channel; and by the row that sent it."""

    per_channel: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    rows: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, things: Iterable[dict[str, Any]], phones: dict[str, int]) -> "Seen":
        """From the sandbox's list of what reached its people."""
        seen = cls()
        for thing in things:
            address = urlsplit(thing["url"])
            if thing["user_id"] in phones and address.path.startswith("/w/t/"):
                ticket = address.path.rsplit("/", 1)[1]
                seen.per_channel[phones[thing["user_id"]], ticket, thing["channel"]] += 1
                seen.rows |= set(parse_qs(address.query).get("m", []))
        return seen

    def channels(self) -> dict[Chosen, int]:
        """By how many channels each person heard of each ticket."""
        return Counter((person, ticket) for person, ticket, _channel in self.per_channel)


def judge(
    chosen: set[Chosen], rows: list[PushOutbox], seen: Seen, in_wecom: set[int], taken: set[str]
) -> Findings:  # fmt: skip
    """`rows` are the cards of the waves, oldest first; `taken` the tickets that somebody grabbed meanwhile."""
    found, chains = Findings(), _chains(rows)
    heard = seen.channels()
    _count(found, chosen, rows, heard)
    found.promise("every chosen technician has a row", chosen - set(chains))
    found.promise(
        "never two cards by one channel", (f"{key} × {count}" for key, count in seen.per_channel.items() if count > 1)
    )
    found.promise(
        "a second channel only for a recorded reason",
        (key for key, chain in chains.items() if heard.get(key, 0) > 1 and not _explained(chain)),
    )
    found.promise(
        "who has no card has a recorded reason",
        (key for key, chain in chains.items() if not heard.get(key) and not all(row.reason for row in chain)),
    )
    found.promise(
        "who has no card was tried on another channel",
        (key for key, chain in chains.items() if not heard.get(key) and _left_alone(key, chain, in_wecom, taken)),
    )
    found.promise(
        "delivered means on the phone", _told(r for r in rows if _says(r, {Status.DELIVERED}) and not _on(r, seen))
    )
    found.promise("not sent means not on the phone", _told(r for r in rows if _says(r, NOT_SENT) and _on(r, seen)))
    found.promise("no row without an end", _told(row for row in rows if row.status in OPEN or row.watch_at))
    return found


def _count(found: Findings, chosen: set[Chosen], rows: list[PushOutbox], heard: dict[Chosen, int]) -> None:
    first = [row for row in rows if row.instead_of_id is None]
    cards = Counter(heard.get(key, 0) for key in chosen)
    found.figures |= {
        "pushes decided": len(first),
        "technicians chosen, by messages on the phone": {str(number): cards[number] for number in sorted(cards)},
        "fallbacks by channel": dict(Counter(row.channel for row in rows if row.instead_of_id)),
        "rows": {
            " ".join(key).strip(): count
            for key, count in sorted(Counter((row.channel, row.status, row.reason) for row in rows).items())
        },
    }  # fmt: skip


def _chains(rows: list[PushOutbox]) -> dict[Chosen, list[PushOutbox]]:
    found: dict[Chosen, list[PushOutbox]] = defaultdict(list)
    for row in rows:
        found[row.technician_id or 0, row.ticket].append(row)
    return found


def _explained(chain: list[PushOutbox]) -> bool:
    """A row that was followed by another one was not known to be on the phone at that moment."""
    return all(
        before.status != Status.DELIVERED or (before.receipt_at and before.receipt_at >= after.made_at)
        for before, after in pairwise(chain)
    )  # fmt: skip


def _left_alone(key: Chosen, chain: list[PushOutbox], in_wecom: set[int], taken: set[str]) -> bool:
    row = chain[0]
    helped = fallback.needs_help(row.status, row.reason, customer=False)
    return len(chain) == 1 and helped and key[0] in in_wecom and key[1] not in taken


def _says(row: PushOutbox, statuses: Iterable[str]) -> bool:
    return row.status in statuses


def _on(row: PushOutbox, seen: Seen) -> bool:
    return row.public_id in seen.rows


def _told(rows: Iterable[PushOutbox]) -> list[str]:
    return [f"{row.channel} {row.status} {row.reason} {row.public_id} tries {row.attempts}" for row in rows]
