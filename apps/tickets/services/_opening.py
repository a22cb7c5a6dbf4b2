"""The row of a new ticket: whose, of which type, where, how urgent, by when. Only the customer is written here."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from apps.people import geo
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets import duplicates
from apps.tickets.errors import AddressMissing, BadPriority, UnknownType
from apps.tickets.models import GRID_BASE, Ticket, TicketType, TypeVersion
from apps.tickets.rules.clocks import Step
from apps.tickets.rules.definitions import Definition
from apps.tickets.rules.workflow import State
from apps.tickets.services import _answers as answers
from apps.tickets.services import _clocks as clocks
from apps.tickets.services import _steps as step
from apps.tickets.services.numbers import next_id, number_of
from apps.tickets.services.repeats import note_repeat
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.db import rows_by_keys
from steppe.kernel.light import columns, whole
from tenants.context import policy

if TYPE_CHECKING:
    from apps.people.models import Customer, OrgUnit

# A digit, or a Chinese numeral or a letter before a word for house, entrance, floor or room (五一路 is a street).
_DOOR = re.compile(r"\d|[①-⑳]|[〇零一二两三四五六七八九十百甲乙丙丁A-Za-zＡ-Ｚ]+\s*(?=[号栋幢座单楼层室户门弄排])")
LOWEST = 3  # P0, the most urgent, to P3
_IN_FORCE = f"""
SELECT {columns(TicketType, "t")}, {columns(TypeVersion, "v")}
  FROM tickets_tickettype t JOIN tickets_typeversion v ON v.type_id = t.id AND v.number = t.number
 WHERE t.enabled AND t.code = ANY(%s::varchar[])
"""  # noqa: S608 (names of the models' own columns)
_OF_TYPE = len(TicketType._meta.concrete_fields)


@dataclass(frozen=True)
class Report:
    """What was reported. Latitude and longitude in `datum`; address may be empty when a point is given."""

    type_code: str
    contact_phone: str
    contact_name: str = ""
    address: str = ""
    description: str = ""
    lat: float | None = None
    lng: float | None = None
    datum: str = "wgs84"
    location_source: str = "manual"
    account_no: str = ""
    priority: int = 2
    photos: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)  # what the type asks for (rules/definitions.py)
    node_code: str = ""
    reported_at: datetime | None = None  # earlier than the entry: backfilled, imported, handed over
    follows: str = ""  # the ticket this one follows, by its public id: a survey, an inspection
    anyway: bool = False  # the open ticket of this kind is known: this is another matter
    photo_owner: str = ""  # who uploaded them, when the reporter has no account (photos.upload_photo)


@dataclass(frozen=True)
class Place:
    """Where it is: canonical WGS-84 point, grid, class of area."""

    lat: float | None
    lng: float | None
    grid: "OrgUnit | None"
    source: str = GRID_BASE

    @classmethod
    def of(cls, report: Report) -> "Place":
        lat, lng = _canonical(report)
        source = GRID_BASE if lat is None else report.location_source
        if lat is None and not report.address.strip():
            raise AddressMissing({"address": [str(AddressMissing.message)]})
        grid = people_reads.grid_for(lat=lat, lng=lng, address=report.address)
        if lat is None and grid is not None:
            lat, lng = grid.lat, grid.lng
        return cls(lat, lng, grid, source)

    @property
    def area_class(self) -> str:
        return self.grid.area_class if self.grid else "A"


def _canonical(report: Report) -> tuple[float | None, float | None]:
    if report.lat is None or report.lng is None or not geo.valid(report.lat, report.lng):
        return None, None
    return geo.to_wgs84(report.lat, report.lng, report.datum)


def customer_of(report: Report, by: Actor) -> "Customer":
    """Whose ticket it will be. What a stranger says changes nobody's record."""
    name, phone, address = report.contact_name, report.contact_phone, report.address
    if by.kind == "customer" and by.id:
        return people.update_contact(customer_id=by.id, name=name, phone=phone, address=address)
    if by.kind == "anonymous":
        return people.customer_by_word(name=name, phone=phone, address=address)
    return people.customer_for_contact(name=name, phone=phone, address=address, account_no=report.account_no)


def type_in_force(code: str, by: Actor) -> TypeVersion:
    """The version in force of a type that this person may report. Raises UnknownType. One query."""
    row = next(iter(rows_by_keys(_IN_FORCE, [code])), None)
    kind = whole(TicketType, row[:_OF_TYPE]) if row else None
    if row is None or kind is None or (by.kind in {"customer", "anonymous"} and not kind.customer_may_report):
        raise UnknownType({"type_code": [str(UnknownType.message)]})
    version = whole(TypeVersion, row[_OF_TYPE:])
    version.type = kind
    return version


