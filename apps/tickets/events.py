"""What happens to tickets, in the past tense. Ids and primitives only: a screen fetches what it may see."""

from dataclasses import dataclass
from typing import ClassVar

from steppe.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketChanged(Event):
    """Base: the ticket went from `before` (empty when new) to `after`, on business day `day`."""

    kind: ClassVar[str] = "ticket.changed"
    entity: ClassVar[str] = "ticket"

    before: str
    after: str
    day: str
    type_code: str = ""
    technician_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketChanged):
    kind: ClassVar[str] = "ticket.opened"
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketReleased(TicketChanged):
    kind: ClassVar[str] = "ticket.released"


@dataclass(frozen=True, kw_only=True)
class TicketPlaced(TicketChanged):
    """Somebody found out where it is: it stands in its grid's pool now."""

    kind: ClassVar[str] = "ticket.placed"


@dataclass(frozen=True, kw_only=True)
class TicketGrabbed(TicketChanged):
    kind: ClassVar[str] = "ticket.grabbed"


@dataclass(frozen=True, kw_only=True)
class TicketDispatched(TicketChanged):
    kind: ClassVar[str] = "ticket.dispatched"


@dataclass(frozen=True, kw_only=True)
class TicketConfirmed(TicketChanged):
    kind: ClassVar[str] = "ticket.confirmed"


@dataclass(frozen=True, kw_only=True)
class TicketDeclined(TicketChanged):
    kind: ClassVar[str] = "ticket.declined"


@dataclass(frozen=True, kw_only=True)
class TicketReassigned(TicketChanged):
    kind: ClassVar[str] = "ticket.reassigned"
    former_technician_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkStarted(TicketChanged):
    kind: ClassVar[str] = "ticket.work_started"


@dataclass(frozen=True, kw_only=True)
class TicketCompleted(TicketChanged):
    kind: ClassVar[str] = "ticket.completed"


@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketChanged):
    kind: ClassVar[str] = "ticket.closed"
    score: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketRated(TicketChanged):
    """The customer is not satisfied and waits for our call."""

    kind: ClassVar[str] = "ticket.rated"
    score: int


@dataclass(frozen=True, kw_only=True)
class TicketSentBack(TicketChanged):
    kind: ClassVar[str] = "ticket.sent_back"


@dataclass(frozen=True, kw_only=True)
class TicketVoided(TicketChanged):
    kind: ClassVar[str] = "ticket.voided"


@dataclass(frozen=True, kw_only=True)
class TicketRequested(TicketChanged):
    """Somebody asked for a step that another decides (`request`: the step; `hold_class`: why a pause is wanted)."""

    kind: ClassVar[str] = "ticket.requested"
    request: str
    hold_class: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestRefused(TicketChanged):
    """It was refused, or taken back (`state`)."""

    kind: ClassVar[str] = "ticket.request_refused"
    request: str
    state: str


@dataclass(frozen=True, kw_only=True)
class TicketReturned(TicketChanged):
    kind: ClassVar[str] = "ticket.returned"
    former_technician_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketTransferred(TicketChanged):
    kind: ClassVar[str] = "ticket.transferred"
    former_technician_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketBooked(TicketChanged):
    kind: ClassVar[str] = "ticket.booked"
    moved: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketContacted(TicketChanged):
    kind: ClassVar[str] = "ticket.contacted"


@dataclass(frozen=True, kw_only=True)
class TicketHeld(TicketChanged):
    kind: ClassVar[str] = "ticket.held"
    hold_class: str


@dataclass(frozen=True, kw_only=True)
class TicketResumed(TicketChanged):
    kind: ClassVar[str] = "ticket.resumed"


@dataclass(frozen=True, kw_only=True)
class WorkAdded(TicketChanged):
    """A co-worker, a charge or a reading was added on site."""

    kind: ClassVar[str] = "ticket.work_added"


@dataclass(frozen=True, kw_only=True)
class WorkFailed(TicketChanged):
    kind: ClassVar[str] = "ticket.work_failed"


@dataclass(frozen=True, kw_only=True)
class TicketUnreached(TicketChanged):
    """The callback did not reach the customer (`count` times by now)."""

    kind: ClassVar[str] = "ticket.unreached"
    count: int


@dataclass(frozen=True, kw_only=True)
class TicketReopened(TicketChanged):
    kind: ClassVar[str] = "ticket.reopened"


@dataclass(frozen=True, kw_only=True)
class TicketCancelled(TicketChanged):
    kind: ClassVar[str] = "ticket.cancelled"


@dataclass(frozen=True, kw_only=True)
class TicketMerged(TicketChanged):
    """A duplicate was closed; its master goes on."""

    kind: ClassVar[str] = "ticket.merged"
    master_id: int


@dataclass(frozen=True, kw_only=True)
class TicketAbsorbed(TicketChanged):
    """A master took a duplicate's words and its earlier report time."""

    kind: ClassVar[str] = "ticket.absorbed"


@dataclass(frozen=True, kw_only=True)
class TripChanged(TicketChanged):
    kind: ClassVar[str] = "ticket.trip_changed"


@dataclass(frozen=True, kw_only=True)
class IncidentDeclared(TicketChanged):
    kind: ClassVar[str] = "ticket.incident_declared"


