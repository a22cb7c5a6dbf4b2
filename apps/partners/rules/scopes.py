"""What a partner's token may be good for, and which events it may then hear. Pure."""

from collections.abc import Iterable

TICKETS, OPEN, CONTACT, EVENTS, STOCK, CALLS = "tickets", "open", "contact", "events", "stock", "calls"
SCOPES = (TICKETS, OPEN, CONTACT, EVENTS, STOCK, CALLS)

TICKET_CREATE = "TicketCreateEvent"
TICKET_STATUS = "TicketStatusChangeEvent"
TICKET_INFORMATION = "TicketInformationRequiredEvent"
WORK_STATE = "WorkOrderStateChangeEvent"
STOCK_VALUE = "ProductStockAttributeValueChangeEvent"

# The hub of each interface, and what can be heard there (domain.md §9).
HUBS: dict[str, tuple[str, ...]] = {
    "troubleTicket": (TICKET_CREATE, TICKET_STATUS, TICKET_INFORMATION),
    "workOrder": (WORK_STATE,),
    "productStock": (STOCK_VALUE,),
}
EVENT_TYPES = tuple(kind for kinds in HUBS.values() for kind in kinds)


def needed_for(event_type: str) -> frozenset[str]:
    """The scopes a partner needs to be told of this: hearing that something moved is reading it."""
    return frozenset({EVENTS, STOCK if event_type == STOCK_VALUE else TICKETS})


def may_hear(event_type: str, scopes: Iterable[str]) -> bool:
    """Do these scopes suffice? Asked when an event is noted, and again before it is sent."""
    return needed_for(event_type) <= set(scopes)
