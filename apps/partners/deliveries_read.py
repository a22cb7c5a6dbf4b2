"""Reads for the pages of 对接: who is connected, who listens, where we may call, what was sent and what came back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from apps.partners.models import AllowedHost, Delivery, Listener, Partner, Status
from apps.partners.permissions import KEEPERS
from steppe.kernel.actors import Actor, require

PAGE = 30


@dataclass(frozen=True)
class Found:
    """One page of deliveries, newest first; how many of each state there are; the next page."""

    rows: list[Delivery]
    counts: dict[str, int]
    more: int | None


def partners_for(actor: Actor) -> Sequence[Partner]:
    """Every system, those that are revoked last. One query. Raises NotAllowed."""
    require(actor, KEEPERS)
    return list(Partner.objects.order_by(F("revoked_at").desc(nulls_first=True), "name"))


def listeners_for(actor: Actor) -> Sequence[Listener]:
    """Who listens, with how many events wait and are dead. One query. Raises NotAllowed."""
    require(actor, KEEPERS)
    rows = Listener.objects.select_related("partner").filter(ended_at=None, partner__revoked_at=None)
    waiting = Count("deliveries", filter=Q(deliveries__status__in=[Status.PENDING, Status.SENDING]))
    dead = Count("deliveries", filter=Q(deliveries__status=Status.DEAD))
    return list(rows.annotate(waiting=waiting, dead=dead).order_by("id"))


def hosts_for(actor: Actor) -> Sequence[AllowedHost]:
    """One query. Raises NotAllowed."""
    require(actor, KEEPERS)
    return list(AllowedHost.objects.order_by("host"))


def deliveries_for(actor: Actor, *, status: str = "", listener: str = "", before: int | None = None) -> Found:
    """What was sent. Two queries. Raises NotAllowed."""
    require(actor, KEEPERS)
    rows = Delivery.objects.filter(**({"listener__public_id": listener} if listener else {}))
    counts = dict(rows.order_by().values_list("status").annotate(Count("id")))
    asked: dict[str, Any] = {"status": status, "pk__lt": before}
    some = rows.filter(**{name: value for name, value in asked.items() if value}).select_related("listener__partner")
    page = list(some.order_by("-id")[: PAGE + 1])
    return Found(page[:PAGE], counts, page[PAGE - 1].pk if len(page) > PAGE else None)


def pretty(body: str) -> str:
    """A body as a person reads it; what was sent has no spaces to spare."""
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
