"""Reports that look like one network incident: many of the same node or grid within the hour (domain.md §3.5)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from apps.tickets.models import Ticket
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.workflow import OPEN
from apps.tickets.selectors import visible_tickets
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import policy

MOST = 500


@dataclass(frozen=True)
class Cluster:
    """Reports that share a node or, where nobody knows the node, a grid; the earliest first."""

    where: str
    reports: list[Ticket]

    @property
    def first(self) -> Ticket:
        return self.reports[0]


def likely_incidents(actor: Actor) -> list[Cluster]:
    """For who may link reports to an incident; the largest first. One query, none for anybody else.

    How many and how soon is the branch's policy: five within the hour.
    """
    if not actor.scopes(ACTIONS["link_incident"]):
        return []
    rows = visible_tickets(actor).filter(
        type__kind="trouble", status__in=OPEN, incident=None, is_incident=False, parent=None,
        reported_at__gte=clock.now() - timedelta(minutes=policy().incident_minutes),
    )  # fmt: skip
    found = list(rows.order_by("reported_at", "id")[:MOST])
    by_node = _groups(found, lambda one: one.node_code)
    noted = {one.pk for cluster in by_node for one in cluster.reports}
    rest = [one for one in found if one.pk not in noted]
    by_grid = _groups(rest, lambda one: one.grid.name if one.grid else "")
    return sorted([*by_node, *by_grid], key=lambda cluster: -len(cluster.reports))


def _groups(tickets: Iterable[Ticket], of: Callable[[Ticket], str]) -> list[Cluster]:
    groups: dict[str, list[Ticket]] = defaultdict(list)
    enough = policy().incident_reports
    for ticket in tickets:
        groups[of(ticket)].append(ticket)
    return [Cluster(where, some) for where, some in groups.items() if where and len(some) >= enough]
