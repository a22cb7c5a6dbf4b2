"""Exports as their owner sees them, who got them by mail, and the administrator; to everybody else there are none."""

from django.db.models import Q

from apps.exports.errors import ExportNotFound
from apps.exports.models import UNFINISHED, ExportJob
from apps.exports.permissions import is_administrator
from apps.exports.sources import roles_of_all, sources_for
from steppe.kernel.actors import Actor, require

SHOWN = 30


def jobs_for(actor: Actor, *, before: int | None = None, limit: int = SHOWN) -> list[ExportJob]:
    """Own exports, an administrator everybody's, the newest first; `before` an id continues. One query.

    Raises Unauthenticated, NotAllowed.
    """
    rows = ExportJob.objects.filter(_seen(actor)).order_by("-id")
    return list((rows.filter(pk__lt=before) if before else rows)[:limit])


def job_for(actor: Actor, public_id: str) -> ExportJob:
    """One of these. Raises ExportNotFound, also for another's. One query."""
    found = ExportJob.objects.filter(_seen(actor), public_id=public_id).first()
    if found is None:
        raise ExportNotFound
    return found


def are_unfinished(jobs: list[ExportJob]) -> bool:
    """Is any of them still being made?"""
    return any(one.state in UNFINISHED for one in jobs)


def _seen(actor: Actor) -> Q:
    """Of tables that the actor may have at all: who lost the role has lost the file."""
    require(actor, roles_of_all())
    may = Q(source__in=[one.code for one in sources_for(actor)])
    mine = Q(asked_by=actor.ref) | Q(mailings__letters__user_id=actor.id)
    return may if sees_all(actor) else may & Q(pk__in=ExportJob.objects.filter(mine).values("pk"))


def sees_all(actor: Actor) -> bool:
    """Does this actor see everybody's?"""
    return is_administrator(actor)
