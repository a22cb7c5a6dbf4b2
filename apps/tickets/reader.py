"""What one reader sees of tickets, and could do with them. Services check every step again.

Lists ask this fifty times for one reader: what does not change from row to row is found once (`Reader`), and what
depends on a few facts of the ticket is decided once for all the tickets alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from apps.tickets.models import Ticket
from apps.tickets.permissions import ACTIONS, CONTACT_VIEWERS, CREATORS, CUSTOMERS, ENTERED_TOO, OWN, OWN_TOO
from apps.tickets.rules.workflow import FINAL, State, actions_from
from steppe.kernel import clock
from steppe.kernel.actors import Actor, Grant
from tenants.context import policy

REVEALED_BY_NODE = tuple(role for role in CONTACT_VIEWERS if role not in CREATORS)


@dataclass(frozen=True)
class TicketView:
    """A ticket as this actor may see it. `reveal`: name, phone, full address and what people wrote may be shown."""

    ticket: Ticket
    reveal: bool
    actions: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return self.ticket.address if self.reveal else self.ticket.coarse_address

    @property
    def description(self) -> str:
        """What was reported. Callers tell names, numbers and doors in it, so it goes with the contact."""
        return self.ticket.description if self.reveal else ""

    @property
    def solution(self) -> str:
        """What was done; the same of it."""
        return self.ticket.solution if self.reveal else ""


class Facts(NamedTuple):
    """All of a ticket that decides what this reader could do with it."""

    status: str
    org_path: str
    mine: bool
    entered: bool
    placed: bool
    incident: bool
    in_incident: bool
    child: bool
    asked: bool  # somebody waits for a decision
    arrived: bool
    may_come_back: bool


# What the ticket must have besides its state.
_NEEDS: dict[str, Callable[[Facts], bool]] = {
    "place": lambda facts: not facts.placed,
    "resolve_incident": lambda facts: facts.incident,
    "link_incident": lambda facts: not facts.incident and not facts.in_incident,
    "unlink_incident": lambda facts: facts.in_incident,
    "merge": lambda facts: not facts.incident,
    "spawn_child": lambda facts: not facts.child,
    "request_child": lambda facts: not facts.child,
    "reopen": lambda facts: facts.may_come_back,
    "request_reopen": lambda facts: facts.may_come_back,
    # Taken by approving what was asked for, never by themselves.
    **dict.fromkeys(("transfer", "return", "hold"), lambda facts: False),
    # What another decides is taken by the answer to its request.
    **dict.fromkeys(("refuse", "withdraw"), lambda facts: facts.asked),
}


class Reader:
    """One actor looking at many tickets. No query, but for the branch's policy."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._staff = actor.kind == "staff"
        self._all_open = actor.kind in {"customer", "system"}
        self._technician = actor.technician_id or -1
        self._ref = actor.ref
        self._enters = bool(actor.scopes(CREATORS))
        self._revealed = actor.scopes(REVEALED_BY_NODE)
        self._known: dict[Facts, tuple[str, ...]] = {}

    def views(self, tickets: Iterable[Ticket]) -> list[TicketView]:
        """Rows that `visible_tickets` has let through, in their order."""
        return [self.view(ticket) for ticket in tickets]

    def view(self, ticket: Ticket) -> TicketView:
        """One of them."""
        return TicketView(ticket, self.reveals(ticket), self.actions(ticket))

    def reveals(self, ticket: Ticket) -> bool:
        """May they see the contact and the door? The assignee from acceptance until the ticket is final.

        `selectors.revealed` says the same as a condition on rows; a test keeps both alike.
        """
        if self._all_open or ticket.org_path.startswith(self._revealed or ("-",)):
            return True
        if self._technician == ticket.technician_id and ticket.status not in FINAL and ticket.status != State.ASSIGNED:
            return True
        return self._enters and ticket.created_by == self._ref

    def actions(self, ticket: Ticket) -> tuple[str, ...]:
        """The buttons, in the table's order."""
        facts = self._facts(ticket)
        found = self._known.get(facts)
        if found is None:
            found = self._known[facts] = self._possible(facts)
        return found

    def _facts(self, ticket: Ticket) -> Facts:
        return Facts(
            ticket.status, ticket.org_path, self._technician == ticket.technician_id, ticket.created_by == self._ref,
            ticket.grid_id is not None, ticket.is_incident, ticket.incident_id is not None,
            ticket.parent_id is not None, bool(ticket.pending_request), ticket.arrived_at is not None,
            self._may_come_back(ticket),
        )  # fmt: skip

    def _may_come_back(self, ticket: Ticket) -> bool:
        """Within the branch's days and times, and still here, as `check_reopen` says; else it is a new ticket that
        follows this one."""
        if ticket.closed_at is None or ticket.archived_at is not None or ticket.parent_id is not None:
            return False
        since, times = self._reopened
        return ticket.closed_at >= since and ticket.reopen_count < times and ticket.close_code != "transferred"

    @cached_property
    def _reopened(self) -> tuple[datetime, int]:
        """Since when a ticket must have been closed to be opened again, and how often it may be."""
        rules = policy()
        return clock.now() - timedelta(days=rules.reopen_days), rules.reopen_max

    def _possible(self, facts: Facts) -> tuple[str, ...]:
        if self._actor.kind == "customer":
            return tuple(one for one in actions_from(facts.status) if one in CUSTOMERS and _for_customer(one, facts))
        if not self._staff:
            return ()
        hands = self._actor.technician_id is not None
        allowed = _allowed(self._actor.grants, hands, facts.mine, facts.entered, str(facts.status), facts.org_path)
        return tuple(one for one in allowed if _makes_sense(one, facts))


def view_of(actor: Actor, ticket: Ticket) -> TicketView:
    """Wrap a row that `visible_tickets` has let through. No query."""
    return Reader(actor).view(ticket)


def may_reveal(actor: Actor, ticket: Ticket) -> bool:
    """May this actor see the contact and the door? No query."""
    return Reader(actor).reveals(ticket)


def actions_for(actor: Actor, ticket: Ticket) -> tuple[str, ...]:
    """What this actor could do with the ticket now (buttons). No query."""
    return Reader(actor).actions(ticket)


@lru_cache(maxsize=8192)
def _allowed(
    grants: tuple[Grant, ...], hands: bool, mine: bool, entered: bool, status: str, org_path: str
) -> tuple[str, ...]:
    """What these roles may do with a ticket that stands there in this state. `hands`: is it a technician."""
    return tuple(
        action
        for action in actions_from(status)
        if (mine and action in OWN | OWN_TOO)
        or (action not in OWN and _in_reach(grants, hands, entered, action, org_path))
    )


def _in_reach(grants: tuple[Grant, ...], hands: bool, entered: bool, action: str, org_path: str) -> bool:
    if action == "grab" and not hands:
        return False
    wanted = (*ACTIONS[action], *ENTERED_TOO.get(action, ())) if entered else ACTIONS[action]
    return any(grant.role in wanted and org_path.startswith(grant.org_path) for grant in grants)


def _for_customer(action: str, facts: Facts) -> bool:
    """Once somebody is there, only the dispatcher calls it off. Of requests only the one to open it again is theirs."""
    if (action == "cancel" and facts.arrived) or (action == "withdraw" and facts.status != State.CLOSED):
        return False
    return _makes_sense(action, facts)


def _makes_sense(action: str, facts: Facts) -> bool:
    """Is there something to do it to?"""
    if action.startswith("request_") and facts.asked:
        return False
    needs = _NEEDS.get(action)
    return needs is None or needs(facts)
