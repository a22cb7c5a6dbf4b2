"""Who may take tables away: whoever may have any of them (sources/). An administrator sees everybody's exports."""

from apps.exports.sources import roles_of_all
from steppe.kernel.actors import Actor


def may_export(actor: Actor) -> bool:
    """Is there anything this actor may take away?"""
    return actor.kind == "staff" and actor.holds(*roles_of_all())
