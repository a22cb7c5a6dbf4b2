"""补录: a customer told the technician directly. The ticket is theirs at once, and never a way around the pool.

Its channel marks it, everyone of them is called about (rules/sampling.py), and of a month's tickets only the branch's
share may come this way (domain.md §2.1): who makes their own work would be paid for it.
"""

from dataclasses import replace

from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets.errors import DirectTooOften, OutOfReach, SkillMissing
from apps.tickets.events import TicketGrabbed, TicketOpened
from apps.tickets.models import Assignment, Ticket
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services import intake
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed
from tenants.context import policy

CHANNEL, SELF = "tech_direct", "self"
ALWAYS = 3  # so many of a month are nobody's abuse


@command("tickets.enter_direct")
def enter_direct(*, report: intake.Report, by: Actor) -> Receipt:
    """T1 and T3 in one: reported to the technician, who has it from the start.

    Raises what the report's own checks raise, and as for a grab OffDuty, CapReached, SkillMissing; OutOfReach for a
    place that is none of theirs, DirectTooOften. Locks: technician.
    """
    require(by, ACTIONS["grab"])
    if by.technician_id is None:
        raise NotAllowed
    people.take_slot(technician_id=by.technician_id)
    _check_share(by.technician_id)
    ticket, _wave = intake.written(replace(report, priority=intake.Report.priority), CHANNEL, by, pushed=False)
    _check_theirs(ticket, by)
    step.announce(TicketOpened, ticket, "", channel=CHANNEL)
    _take(ticket, by, by.technician_id)
    return step.receipt(ticket)


def _take(ticket: Ticket, by: Actor, technician_id: int) -> None:
    now = clock.now()
    before = step.move(
        ticket, "grab", State.ACCEPTED, technician_id=technician_id, accept_mode=SELF, accepted_at=now
    )  # fmt: skip
    step.start_assignment(ticket, technician_id, SELF, now)
    step.record(ticket, "grab", before, by, data={"self": True})
    step.announce(TicketGrabbed, ticket, before)


def _check_theirs(ticket: Ticket, by: Actor) -> None:
    """The same as in the pool: in their area, and of a kind they can do. One query."""
    if ticket.status != State.POOLED or not step.in_scope(by, "grab", ticket):
        raise OutOfReach({"address": [str(OutOfReach.message)]})
    if not set(ticket.type_version.skills) <= set(people_reads.technician(by.technician_id or 0).skills):
        raise SkillMissing


def _check_share(technician_id: int) -> None:
    """The technician's row is locked: two at once do not both pass. One query."""
    mine = Assignment.objects.filter(technician_id=technician_id, role="main", started_at__gte=clock.month_begin())
    modes = list(mine.values_list("mode", flat=True))
    most = max(ALWAYS, len(modes) * policy().direct_share_pct // 100)
    if modes.count(SELF) >= most:
        raise DirectTooOften(times=most)
