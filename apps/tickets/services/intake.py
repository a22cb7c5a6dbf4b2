"""T1 submit, T2 release, T2b place: how a report becomes a ticket in the pool."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from apps.people import selectors as people_reads
from apps.tickets import duplicates
from apps.tickets.errors import AlreadyPlaced, LikelyDuplicate, UnknownGrid
from apps.tickets.events import TicketOpened, TicketPlaced, TicketReleased
from apps.tickets.models import GRID_BASE, Ticket, TypeVersion
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.workflow import State
from apps.tickets.services import _answers as answers
from apps.tickets.services import _clocks as clocks
from apps.tickets.services import _opening as opening
from apps.tickets.services import _steps as step
from apps.tickets.services._opening import Report
from apps.tickets.services.follow_ups import earlier_of, note_follow_up
from apps.tickets.services.photos import attach_photos
from apps.tickets.services.waves import Wave, first_wave, push_wave
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from apps.people.models import Customer, OrgUnit

__all__ = ["CHANNELS", "HANDOVER", "Report", "open_ticket", "place_ticket", "release_ticket"]

CUSTOMER_CHANNELS = ("wechat_oa", "h5")
CHANNELS = ("wechat_oa", "h5", "shop", "hotline_96066", "local_line", "tech_direct", "import", "noc")
HANDOVER = "handover"  # from another branch, by the system alone: services/handing_over.py is the other end


@command("tickets.open")
def open_ticket(*, report: Report, channel: str, by: Actor) -> Receipt:
    """A report becomes a ticket and stands in the pool, with its first push wave, in one transaction.

    Without any place the ticket waits as `submitted` for somebody to find it, and so does what comes from a number of
    false reports. Customers report for
    themselves, anybody may over the public page (`h5`); staff need the right to create.
    Raises UnknownType, BadAnswers, AddressMissing, BadPhone, BadPriority, LikelyDuplicate, NotAllowed.
    """
    _check_reporter(by, channel)
    ticket, wave = written(report, channel, by)
    step.announce(TicketOpened, ticket, "", channel=channel)
    if wave is not None:
        push_wave(ticket, wave)
    return step.receipt(ticket)


def written(report: Report, channel: str, by: Actor, *, pushed: bool = True) -> tuple[Ticket, Wave | None]:
    """The report as a new ticket with the first row of its history, and whom its first wave would tell if it is
    `pushed`. The caller has asked whether `by` may report.
    """
    version = opening.type_in_force(report.type_code, by)
    told = answers.checked(version.definition, "report", report.fields)
    place = opening.Place.of(report)
    customer = opening.customer_of(report, by)
    _said_before(report, version, customer, by)
    earlier = earlier_of(report.follows, by)

    ticket = opening.new_ticket(replace(report, fields=told), channel, version, place, customer, by)
    wave = first_wave(ticket) if pushed and ticket.status == State.POOLED else None
    step.begin(ticket, by, opening.first_facts(ticket, channel))
    _hang(ticket, report, told, by)
    note_follow_up(ticket, earlier, by)
    return ticket, wave


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
        "coarse_address": opening.coarse(ticket.address, opening.Place(None, None, grid)),
        "lat": ticket.lat if known else grid.lat, "lng": ticket.lng if known else grid.lng,
        "location_source": ticket.location_source if known else GRID_BASE,
        "terms": asdict(terms), "pooled_at": clock.now(),
    }  # fmt: skip


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


def _said_before(report: Report, version: TypeVersion, customer: "Customer", by: Actor) -> None:
    """Whoever reports it twice is told so once. A stranger is not: a phone number anybody may type proves nothing."""
    if report.anyway or report.follows or by.kind not in {"staff", "customer"}:
        return
    same = duplicates.same_kind(by, version.type.family, phone=customer.phone, account_no=report.account_no)
    if same is not None:
        raise LikelyDuplicate(no=same.ticket_no, public_id=same.public_id)


def _hang(ticket: Ticket, report: Report, told: Mapping[str, Any], by: Actor) -> None:
    """The report's pictures, those that answer a field of the type among them."""
    definition = ticket.type_version.definition
    names = (*report.photos, *answers.pictures_in(definition, "report", told))
    attach_photos(ticket, names, by, owner=report.photo_owner)
    answers.label_pictures(ticket, definition, "report", told)
