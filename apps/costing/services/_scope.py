"""Whose matter is it, and is it in reach? Questions every use case of points asks before it writes."""

from collections.abc import Iterable

from apps.costing.errors import OwnMatter, TicketUnknown
from apps.people import selectors as people
from apps.people.errors import TechnicianNotFound
from apps.tickets.worked_read import WorkedTicket, worked_ticket
from steppe.kernel.actors import Actor


def reaches(by: Actor, org_path: str, roles: Iterable[str]) -> bool:
    """Is this at or below a node where the actor holds one of these roles?"""
    return by.kind == "system" or any(org_path.startswith(path) for path in by.scopes(roles))


def worked_in_scope(public_id: str, by: Actor, roles: Iterable[str]) -> WorkedTicket:
    """The ticket's work, for who holds one of these roles at its node or above. Raises TicketUnknown. Nine queries."""
    ticket = worked_ticket(public_id)
    if ticket is None or not reaches(by, ticket.org_path, roles):
        raise TicketUnknown
    return ticket


def team_of(ticket: WorkedTicket) -> tuple[int, ...]:
    """Who had a part in it, the main technician first."""
    crew = tuple(one.technician_id for one in ticket.crew)
    main = ticket.technician_id
    return crew if main is None or main in crew else (main,)


def check_not_own(by: Actor, technicians: Iterable[int]) -> None:
    """Nobody decides about the own work (domain.md §12 rule 15). Raises OwnMatter."""
    if by.technician_id is not None and by.technician_id in set(technicians):
        raise OwnMatter


def check_person(by: Actor, technician_id: int, roles: Iterable[str]) -> None:
    """Somebody at or below the actor's node, and not the actor. Raises TechnicianNotFound, OwnMatter. One query."""
    path = people.path_of_technician(technician_id)
    if path is None or not reaches(by, path, roles):
        raise TechnicianNotFound
    check_not_own(by, [technician_id])
