"""Cases from one branch to another: what the branches tell is noted, headquarters decides where they go.

All of it writes `public` only. Each change leaves `moving`, so that services/driving.py tells the branches. How
headquarters begins one itself stands in services/beginning.py.
"""

from typing import Any

from django.db import transaction
from django.db.models import F

from apps.headquarters.errors import HandoverDecided, HandoverNotFound, NoSuchTarget, TargetMissing
from apps.headquarters.models import Handover, HandoverStep
from apps.headquarters.permissions import HANDOVERS
from apps.tickets.handover_read import Ask
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from tenants.context import active_branches, in_public
from tenants.models import Tenant

ENDS = frozenset({"done", "declined", "withdrawn", "overtaken"})
# What an answer that is no yes makes of what was asked, and the word for it in the history.
NOES = {
    "refused": ("withdrawn", "kept"), "withdrawn": ("withdrawn", "taken_back"), "overtaken": ("overtaken", "overtaken"),
}  # fmt: skip


def note_asked(source: Tenant, ask: Ask) -> None:
    """A branch's administrator is asked to let a case go, or has answered no. Twice notes it once."""
    with in_public(), transaction.atomic():
        about = _about(source, ask.wish, ask.offer) | {"begun": ask.by_headquarters, "asked_by": ask.asked_by}
        asked = {"state": "asked", "asked_at": ask.asked_at, "changed_at": ask.asked_at}
        found, made = Handover.objects.get_or_create(link_id=ask.link_id, defaults=about | asked)
        if made:
            _log(found, "asked", ask.asked_by, source.name, ask.offer["reason"])
        if ask.state in NOES:
            _note_no(ask, source)


def _note_no(ask: Ask, source: Tenant) -> None:
    found = _locked(ask.link_id)
    if found.state == "asked":
        state, step = NOES[ask.state]
        _set(found, state, answer=ask.answer)
        _log(found, step, ask.decided_by, source.name, ask.answer)


def note_agreed(source: Tenant, link_id: str, wish: str, offer: dict[str, Any]) -> None:
    """A branch would hand a case over. Twice notes it once. What headquarters began goes on to where it said."""
    with in_public(), transaction.atomic():
        now = {"agreed_at": clock.now(), "changed_at": clock.now()}
        _found, made = Handover.objects.get_or_create(link_id=link_id, defaults=_about(source, wish, offer) | now)
        found = _locked(link_id)
        if not made and found.state != "asked":
            return
        _set(found, "agreed", offer=offer, agreed_at=now["agreed_at"])
        _log(found, "agreed", offer["agreed_by"], source.name, "" if found.asked_at else offer["reason"])
        if found.begun:
            _as_begun(found)


def _as_begun(found: Handover) -> None:
    """Headquarters said where when it began; unless that branch has closed since, which somebody has to decide."""
    target = next((one for one in active_branches() if one.code == found.wish and one.pk != found.source_id), None)
    if target is not None:
        _set(found, "offered", moving=True, target=target, round=F("round") + 1)
        _log(found, "offered", found.asked_by, target.name)


def _about(source: Tenant, wish: str, offer: dict[str, Any]) -> dict[str, Any]:
    before = Handover.objects.filter(target_ticket=offer["public_id"]).values_list("hops", flat=True).first()
    return {
        "source_id": source.pk, "source_ticket": offer["public_id"], "source_ticket_no": offer["ticket_no"],
        "wish": wish, "offer": offer, "hops": (before or 0) + 1,
    }  # fmt: skip


def note_withdrawn(link_id: str, branch: str) -> None:
    """The source keeps it; unless it has gone already, which is then said there."""
    with in_public(), transaction.atomic():
        found = _locked(link_id)
        if found.state not in ENDS:
            _set(found, "withdrawn", moving=found.round > 0)
            _log(found, "withdrawn", "", branch)


def note_answer(link_id: str, target: Tenant, answer: str, reason: str, round_: int, by_name: str) -> None:
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
        _log(found, answer, by_name, target.name, reason)


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


def _open_branch(code: str, *, not_this: int) -> Tenant:
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
