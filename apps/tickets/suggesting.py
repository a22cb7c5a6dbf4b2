"""Reports that look like one network incident: many of the same node or grid within the hour (domain.md §3.5)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from apps.tickets.models import Ticket, TicketEvent
from apps.tickets.permissions import ACTIONS
from apps.tickets.reasons import INCIDENT_ENDED
from apps.tickets.rules.workflow import OPEN
from apps.tickets.selectors import visible_tickets
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import policy

MOST = 500


@dataclass(frozen=True)
class Cluster:
    """Reports that share a node or, where nobody knows the node, a grid; the earliest first.

    `master`: the incident that is open there already; then one report is enough.
    """

    where: str
    reports: list[Ticket]
    master: Ticket | None = None

    @property
    def first(self) -> Ticket:
        return self.reports[0]


# Somebody has looked at it and found a cause of its own; one whose incident came to nothing may be part of the next.
_TAKEN_OUT = TicketEvent.objects.filter(ticket=OuterRef("pk"), action="unlink_incident").exclude(reason=INCIDENT_ENDED)


def likely_incidents(actor: Actor) -> list[Cluster]:
    """For who may link reports to an incident; those of an open one first, then the largest.

    How many and how soon is the branch's policy: five within the hour. No query for who may not, one while nobody
    reports anything, else two.
    """
    if not actor.scopes(ACTIONS["link_incident"]):
        return []
    rows = visible_tickets(actor).filter(
        type__kind="trouble", status__in=OPEN, incident=None, is_incident=False, parent=None,
        reported_at__gte=clock.now() - timedelta(minutes=policy().incident_minutes),
    )  # fmt: skip
    found = list(rows.exclude(Exists(_TAKEN_OUT)).order_by("reported_at", "id")[:MOST])
    known = _of_open_incidents(actor, found) if found else []
    rest = _without(found, known)
    by_node = _groups(rest, lambda one: one.node_code)
    by_grid = _groups(_without(rest, by_node), lambda one: one.grid.name if one.grid else "")
    return [*known, *sorted([*by_node, *by_grid], key=lambda cluster: -len(cluster.reports))]


def _of_open_incidents(actor: Actor, found: list[Ticket]) -> list[Cluster]:
    """What came in after an incident there was declared; what came before was looked through then. One query."""
    declared = TicketEvent.objects.filter(action="link_incident", data__master=True, ticket__status__in=OPEN)
    steps = declared.filter(ticket__in=visible_tickets(actor).values("pk")).select_related("ticket__grid")
    clusters, left = [], found
    for step in steps.order_by("-at"):
        later = [one for one in left if _same_place(one, step.ticket, step.at)]
        if later:
            where = step.ticket.node_code or (step.ticket.grid.name if step.ticket.grid else "")
            clusters.append(Cluster(where, later, step.ticket))
            left = _without(left, clusters)
    return clusters


def _same_place(report: Ticket, master: Ticket, since: datetime) -> bool:
    """The same node; where one of the two has none, the same grid."""
    if report.reported_at < since:
        return False
    if report.node_code and master.node_code:
        return report.node_code == master.node_code
    return report.grid_id is not None and report.grid_id == master.grid_id


def _without(tickets: list[Ticket], clusters: Iterable[Cluster]) -> list[Ticket]:
    noted = {one.pk for cluster in clusters for one in cluster.reports}
    return [one for one in tickets if one.pk not in noted]


def _groups(tickets: Iterable[Ticket], of: Callable[[Ticket], str]) -> list[Cluster]:
    groups: dict[str, list[Ticket]] = defaultdict(list)
    enough = policy().incident_reports
    for ticket in tickets:
        groups[of(ticket)].append(ticket)
    return [Cluster(where, some) for where, some in groups.items() if where and len(some) >= enough]
