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
class TicketSentBack(TicketChanged):
    kind: ClassVar[str] = "ticket.sent_back"


@dataclass(frozen=True, kw_only=True)
class TicketVoided(TicketChanged):
    kind: ClassVar[str] = "ticket.voided"


@dataclass(frozen=True, kw_only=True)
class TicketOverdue(TicketChanged):
    """A clock ran out; the state stays as it is."""

    kind: ClassVar[str] = "ticket.overdue"
    clock: str


@dataclass(frozen=True, kw_only=True)
class WavePushed(Event):
    """A push wave was decided; its candidates stand in the branch's rows."""

    kind: ClassVar[str] = "ticket.wave_pushed"
    entity: ClassVar[str] = "ticket"

    wave_id: int
    chosen: int


ALL = (
    TicketOpened, TicketReleased, TicketPlaced, TicketGrabbed, TicketDispatched, TicketConfirmed, TicketDeclined,
    TicketReassigned, WorkStarted, TicketCompleted, TicketClosed, TicketSentBack, TicketVoided, TicketOverdue,
    WavePushed,
)  # fmt: skip
