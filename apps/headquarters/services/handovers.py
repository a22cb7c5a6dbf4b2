"""Cases from one branch to another: what the branches tell is noted, headquarters decides where they go.

All of it writes `public` only. Each change leaves `moving`, so that services/driving.py tells the branches.
"""

from typing import Any

from django.db import transaction
from django.db.models import F

from apps.headquarters.errors import HandoverDecided, HandoverNotFound, NoSuchTarget, TargetMissing
from apps.headquarters.models import Handover, HandoverStep
from apps.headquarters.permissions import HANDOVERS
from apps.tickets import services as tickets
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from tenants.context import active_branches, in_branch, in_public
from tenants.models import Tenant

ENDS = frozenset({"done", "declined", "withdrawn", "overtaken"})


def note_agreed(source: Tenant, link_id: str, wish: str, offer: dict[str, Any]) -> None:
    """A branch would hand a case over. Twice notes it once."""
    with in_public(), transaction.atomic():
        before = Handover.objects.filter(target_ticket=offer["public_id"]).values_list("hops", flat=True).first()
        now = clock.now()
        found, made = Handover.objects.get_or_create(
            link_id=link_id,
            defaults={
                "source_id": source.pk, "source_ticket": offer["public_id"], "source_ticket_no": offer["ticket_no"],
                "wish": wish, "offer": offer, "hops": (before or 0) + 1, "agreed_at": now, "changed_at": now,
            },
        )  # fmt: skip
        if made:
            _log(found, "agreed", offer["agreed_by"], source.name, offer["reason"])


def note_withdrawn(link_id: str, branch: str) -> None:
    """The source keeps it; unless it has gone already, which is then said there."""
    with in_public(), transaction.atomic():
        found = _locked(link_id)
        if found.state not in ENDS:
            _set(found, "withdrawn", moving=found.round > 0)
            _log(found, "withdrawn", "", branch)


def note_answer(link_id: str, target: Tenant, answer: str, reason: str, round_: int) -> None:
    """The target took it, or not. Only the branch it stands with is heard, and only about this offer: an earlier
    answer that comes a second time changes nothing."""
    with in_public(), transaction.atomic():
        found = _locked(link_id)
        if found.state != "offered" or found.target_id != target.pk or found.round != round_:
            return
        if answer == "accepted":
            _set(found, "accepted", moving=True, answer="")
        else:
            _set(found, "agreed", moving=False, answer=reason, target=None)
        _log(found, answer, "", target.name, reason)


@command("headquarters.route_handover")
def route_handover(*, link_id: str, branch: str, by: Actor) -> Receipt:
    """Headquarters sends the case to a branch, whose administrator answers. Raises HandoverNotFound, HandoverDecided,
    NoSuchTarget."""
    require(by, HANDOVERS)
    found = _locked(link_id)
    target = _open_branch(branch, not_this=found.source_id)
    if found.state != "agreed":
        raise HandoverDecided
    _set(found, "offered", moving=True, target=target, round=F("round") + 1, answer="", trouble="")
    _log(found, "offered", by.name, target.name)
    return Receipt("handover", found.pk, link_id)


@command("headquarters.decline_handover")
def decline_handover(*, link_id: str, reason: str, by: Actor) -> Receipt:
    """It stays where it is; who asked reads why. Raises HandoverNotFound, HandoverDecided, TargetMissing."""
    require(by, HANDOVERS)
    if not reason.strip():
        raise TargetMissing({"reason": [str(TargetMissing.message)]})
    found = _locked(link_id)
    if found.state not in {"agreed", "offered"}:
        raise HandoverDecided
    _set(found, "declined", moving=True, answer=reason.strip()[:300])
    _log(found, "declined", by.name, "", reason.strip()[:300])
    return Receipt("handover", found.pk, link_id)


def start_handover(*, branch: str, public_id: str, target: str, reason: str, by: Actor, key: str) -> Receipt:
    """Headquarters asks a branch to let a case go; its administrator agrees or not, as if it had been asked there.

    Raises NoSuchTarget, and what the branch refuses (TicketNotFound, AlreadyAsked, ChildrenOpen, …).
    """
    require(by, HANDOVERS)
    source = _open_branch(branch)
    asker = Actor(kind="system", id=None, name=by.name)
    with in_branch(source):
        return tickets.ask_for(
            public_id=public_id, kind="let_go", reason=reason, asked={"branch": target}, by=asker, key=key
        )


def _open_branch(code: str, *, not_this: int | None = None) -> Tenant:
    found = next((one for one in active_branches() if one.code == code and one.pk != not_this), None)
    if found is None:
        raise NoSuchTarget({"branch": [str(NoSuchTarget.message)]})
    return found


def _locked(link_id: str) -> Handover:
    found = Handover.objects.select_for_update(of=("self",)).select_related("source").filter(link_id=link_id).first()
    if found is None:
        raise HandoverNotFound
    return found


def _set(handover: Handover, state: str, **more: Any) -> None:
    Handover.objects.filter(pk=handover.pk).update(state=state, changed_at=clock.now(), **more)


def _log(handover: Handover, step: str, by_name: str, branch: str, text: str = "") -> None:
    HandoverStep.objects.create(
        handover=handover, step=step, by_name=by_name[:60], branch=branch[:80], text=text[:300], at=clock.now()
    )
