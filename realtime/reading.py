"""What the realtime room reads, in the branch's context: a stretch of the stream, and who holds a session."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings

from apps.people.middleware import actor_of_session
from apps.tickets.sight import Outline, outlines
from realtime import frames
from realtime.access import TICKET, may_hear
from steppe.kernel.actors import Actor
from steppe.kernel.events import EventRecord
from steppe.kernel.journal import stream
from steppe.kernel.journal.stream import Head
from tenants.models import Status, Tenant


@dataclass(frozen=True)
class Stretch:
    """Events after a number, in order, with what decides who may hear of them."""

    head: Head
    after: int
    events: list[EventRecord]
    outlines: dict[int, Outline]

    @property
    def last(self) -> int:
        """The number up to which this stretch tells everything."""
        return self.events[-1].seq if self.events else self.after

    @property
    def is_whole(self) -> bool:
        """False when numbers are missing: they were pruned, or belong to another epoch's stream."""
        if self.events:
            return self.events[0].seq == self.after + 1
        return self.head.seq == self.after

    def frames_for(self, actor: Actor) -> Iterator[dict[str, Any]]:
        """One frame per number: the hint, or the marker of what this actor may not see."""
        for event in self.events:
            heard = may_hear(actor, event, self.outlines.get(event.entity_id))
            yield frames.hint(self.head.epoch, event) if heard else frames.marker(self.head.epoch, event.seq)


def stretch_after(seq: int, *, limit: int) -> Stretch:
    """At most `limit` events after `seq`. Two queries, three when there are events."""
    head = stream.head()
    events = stream.events_after(seq, limit=limit) if head.seq > seq else []
    known = outlines(event.entity_id for event in events if event.entity == TICKET) if events else {}
    return Stretch(head, seq, events, known)


def actors_of(tenant: Tenant, session_keys: Iterable[str]) -> dict[str, Actor]:
    """The person behind each session now; a session that ended is left out. About three queries for each.

    Empty for a branch that is not active: read afresh here, because host names are remembered for half a minute.
    """
    if not Tenant.objects.filter(pk=tenant.pk, status=Status.ACTIVE).exists():
        return {}
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = {key: actor_of_session(store(key), str(tenant.uuid)) for key in session_keys}
    return {key: actor for key, actor in found.items() if actor.kind != "anonymous"}
