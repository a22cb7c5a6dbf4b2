"""Who may take tables away: whoever may have any of them (sources/). An administrator sees everybody's exports."""

from apps.exports.sources import roles_of_all
from apps.people import roles
from steppe.kernel.actors import Actor


def may_export(actor: Actor) -> bool:
    """Is there anything this actor may take away?"""
    return actor.kind == "staff" and actor.holds(*roles_of_all())


def is_administrator(actor: Actor) -> bool:
    """Of the whole branch: one of a part of it might see more in a file than in the tables."""
    return any(path.count("/") <= 2 for path in actor.scopes((roles.BRANCH_ADMIN,)))
