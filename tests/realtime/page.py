"""A list on a screen, as <fs-live> keeps it: a snapshot, then hints, then rows fetched by name.

Versions decide: an answer older than what stands there is dropped, so that a replay changes nothing.
"""

from collections.abc import Iterable
from typing import Any

from apps.tickets import search
from apps.tickets.wanted import Wanted
from realtime import reading
from steppe.kernel.actors import Actor
from steppe.kernel.journal import stream

Rows = dict[str, tuple[int, str]]  # public id → (version, state)


class Page:
    """What one person has on the screen. Runs in the branch's context."""

    def __init__(self, actor: Actor, tab: str) -> None:
        self.actor, self.wanted = actor, Wanted(tab=tab)
        head = stream.head()  # before the data: what comes between is told twice, never missed
        self.epoch, self.seq = head.epoch, head.seq
        self.rows = self.fresh()

    def fresh(self) -> Rows:
        """What a reload would show."""
        whole = search.found(self.actor, self.wanted, size=10_000)
        return {view.ticket.public_id: (view.ticket.version, view.ticket.status) for view in whole.rows}

    def catch_up(self) -> None:
        """Everything after our number, as the hints' answer gives it."""
        stretch = reading.stretch_after(self.seq, limit=10_000)
        assert stretch.head.epoch == self.epoch
        assert stretch.is_whole
        self.take(stretch.frames_for(self.actor))

    def take(self, frames: Iterable[dict[str, Any]]) -> None:
        """Apply frames in order; only what they name is fetched."""
        wanted: set[str] = set()
        for frame in frames:
            if frame["s"] <= self.seq:
                continue
            assert frame["s"] == self.seq + 1, "a gap"
            self.seq = frame["s"]
            if frame["k"] == "ticket" and self.rows.get(frame["i"], (0, ""))[0] < frame["v"]:
                wanted.add(frame["i"])
        self._fetch(sorted(wanted))

    def _fetch(self, ids: list[str]) -> None:
        for start in range(0, len(ids), 100):
            some = ids[start : start + 100]
            found = {view.ticket.public_id: view.ticket for view in search.rows_in(self.actor, self.wanted, some)}
            for public_id in some:
                if (ticket := found.get(public_id)) is None:
                    self.rows.pop(public_id, None)
                elif self.rows.get(public_id, (0, ""))[0] < ticket.version:
                    self.rows[public_id] = (ticket.version, ticket.status)
