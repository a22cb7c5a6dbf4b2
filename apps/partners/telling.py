"""Which of TM Forum's events one of ours is, and what they say: names, words and moments, never a person.

Who wants more asks the interface, where the token's scopes decide. What is told depends on the event alone, so a replay
says the same.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from apps.inventory.costs_read import CostLine
from apps.partners import addresses_of, cases_read
from apps.partners.models import Partner
from apps.partners.rules import scopes, shapes, states
from apps.partners.rules.states import Standing
from apps.tickets import events
from apps.tickets.selectors import ticket_for
from steppe.kernel.actors import SYSTEM
from steppe.kernel.events import EventRecord

Told = tuple[str, dict[str, Any]]


def of_ticket(record: EventRecord, partner: Partner) -> Iterator[Told]:
    """None, one or several, in the order in which they are true. Two queries, four when something moved."""
    ticket = ticket_for(SYSTEM, record.public_id).ticket
    name = cases_read.names_of(partner, [record.public_id]).get(record.public_id, "")
    head = {"id": record.public_id, "externalId": name} if name else {"id": record.public_id}
    if ticket.type.kind == cases_read.WORK:
        for word in _moves(record, ticket, states.work):
            yield scopes.WORK_STATE, {"workOrder": _work(head, word, record)}
        return
    if record.kind == events.TicketOpened.kind:
        yield scopes.TICKET_CREATE, {"troubleTicket": _trouble(head, states.ACKNOWLEDGED, record)}
    for word in _moves(record, ticket, states.trouble):
        yield scopes.TICKET_STATUS, {"troubleTicket": _trouble(head, word, record)}
    if _asks_for_something(record):
        word = states.trouble(_after(record, ticket))
        yield scopes.TICKET_INFORMATION, {"troubleTicket": _trouble(head, word, record)}


def of_stock(lines: Iterable[CostLine]) -> Iterator[Told]:
    """One for each line of an entry: goods that left are a negative change."""
    for line in lines:
        body = shapes.stock_line(line.item, line.place, str(-line.quantity), addresses_of.root("productStock"))
        yield scopes.STOCK_VALUE, {"productStock": body}


def _asks_for_something(record: EventRecord) -> bool:
    """The place is unknown, the customer must be there, or was not reached: the partner may know more."""
    if record.kind == events.TicketOpened.kind:
        return record.facts["after"] == "submitted"
    if record.kind == events.TicketHeld.kind:
        return record.facts["hold_class"] == states.THEIRS
    return record.kind == events.TicketUnreached.kind


def _moves(record: EventRecord, ticket: Any, word: Any) -> tuple[str, ...]:
    """Opening is no change: what is new was told by the event of its creation."""
    if not record.facts["before"] or record.facts["before"] == record.facts["after"]:
        return ()
    before = Standing(
        record.facts["before"], cases_read.was_taken(record.public_id, record.version - 1), ticket.hold_class,
        _result(record.facts["before"], ticket),
    )  # fmt: skip
    return states.passed(record.kind, before, _after(record, ticket), word)


def _after(record: EventRecord, ticket: Any) -> Standing:
    taken = cases_read.was_taken(record.public_id, record.version)
    hold_class = record.facts.get("hold_class", ticket.hold_class)
    return Standing(record.facts["after"], taken, hold_class, _result(record.facts["after"], ticket))


def _result(state: str, ticket: Any) -> str:
    """How the work ended, where it has ended."""
    return str(ticket.close_code) if state in {"awaiting_callback", "closed"} else ""


def _trouble(head: dict[str, Any], word: str, record: EventRecord) -> dict[str, Any]:
    return head | {
        "href": f"{addresses_of.root('troubleTicket')}/troubleTicket/{record.public_id}", "status": word,
        "ticketType": record.facts["type_code"], "statusChangeDate": shapes.moment(record.occurred_at),
        "@type": "TroubleTicket",
    }  # fmt: skip


def _work(head: dict[str, Any], word: str, record: EventRecord) -> dict[str, Any]:
    return head | {
        "href": f"{addresses_of.root('workOrder')}/workOrder/{record.public_id}", "state": word,
        "category": record.facts["type_code"], "@type": "WorkOrder",
    }  # fmt: skip
