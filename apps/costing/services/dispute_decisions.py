"""What is said to a dispute: by the grid leader, and where it goes on by the department's manager. Never by oneself."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.models import Dispute, DisputeStep, Period
from apps.costing.permissions import DISPUTE_ANSWERERS, DISPUTE_DECIDERS
from apps.costing.rules import settling as rule
from apps.costing.services import _disputes as disputes
from apps.costing.settlement_errors import BadDispute, DisputeNotFound, OwnDecision, OwnLine
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command


@command("costing.answer_dispute")
def answer_dispute(
    *, public_id: str, grant: bool, text: str, points: Decimal | None = None, version: int | None = None, by: Actor
) -> Receipt:
    """The grid leader grants all that was wanted, or refuses; the technician may then go on to the manager once.

    `points`: what is granted where nobody named it. Raises BadDispute, OwnLine, DisputeNotFound, and what
    lock_dispute finds. Locks the month, the dispute, its lines.
    """
    said = disputes.check_text(text)
    dispute, period = _locked(public_id, version, by, DISPUTE_ANSWERERS, rule.RAISED)
    if not grant:
        return disputes.step(dispute, "refuse", rule.REFUSED, by, text=said, due_days=rule.APPEAL_DAYS)
    return _grant(dispute, period, points if dispute.wanted is None else points or dispute.wanted, by, said, whole=True)


@command("costing.decide_dispute")
def decide_dispute(
    *, public_id: str, grant: bool, text: str, points: Decimal | None = None, version: int | None = None, by: Actor
) -> Receipt:
    """The department's manager has the last word: up to what was wanted, or nothing. Not who answered it before.

    Raises BadDispute, OwnLine, OwnDecision, DisputeNotFound, and what lock_dispute finds. Locks as above.
    """
    said = disputes.check_text(text)
    dispute, period = _locked(public_id, version, by, DISPUTE_DECIDERS, rule.APPEALED)
    if DisputeStep.objects.filter(dispute=dispute, step__in=("grant", "refuse"), by=by.ref).exists():
        raise OwnDecision
    if not grant:
        return disputes.step(dispute, "refuse", rule.LOST, by, text=said)
    return _grant(dispute, period, points or dispute.wanted, by, said, whole=False)


def _locked(public_id: str, version: int | None, by: Actor, roles: Iterable[str], state: str) -> tuple[Dispute, Period]:
    """Within reach of the role, not one's own, and in this state."""
    wanted = tuple(roles)
    require(by, wanted)
    dispute, period = disputes.lock_dispute(public_id, version=version, states=rule.DISPUTE_STATES)
    if not any(dispute.org_path.startswith(path) for path in by.scopes(wanted)):
        raise DisputeNotFound
    if dispute.technician_id == by.technician_id:
        raise OwnLine
    disputes.check_state(dispute, [state])
    return dispute, period


def _grant(dispute: Dispute, period: Period, points: Decimal | None, by: Actor, said: str, *, whole: bool) -> Receipt:
    if not disputes.is_points(points) or not rule.granted(dispute.wanted, points, whole=whole):
        raise BadDispute({"points": [_why(dispute, whole)]})
    assert points is not None
    dispute.correction = disputes.correct(dispute, period, points, by, said)
    return disputes.step(dispute, "grant", rule.WON, by, text=said, points=points)


def _why(dispute: Dispute, whole: bool) -> str:
    if dispute.wanted is None:
        return _("Say how many points are granted, with at most two decimals.")
    if whole:
        return _("Grant the %(wanted)s points that are wanted, or refuse; the manager may grant a part.") % {
            "wanted": dispute.wanted
        }
    return _("At most the %(wanted)s points that are wanted.") % {"wanted": dispute.wanted}
