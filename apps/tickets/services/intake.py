"""T1 submit, T2 release, T2b place: how a report becomes a ticket in the pool."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from apps.people import geo
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets import duplicates
from apps.tickets.errors import AddressMissing, AlreadyPlaced, LikelyDuplicate, UnknownGrid, UnknownType
from apps.tickets.events import TicketOpened, TicketPlaced, TicketReleased
from apps.tickets.models import GRID_BASE, Ticket, TypeVersion
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.clocks import Step
from apps.tickets.rules.definitions import Definition
from apps.tickets.rules.workflow import State
from apps.tickets.services import _answers as answers
from apps.tickets.services import _clocks as clocks
from apps.tickets.services import _steps as step
from apps.tickets.services.follow_ups import earlier_of, note_follow_up
from apps.tickets.services.numbers import next_id, number_of
from apps.tickets.services.photos import attach_photos
from apps.tickets.services.repeats import note_repeat
from apps.tickets.services.waves import push_wave
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed
from tenants.context import policy

if TYPE_CHECKING:
    from apps.people.models import Customer, OrgUnit

CUSTOMER_CHANNELS = ("wechat_oa", "h5")
CHANNELS = ("wechat_oa", "h5", "shop", "hotline_96066", "local_line", "tech_direct", "import", "noc")
HANDOVER = "handover"  # from another branch, by the system alone: services/handing_over.py is the other end
# A digit, or a Chinese numeral or a letter before a word for house, entrance, floor or room (五一路 is a street).
_DOOR = re.compile(r"\d|[①-⑳]|[〇零一二两三四五六七八九十百甲乙丙丁A-Za-zＡ-Ｚ]+\s*(?=[号栋幢座单楼层室户门弄排])")


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


@command("tickets.open")
def open_ticket(*, report: Report, channel: str, by: Actor) -> Receipt:
    """A report becomes a ticket and stands in the pool, with its first push wave, in one transaction.

    Without any place the ticket waits as `submitted` for somebody to find it, and so does what comes from a number of
    false reports. Customers report for
    themselves, anybody may over the public page (`h5`); staff need the right to create.
    Raises UnknownType, BadAnswers, AddressMissing, BadPhone, LikelyDuplicate, NotAllowed.
    """
    _check_reporter(by, channel)
    ticket = written(report, channel, by)
    step.announce(TicketOpened, ticket, "", channel=channel)
    if ticket.status == State.POOLED:
        push_wave(ticket)
    return step.receipt(ticket)


def written(report: Report, channel: str, by: Actor) -> Ticket:
    """The report as a new ticket with the first row of its history. The caller has asked whether `by` may report."""
    version = _type(report.type_code, by)
    told = answers.checked(version.definition, "report", report.fields)
    place = _Place.of(report)
    customer = _customer(report, by)
    _said_before(report, version, customer, by)
    earlier = earlier_of(report.follows, by)

    ticket = _insert(replace(report, fields=told), channel, version, place, customer, by)
    _hang(ticket, report, told, by)
    note_follow_up(ticket, earlier, by)

    step.record_first(ticket, by, _first_facts(ticket, channel))
    return ticket


@command("tickets.release")
def release_ticket(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """T2: a checked report enters the pool."""
    step.authorise(by, "release")
    ticket = step.lock_ticket(public_id, by=by, action="release", version=version)

    before = step.move(ticket, "release", State.POOLED, pooled_at=clock.now())
    step.record(ticket, "release", before, by)
    step.announce(TicketReleased, ticket, before)
    push_wave(ticket)
    return step.receipt(ticket)


@command("tickets.place")
def place_ticket(*, public_id: str, grid: str, version: int | None = None, by: Actor) -> Receipt:
    """T2b: somebody found out where it is; it enters the pool of that grid, whose people are asked.

    For a ticket that no place was known of, submitted or in the pool. `grid` is its code, within the actor's reach.
    Raises UnknownGrid, AlreadyPlaced.
    """
    step.authorise(by, "place")
    ticket = step.lock_ticket(public_id, by=by, action="place", version=version)
    if ticket.grid_id is not None:
        raise AlreadyPlaced
    unit = next((one for one in people_reads.grids_below(by.scopes(ACTIONS["place"])) if one.code == grid), None)
    if unit is None:
        raise UnknownGrid({"grid": [str(UnknownGrid.message)]})

    promised = ticket.resolve_due_at
    changes = _placed(ticket, unit)
    before = step.move(ticket, "place", State.POOLED, **changes)
    told = {
        "grid": unit.code, "terms": changes["terms"],
        "resolve_due_at": promised.isoformat() if promised else None,  # the promise as it was
    }  # fmt: skip
    step.record(ticket, "place", before, by, data=told)
    step.announce(TicketPlaced, ticket, before)
    push_wave(ticket)
    return step.receipt(ticket)


def _placed(ticket: Ticket, grid: "OrgUnit") -> dict[str, object]:
    """The columns that follow from the grid: the promise counts from the report, the accept clock from now."""
    definition = ticket.type_version.definition
    terms = clocks.terms_for(definition, area_class=grid.area_class, priority=ticket.priority)
    known = ticket.lat is not None
    return {
        "grid_id": grid.pk, "org_path": grid.path, "area_class": grid.area_class,
        "coarse_address": _coarse(ticket.address, _Place(None, None, grid)),
        "lat": ticket.lat if known else grid.lat, "lng": ticket.lng if known else grid.lng,
        "location_source": ticket.location_source if known else GRID_BASE,
        "terms": asdict(terms), "pooled_at": clock.now(),
    }  # fmt: skip


@dataclass(frozen=True)
class _Place:
    """Where it is: canonical WGS-84 point, grid, class of area."""

    lat: float | None
    lng: float | None
    grid: "OrgUnit | None"
    source: str = GRID_BASE

    @classmethod
    def of(cls, report: Report) -> "_Place":
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


def _check_reporter(by: Actor, channel: str) -> None:
    if channel == HANDOVER and by.kind == "system":
        return
    if channel not in CHANNELS:
        raise NotAllowed
    if by.kind == "customer" and channel in CUSTOMER_CHANNELS:
        return
    if by.kind == "anonymous" and channel == "h5":
        return
    step.authorise(by, "submit")


def _customer(report: Report, by: Actor) -> "Customer":
    """Whose ticket it will be. What a stranger says changes nobody's record."""
    name, phone, address = report.contact_name, report.contact_phone, report.address
    if by.kind == "customer" and by.id:
        return people.update_contact(customer_id=by.id, name=name, phone=phone, address=address)
    if by.kind == "anonymous":
        return people.customer_by_word(name=name, phone=phone, address=address)
    return people.customer_for_contact(name=name, phone=phone, address=address, account_no=report.account_no)