@dataclass(frozen=True, kw_only=True)
class IncidentLinked(TicketChanged):
    kind: ClassVar[str] = "ticket.incident_linked"
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentUnlinked(TicketChanged):
    """It is worked on by itself again."""

    kind: ClassVar[str] = "ticket.incident_unlinked"
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentResolved(TicketChanged):
    kind: ClassVar[str] = "ticket.incident_resolved"


@dataclass(frozen=True, kw_only=True)
class ChildSpawned(TicketChanged):
    kind: ClassVar[str] = "ticket.child_spawned"
    child_id: int


@dataclass(frozen=True, kw_only=True)
class TicketUrged(TicketChanged):
    """The customer waits: `told` is the role that hears of it."""

    kind: ClassVar[str] = "ticket.urged"
    count: int
    told: str


@dataclass(frozen=True, kw_only=True)
class TicketRetyped(TicketChanged):
    kind: ClassVar[str] = "ticket.retyped"


@dataclass(frozen=True, kw_only=True)
class TicketReprioritised(TicketChanged):
    kind: ClassVar[str] = "ticket.reprioritised"


@dataclass(frozen=True, kw_only=True)
class TicketHandedOver(TicketChanged):
    """Another branch has the case now (`link_id` names the record both share)."""

    kind: ClassVar[str] = "ticket.handed_over"
    link_id: str


@dataclass(frozen=True, kw_only=True)
class HandOverAgreed(TicketChanged):
    """This branch would hand the case over, to `wish` if a branch is named; headquarters decides where it goes."""

    kind: ClassVar[str] = "ticket.hand_over_agreed"
    link_id: str
    wish: str = ""


@dataclass(frozen=True, kw_only=True)
class HandOverWithdrawn(TicketChanged):
    """The case stays after all."""

    kind: ClassVar[str] = "ticket.hand_over_withdrawn"
    link_id: str


@dataclass(frozen=True, kw_only=True)
class ArrivalAnswered(Event):
    """What another branch would hand over to us is `accepted` or `refused`. `public_id` is the link both share."""

    kind: ClassVar[str] = "ticket.arrival_answered"
    entity: ClassVar[str] = "arrival"

    answer: str
    reason: str = ""
    round: int = 0  # which of headquarters' offers is answered


@dataclass(frozen=True, kw_only=True)
class TicketArchived(TicketChanged):
    kind: ClassVar[str] = "ticket.archived"


@dataclass(frozen=True, kw_only=True)
class TicketOverdue(TicketChanged):
    """A clock ran out; the state stays as it is."""

    kind: ClassVar[str] = "ticket.overdue"
    clock: str


@dataclass(frozen=True, kw_only=True)
class TicketFilesChanged(TicketChanged):
    """A photo or a document was added by hand, or taken off."""

    kind: ClassVar[str] = "ticket.files_changed"


@dataclass(frozen=True, kw_only=True)
class BreachExempted(TicketChanged):
    """A named person took a breach of this clock out of the figures; it stays in the history."""

    kind: ClassVar[str] = "ticket.breach_exempted"
    clock: str


@dataclass(frozen=True, kw_only=True)
class CompensationDecided(TicketChanged):
    """A named person said what the customer is owed after the legal limit; 0 fen is nothing."""

    kind: ClassVar[str] = "ticket.compensation_decided"
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class ClockWarned(Event):
    """A clock of the ticket reached a level that `told` (a role, or who has the ticket) should know of."""

    kind: ClassVar[str] = "ticket.clock_warned"
    entity: ClassVar[str] = "ticket"

    clock: str
    level: str
    told: str
    technician_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ClockEscalated(ClockWarned):
    """The clock ran out some time ago: told to the next of the chain."""

    kind: ClassVar[str] = "ticket.clock_escalated"


@dataclass(frozen=True, kw_only=True)
class WavePushed(Event):
    """A push wave was decided; its candidates stand in the branch's rows."""

    kind: ClassVar[str] = "ticket.wave_pushed"
    entity: ClassVar[str] = "ticket"

    wave_id: int
    chosen: int
    reach: str = "near"


ALL = (
    TicketOpened, TicketReleased, TicketPlaced, TicketGrabbed, TicketDispatched, TicketConfirmed,
    TicketDeclined, TicketReassigned, WorkStarted, TicketCompleted, TicketClosed, TicketRated, TicketSentBack,
    TicketVoided, TicketOverdue, BreachExempted, TicketFilesChanged, TicketRequested, RequestRefused, TicketReturned,
    TicketTransferred, TicketBooked, CompensationDecided,
    TicketContacted, TicketHeld, TicketResumed, WorkAdded, WorkFailed, TicketUnreached, TicketReopened,
    TicketCancelled, TicketMerged, TicketAbsorbed, TripChanged, IncidentDeclared, IncidentLinked,
    IncidentUnlinked, IncidentResolved, ChildSpawned, TicketUrged, TicketRetyped, TicketReprioritised, TicketArchived,
    TicketHandedOver, HandOverAgreed, HandOverWithdrawn, ArrivalAnswered,
    ClockWarned, ClockEscalated, WavePushed,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CallRang(Event):
    """A call rings at one agent. The number is not in here: the agent's page asks for it."""

    kind: ClassVar[str] = "call.rang"
    entity: ClassVar[str] = "call"

    agent_id: int
