"""Headquarters asks a branch to let a case go, or takes the question back.

The question is a request in the branch, which its administrator answers as any other (domain.md §3.6: the
administrators of both sides agree, whoever began). The record in `public` follows it; killed in between, the branch's
event or the sweep brings it.
"""

from apps.headquarters.errors import BranchAway, HandoverDecided, HandoverNotFound, NoSuchBranch, NoSuchTarget
from apps.headquarters.models import Handover
from apps.headquarters.permissions import HANDOVERS
from apps.headquarters.services.handovers import note_asked
from apps.tickets import handover_read
from apps.tickets import services as tickets
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from steppe.kernel.journal_store import write_note
from steppe.kernel.names import PUBLIC
from tenants.context import active_branches, in_branch, in_public, is_open
from tenants.models import Tenant

BEGIN = "headquarters.begin_handover"


def start_handover(*, branch: str, public_id: str, target: str, reason: str, by: Actor, key: str) -> Receipt:
    """Headquarters asks a branch to let a case go to `target`; its administrator agrees or not, as if it had been
    asked there, and then the target's. Who asked stands in the branch's audit.

    Raises NoSuchBranch, BranchAway, NoSuchTarget, and what the branch refuses (TicketNotFound, AlreadyAsked,
    HandOverRuns, ChildrenOpen, ReasonMissing, IllegalTransition).
    """
    require(by, HANDOVERS)
    source = _source(branch)
    _check_target(target, source)
    with in_branch(source):
        made = tickets.ask_for(
            public_id=public_id, kind="let_go", reason=reason, asked={"branch": target}, by=_asker(by), key=key
        )
        if not made.replayed:
            told = {"ticket_no": made.facts["ticket_no"], "branch": target}
            write_note(BEGIN, by, told, entity="ticket", entity_id=made.entity_id)
    return Receipt("handover", 0, follow(source, public_id))


def take_back(*, link_id: str, by: Actor, key: str) -> Receipt:
    """What headquarters asked for is not wanted any more, as long as the branch has not answered.

    Raises HandoverNotFound, HandoverDecided, BranchAway, NothingAsked.
    """
    require(by, HANDOVERS)
    with in_public():
        found = Handover.objects.select_related("source").filter(link_id=link_id).first()
    if found is None:
        raise HandoverNotFound
    if found.state != "asked" or not found.begun:
        raise HandoverDecided
    if not is_open(found.source):
        raise BranchAway
    with in_branch(found.source):
        tickets.withdraw_request(public_id=found.source_ticket, by=_asker(by), key=key)
    follow(found.source, found.source_ticket)
    return Receipt("handover", found.pk, link_id)


def follow(source: Tenant, public_id: str) -> str:
    """Note what the branch was asked about this ticket, and what it answered; the last one's link. Changes nothing
    where it is noted already."""
    with in_branch(source):
        asks = handover_read.asks_of(public_id)
    for ask in asks:
        note_asked(source, ask)
    return asks[-1].link_id if asks else ""


def follow_answers(source: Tenant) -> None:
    """Of what the branch was asked, what somebody has answered or what was overtaken. One query when nothing is."""
    with in_public():
        asked = dict(Handover.objects.filter(source=source.pk, state="asked").values_list("link_id", "source_ticket"))
    if asked:
        with in_branch(source):
            answered = handover_read.answered(asked)
        for public_id in answered:
            follow(source, public_id)


def _asker(by: Actor) -> Actor:
    """Nobody of the branch: its own people answer, and no role there could ask in headquarters' name."""
    return Actor(kind="system", id=None, name=by.name)


def _source(code: str) -> Tenant:
    with in_public():
        found = Tenant.objects.exclude(schema_name=PUBLIC).filter(code=code).first()
    if found is None:
        raise NoSuchBranch
    if not is_open(found):
        raise BranchAway
    return found


def _check_target(code: str, source: Tenant) -> None:
    if not any(one.code == code and one.pk != source.pk for one in active_branches()):
        raise NoSuchTarget({"branch": [str(NoSuchTarget.message)]})