def _said_before(report: Report, version: TypeVersion, customer: "Customer", by: Actor) -> None:
    """Whoever reports it twice is told so once. A stranger is not: a phone number anybody may type proves nothing."""
    if report.anyway or report.follows or by.kind not in {"staff", "customer"}:
        return
    same = duplicates.same_kind(by, version.type.family, phone=customer.phone, account_no=report.account_no)
    if same is not None:
        raise LikelyDuplicate(no=same.ticket_no, public_id=same.public_id)


def _type(code: str, by: Actor) -> TypeVersion:
    """The version in force of a type that this person may report. One query."""
    found = TypeVersion.objects.select_related("type").filter(
        type__code=code, type__enabled=True, number=F("type__number")
    )
    if by.kind in {"customer", "anonymous"}:
        found = found.filter(type__customer_may_report=True)
    version = found.first()
    if version is None:
        raise UnknownType({"type_code": [str(UnknownType.message)]})
    return version


def _hang(ticket: Ticket, report: Report, told: Mapping[str, Any], by: Actor) -> None:
    """The report's pictures, those that answer a field of the type among them."""
    definition = ticket.type_version.definition
    names = (*report.photos, *answers.pictures_in(definition, "report", told))
    attach_photos(ticket, names, by, owner=report.photo_owner)
    answers.label_pictures(ticket, definition, "report", told)


