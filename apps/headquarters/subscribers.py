"""What headquarters hears of the branches: every change of a ticket, counted once; cases that go to another branch."""

from apps.headquarters.services import apply_event, follow, is_marked, note_agreed, note_answer, note_withdrawn
from apps.headquarters.tasks import count_facts, drive_handover
from apps.tickets import events, handover_read
from apps.tickets.events import TicketChanged
from steppe.kernel.events import EventRecord, subscribe
from steppe.kernel.journal import stream
from tenants.context import current_branch, in_public
from tenants.models import Tenant

ASKS = (events.TicketRequested.kind, events.RequestRefused.kind)
CHANGES = tuple(event for event in events.ALL if issubclass(event, TicketChanged))


@subscribe("headquarters.rollup", *CHANGES, writes_branch=False)
def roll_up(record: EventRecord) -> None:
    """Writes `public` only; guards itself by the event's number, so a second delivery changes nothing.

    Only the first mark of a quiet branch wakes somebody: whoever counts then finds those that come after.
    """
    branch = current_branch()
    quiet = not is_marked(branch.pk)
    apply_event(branch_id=branch.pk, epoch=stream.head().epoch, record=record)
    if quiet:
        count_facts.wake()


@subscribe(
    "headquarters.handovers", events.TicketRequested, events.RequestRefused, events.HandOverAgreed,
    events.HandOverWithdrawn, events.ArrivalAnswered, writes_branch=False,
)  # fmt: skip
def note_handover(record: EventRecord) -> None:
    """Writes `public` only; a second delivery finds it noted. One subscriber, so that what was asked is noted before
    the answer to it."""
    if record.kind not in ASKS:
        _note_step(record, current_branch())
    elif record.facts["request"] == "let_go":
        follow(current_branch(), str(record.public_id))


def _note_step(record: EventRecord, branch: Tenant) -> None:
    told = record.facts
    link_id = str(told.get("link_id") or record.public_id)
    if record.kind == events.HandOverAgreed.kind:
        note_agreed(branch, link_id, str(told["wish"]), handover_read.offer_of(link_id))
    elif record.kind == events.HandOverWithdrawn.kind:
        note_withdrawn(link_id, branch.name)
    else:
        by = handover_read.answered_by(link_id)
        note_answer(link_id, branch, str(told["answer"]), str(told["reason"]), int(told["round"]), by)
    with in_public():
        drive_handover.wake(link_id)
