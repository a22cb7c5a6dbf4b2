"""Our tickets and stock in TM Forum's shapes (domain.md §10). Pure: a flat record in, a JSON object out.

What a token may not see is never in the record, so no shape can tell it. Moments are ISO 8601, UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.partners.rules import states
from apps.partners.rules.incoming import PRIORITIES, SEVERITIES
from apps.partners.rules.states import Standing


@dataclass(frozen=True)
class Contact:
    """Who waits and where, and what they wrote: only for tokens with that scope."""

    name: str
    phone: str
    address: str
    account_no: str
    description: str


@dataclass(frozen=True)
class Case:
    """One ticket as the interfaces need it. `area` is the place without its door; `related`: (TMF relation, name)."""

    public_id: str
    number: str
    type_code: str
    type_name: str
    standing: Standing
    priority: int
    channel: str
    area: str
    reported_at: datetime
    changed_at: datetime
    promised_at: datetime | None = None
    booked: tuple[datetime, datetime] | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    external_id: str = ""
    contact: Contact | None = None
    related: tuple[tuple[str, str], ...] = ()


def trouble_ticket(case: Case, root: str) -> dict[str, Any]:
    """TMF621 `TroubleTicket`; `root` is the interface's address, without a final slash."""
    href = f"{root}/troubleTicket/"
    shown = _head(case, href) | {
        "ticketType": case.type_code, "status": states.trouble(case.standing),
        "severity": SEVERITIES[min(case.priority, 2)], "priority": PRIORITIES[min(case.priority, 3)],
        "channel": {"id": case.channel, "name": case.channel},
        "creationDate": moment(case.reported_at), "lastUpdate": moment(case.changed_at),
        "statusChangeReason": case.standing.result, "expectedResolutionDate": moment(case.promised_at),
        "resolutionDate": moment(case.finished_at),
        "troubleTicketRelationship": _relations(case, href), "@type": "TroubleTicket",
    }  # fmt: skip
    return _said(shown)


def work_order(case: Case, root: str) -> dict[str, Any]:
    """TMF697 `WorkOrder`."""
    href, ended = f"{root}/workOrder/", case.standing.state in {"cancelled", "void"}
    shown = _head(case, href) | {
        "category": case.type_code, "state": states.work(case.standing), "priority": str(min(case.priority, 4)),
        "orderDate": moment(case.reported_at), "expectedCompletionDate": moment(case.promised_at),
        "startDate": moment(case.started_at), "completionDate": moment(case.finished_at),
        "cancellationDate": moment(case.closed_at) if ended else None,
        "cancellationReason": case.standing.result if ended else "",
        "appointment": _slot(case.booked),
        "workOrderRelationship": _relations(case, href), "@type": "WorkOrder",
    }  # fmt: skip
    return _said(shown)


def stock_line(item: str, place: str, change: str, root: str) -> dict[str, Any]:
    """TMF687 `ProductStock`, as far as its event tells: by how much the level of one item at one place moved."""
    return {
        "id": f"{place}:{item}", "href": f"{root}/productStock/{place}:{item}", "place": {"id": place},
        "stockedProduct": {"id": item}, "productStockLevelChange": {"amount": change}, "@type": "ProductStock",
    }  # fmt: skip


def event(event_id: str, event_type: str, at: datetime, body: dict[str, Any]) -> dict[str, Any]:
    """The envelope of every event."""
    return {
        "eventId": event_id, "eventTime": moment(at), "eventType": event_type,
        "event": body, "@type": event_type,
    }  # fmt: skip


def moment(at: datetime | None) -> str | None:
    """As TM Forum writes a moment."""
    return at.isoformat() if at else None


def _head(case: Case, href: str) -> dict[str, Any]:
    return {
        "id": case.public_id, "href": href + case.public_id, "name": f"{case.number} {case.type_name}",
        "externalId": case.external_id, "description": case.contact.description if case.contact else "",
        "relatedParty": _parties(case.contact), "relatedEntity": _entities(case),
    }  # fmt: skip


def _parties(contact: Contact | None) -> Sequence[dict[str, Any]]:
    if contact is None:
        return []
    phone = {"mediumType": "phone", "characteristic": {"phoneNumber": contact.phone}}
    return [{"role": "customer", "name": contact.name, "contactMedium": [phone], "@referredType": "Individual"}]


def _entities(case: Case) -> Sequence[dict[str, Any]]:
    where = case.contact.address if case.contact else case.area
    found = [{"role": "place", "name": where, "@referredType": "GeographicAddress"}]
    if case.contact and case.contact.account_no:
        found.append({"role": "account", "id": case.contact.account_no, "@referredType": "BillingAccount"})
    return found


def _relations(case: Case, href: str) -> Sequence[dict[str, Any]]:
    return [{"relationshipType": kind, "id": name, "href": href + name} for kind, name in case.related]


def _slot(booked: tuple[datetime, datetime] | None) -> dict[str, Any] | None:
    if booked is None:
        return None
    return {"validFor": {"startDateTime": moment(booked[0]), "endDateTime": moment(booked[1])}}


def _said(shown: dict[str, Any]) -> dict[str, Any]:
    """What there is nothing to say about is left out."""
    return {name: value for name, value in shown.items() if value not in (None, "", [])}
