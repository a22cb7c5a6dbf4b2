"""T1 submit, T2 release, T2b place: how a report becomes a ticket in the pool."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from apps.people import geo
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets.errors import AddressMissing, AlreadyPlaced, UnknownGrid, UnknownType
from apps.tickets.events import TicketOpened, TicketPlaced, TicketReleased
from apps.tickets.models import GRID_BASE, Ticket, TicketType
from apps.tickets.permissions import ACTIONS
from apps.tickets.services import _steps as step
from apps.tickets.services.photos import attach_photos
from apps.tickets.services.waves import push_wave
from apps.tickets.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed
from tenants.context import current_branch, policy

if TYPE_CHECKING:
    from apps.people.models import Customer, OrgUnit

CUSTOMER_CHANNELS = ("wechat_oa", "h5")
CHANNELS = ("wechat_oa", "h5", "shop", "hotline_96066", "local_line", "tech_direct", "import", "noc")
# A digit, or a Chinese numeral or a letter before a word for house, entrance, floor or room (五一路 is a street).
_DOOR = re.compile(r"\d|[①-⑳]|[〇零一二两三四五六七八九十百甲乙丙丁A-Za-zＡ-Ｚ]+\s*(?=[号栋幢座单楼层室户门弄排])")
_NEXT_ID = "SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id'))"


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
    photo_owner: str = ""  # who uploaded them, when the reporter has no account (photos.upload_photo)


@command("tickets.open")
def open_ticket(*, report: Report, channel: str, by: Actor) -> Receipt:
    """A report becomes a ticket and stands in the pool, with its first push wave, in one transaction.

    Without any place the ticket waits as `submitted` for somebody to find it. Customers report for
    themselves, anybody may over the public page (`h5`); staff need the right to create.
    Raises UnknownType, AddressMissing, BadPhone, NotAllowed.
    """
    _check_reporter(by, channel)
    kind = _type(report.type_code, by)
    place = _Place.of(report)
    customer = _customer(report, by)

    ticket = _insert(report, channel, kind, place, customer, by)
    attach_photos(ticket, report.photos, by, owner=report.photo_owner)

    step.record(ticket, "submit", "", by, data={"channel": channel})
    step.announce(TicketOpened, ticket, "", channel=channel)
    if ticket.status == State.POOLED:
        push_wave(ticket)
    return step.receipt(ticket)


@command("tickets.release")
def release_ticket(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """T2: a checked report enters the pool."""
    step.authorise(by, "release")
    ticket = step.lock_ticket(public_id, by=by, action="release", version=version)

    now = clock.now()
    due = now + clock.minutes(policy().accept_target(ticket.area_class))
    before = step.move(ticket, "release", State.POOLED, pooled_at=now, accept_due_at=due, accept_overdue=False)
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
    before = step.move(ticket, "place", State.POOLED, **_placed(ticket, unit))
    told = {"grid": unit.code, "resolve_due_at": promised.isoformat() if promised else None}  # the promise as it was
    step.record(ticket, "place", before, by, data=told)
    step.announce(TicketPlaced, ticket, before)
    push_wave(ticket)
    return step.receipt(ticket)


def _placed(ticket: Ticket, grid: "OrgUnit") -> dict[str, object]:
    """The columns that follow from the grid: the promise counts from the report, the accept clock from now."""
    now, rules = clock.now(), policy()
    due = ticket.reported_at + timedelta(hours=rules.resolve_target(grid.area_class))
    known = ticket.lat is not None
    return {
        "grid_id": grid.pk, "org_path": grid.path, "area_class": grid.area_class,
        "coarse_address": _coarse(ticket.address, _Place(None, None, grid)),
        "lat": ticket.lat if known else grid.lat, "lng": ticket.lng if known else grid.lng,
        "location_source": ticket.location_source if known else GRID_BASE,
        "resolve_due_at": due, "resolve_overdue": ticket.resolve_overdue and due <= now,
        "pooled_at": now, "accept_due_at": now + clock.minutes(rules.accept_target(grid.area_class)),
        "accept_overdue": False,
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


def _type(code: str, by: Actor) -> TicketType:
    kinds = TicketType.objects.filter(code=code, enabled=True)
    if by.kind in {"customer", "anonymous"}:
        kinds = kinds.filter(customer_may_report=True)
    kind = kinds.first()
    if kind is None:
        raise UnknownType({"type_code": [str(UnknownType.message)]})
    return kind


def _insert(report: Report, channel: str, kind: TicketType, place: _Place, customer: "Customer", by: Actor) -> Ticket:
    rules, now = policy(), clock.now()
    pooled = place.grid is not None
    ticket = Ticket(
        id=_next_id(), public_id=step.new_public_id(), type=kind, channel=channel, priority=_priority(report, by),
        status=State.POOLED if pooled else State.SUBMITTED, customer_id=customer.pk,
        contact_name=report.contact_name, contact_phone=customer.phone, description=report.description,
        address=report.address or _point(place), coarse_address=_coarse(report.address, place),
        lat=place.lat, lng=place.lng, datum_in=report.datum, location_source=place.source,
        area_class=place.area_class, grid=place.grid, org_path=place.grid.path if place.grid else _root_path(),
        created_by=by.ref, reported_at=now, changed_at=now, pooled_at=now if pooled else None,
        accept_due_at=now + clock.minutes(rules.accept_target(place.area_class)),
        resolve_due_at=now + timedelta(hours=rules.resolve_target(place.area_class)),
    )  # fmt: skip
    ticket.ticket_no = f"{current_branch().code}-{now.astimezone(clock.BUSINESS_ZONE).year}-{ticket.pk:06d}"
    ticket.save(force_insert=True)
    return ticket


def _priority(report: Report, by: Actor) -> int:
    """Staff judge how urgent a report is; everybody's own fault is urgent to them."""
    return Report.priority if by.kind in {"customer", "anonymous"} else report.priority


def _next_id() -> int:
    """The id is taken first, because the ticket's number is made of it: one insert instead of two writes."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_ID)
        row: tuple[Any, ...] = cursor.fetchone()
    return int(row[0])


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
