"""A brought file as its owner sees it."""

from apps.inventory.errors import ImportNotFound
from apps.inventory.models import Import
from apps.inventory.permissions import KEEPERS
from steppe.kernel.actors import Actor, require

RUNNING = ("waiting", "reading", "writing")


def import_for(actor: Actor, public_id: str) -> Import:
    """One import; only for who brought it. Raises NotAllowed, ImportNotFound. One query."""
    require(actor, KEEPERS)
    found = Import.objects.filter(public_id=public_id, made_by=actor.ref).first()
    if found is None:
        raise ImportNotFound
    return found