def new_ticket(
    report: Report, channel: str, version: TypeVersion, place: Place, customer: "Customer", by: Actor
) -> Ticket:  # fmt: skip
    """The row as it will be written. Three queries; one more for what customers say themselves."""
    now = clock.now()
    ticket = Ticket(
        pending_request="",
        id=next_id(), public_id=step.new_public_id(), type=version.type, type_version=version, channel=channel,
        priority=_priority(report, by, version.definition), customer_id=customer.pk, created_by=by.ref,
        contact_name=report.contact_name, contact_phone=customer.phone, description=report.description,
        account_no=report.account_no or customer.account_no, node_code=report.node_code, fields=dict(report.fields),
        reported_at=report.reported_at or now, changed_at=now,
        **answers.columns_of(version.definition, report.fields),
    )  # fmt: skip
    ticket.ticket_no = number_of(ticket.pk)
    _put(ticket, report, place, checked=_is_suspect(customer, by))
    for name, value in queue_of(ticket, version.definition).items():
        setattr(ticket, name, value)
    note_repeat(ticket, version)
    _wind(ticket, version, channel)
    return ticket


def first_facts(ticket: Ticket, channel: str) -> dict[str, Any]:
    """What the history keeps of the beginning."""
    told = {"channel": channel, "terms": ticket.terms, "reported_at": ticket.reported_at.isoformat()}
    return told | ({"department": ticket.department.code} if ticket.department else {})


def _is_suspect(customer: "Customer", by: Actor) -> bool:
    """From a number that told us false things before: a person looks at it first. One query; none for staff."""
    told_by_themselves = by.kind in {"customer", "anonymous"}
    return told_by_themselves and duplicates.false_reports(customer.phone) >= policy().false_reports_max


def _put(ticket: Ticket, report: Report, place: Place, *, checked: bool) -> None:
    """Where it is, and therefore: in the pool, or still to be found; or to be checked by a person first."""
    ticket.status = State.POOLED if place.grid and not checked else State.SUBMITTED
    ticket.pooled_at = ticket.changed_at if ticket.status == State.POOLED else None
    ticket.address, ticket.coarse_address = report.address or _point(place), coarse(report.address, place)
    ticket.lat, ticket.lng, ticket.datum_in, ticket.location_source = place.lat, place.lng, report.datum, place.source
    ticket.area_class, ticket.grid = place.area_class, place.grid
    ticket.org_path = place.grid.path if place.grid else _root_path()


def queue_of(ticket: Ticket, definition: Definition) -> dict[str, Any]:
    """The columns of its first queue: a type may begin in a department's pool instead of the grid's; a branch without
    that department has the grid. Nothing without a place. At most one query.
    """
    if ticket.grid is None:
        return {}
    unit = people_reads.unit_by_code(definition.first_queue) if definition.first_queue else None
    return {"org_path": unit.path if unit else ticket.grid.path, "department": unit}


def _wind(ticket: Ticket, version: TypeVersion, channel: str) -> None:
    """Start the clocks: the columns that the first row of the history will ask for."""
    terms = clocks.terms_for(version.definition, area_class=ticket.area_class, priority=ticket.priority)
    ticket.terms = asdict(terms)
    first = Step("submit", "", ticket.status, ticket.changed_at, first_facts(ticket, channel))
    for name, value in clocks.opened(ticket, first).items():
        setattr(ticket, name, value)


def _priority(report: Report, by: Actor, definition: Definition) -> int:
    """The type's own, unless staff judge otherwise.

    Customers do not judge: everybody's own fault is urgent to them. Raises BadPriority.
    """
    usual = definition.priority
    if by.kind in {"customer", "anonymous"} or report.priority == Report.priority:
        return usual
    if not 0 <= report.priority <= LOWEST:
        raise BadPriority({"priority": [str(BadPriority.message)]})
    return judged(report.priority, usual)


def judged(priority: int, usual: int) -> int:
    """What staff judged; what the type calls urgent stays at least so."""
    return min(priority, usual) if usual < Report.priority else priority


def _root_path() -> str:
    """The branch's own node; a ticket without a place hangs there until somebody finds it."""
    tree = people_reads.org_tree()
    return tree[0].path if tree else "/"


def coarse(address: str, place: Place) -> str:
    """Grid and estate, no door: the first number of any script and what follows it are cut off."""
    estate = _DOOR.split(address.strip(), maxsplit=1)[0]
    grid = place.grid.name if place.grid else ""
    return f"{grid} · {estate}".strip(" ·")[:80] or grid or "—"


def _point(place: Place) -> str:
    return f"{place.lat:.5f}, {place.lng:.5f}" if place.lat is not None else ""