def _insert(
    report: Report, channel: str, version: TypeVersion, place: _Place, customer: "Customer", by: Actor
) -> Ticket:  # fmt: skip
    now = clock.now()
    ticket = Ticket(
        id=next_id(), public_id=step.new_public_id(), type=version.type, type_version=version, channel=channel,
        priority=_priority(report, by, version.definition), customer_id=customer.pk, created_by=by.ref,
        contact_name=report.contact_name, contact_phone=customer.phone, description=report.description,
        account_no=report.account_no or customer.account_no, node_code=report.node_code, fields=dict(report.fields),
        reported_at=report.reported_at or now, changed_at=now,
        **answers.columns_of(version.definition, report.fields),
    )  # fmt: skip
    ticket.ticket_no = number_of(ticket.pk)
    _put(ticket, report, place, checked=_is_suspect(customer, by))
    _queue(ticket, version.definition)
    note_repeat(ticket, version)
    _wind(ticket, version, channel)
    ticket.save(force_insert=True)
    return ticket


def _is_suspect(customer: "Customer", by: Actor) -> bool:
    """From a number that told us false things before: a person looks at it first. One query; none for staff."""
    told_by_themselves = by.kind in {"customer", "anonymous"}
    return told_by_themselves and duplicates.false_reports(customer.phone) >= policy().false_reports_max


def _put(ticket: Ticket, report: Report, place: _Place, *, checked: bool) -> None:
    """Where it is, and therefore: in the pool, or still to be found; or to be checked by a person first."""
    ticket.status = State.POOLED if place.grid and not checked else State.SUBMITTED
    ticket.pooled_at = ticket.changed_at if ticket.status == State.POOLED else None
    ticket.address, ticket.coarse_address = report.address or _point(place), _coarse(report.address, place)
    ticket.lat, ticket.lng, ticket.datum_in, ticket.location_source = place.lat, place.lng, report.datum, place.source
    ticket.area_class, ticket.grid = place.area_class, place.grid
    ticket.org_path = place.grid.path if place.grid else _root_path()


def _queue(ticket: Ticket, definition: Definition) -> None:
    """A type may begin in a department's pool instead of the grid's; a branch without that department has the grid."""
    unit = people_reads.unit_by_code(definition.first_queue) if definition.first_queue else None
    if unit is not None and ticket.grid is not None:
        ticket.org_path, ticket.department = unit.path, unit


def _wind(ticket: Ticket, version: TypeVersion, channel: str) -> None:
    """Start the clocks: the columns that the first row of the history will ask for."""
    terms = clocks.terms_for(version.definition, area_class=ticket.area_class, priority=ticket.priority)
    ticket.terms = asdict(terms)
    first = Step("submit", "", ticket.status, ticket.changed_at, _first_facts(ticket, channel))
    for name, value in clocks.opened(ticket, first).items():
        setattr(ticket, name, value)


def _first_facts(ticket: Ticket, channel: str) -> dict[str, Any]:
    """What the history keeps of the beginning."""
    told = {"channel": channel, "terms": ticket.terms, "reported_at": ticket.reported_at.isoformat()}
    return told | ({"department": ticket.department.code} if ticket.department else {})


def _priority(report: Report, by: Actor, definition: Definition) -> int:
    """The type's own, unless staff judge otherwise: what the type calls urgent stays at least so.

    Customers do not judge: everybody's own fault is urgent to them.
    """
    usual = definition.priority
    if by.kind in {"customer", "anonymous"} or report.priority == Report.priority:
        return usual
    return min(report.priority, usual) if usual < Report.priority else report.priority


def _root_path() -> str:
    """The branch's own node; a ticket without a place hangs there until somebody finds it."""
    tree = people_reads.org_tree()
    return tree[0].path if tree else "/"


def _coarse(address: str, place: _Place) -> str:
    """Grid and estate, no door: the first number of any script and what follows it are cut off."""
    estate = _DOOR.split(address.strip(), maxsplit=1)[0]
    grid = place.grid.name if place.grid else ""
    return f"{grid} · {estate}".strip(" ·")[:80] or grid or "—"


def _point(place: _Place) -> str:
    return f"{place.lat:.5f}, {place.lng:.5f}" if place.lat is not None else ""
