"""Which branches there are, for headquarters' pages: found by code, with the place of their seat on the map."""

from django.utils.translation import get_language

from apps.headquarters.errors import BranchAway, NoSuchBranch
from apps.headquarters.permissions import OVERVIEW
from steppe.kernel.actors import Actor, require
from steppe.kernel.names import PUBLIC
from tenants.models import Status, Tenant
from tenants.policy import policy_from


def all_branches(actor: Actor) -> list[Tenant]:
    """Every branch, open or not, by id. One query in `public`."""
    require(actor, OVERVIEW)
    return list(Tenant.objects.exclude(schema_name=PUBLIC).order_by("id"))


def branch_for(actor: Actor, code: str) -> Tenant:
    """The branch of this code. One query in `public`. Raises NoSuchBranch."""
    require(actor, OVERVIEW)
    found = Tenant.objects.exclude(schema_name=PUBLIC).filter(code=code).first()
    if found is None:
        raise NoSuchBranch
    return found


def open_branch_for(actor: Actor, code: str) -> Tenant:
    """The same, for who wants to look into it: only while it is open. Raises NoSuchBranch, BranchAway."""
    found = branch_for(actor, code)
    if found.status != Status.ACTIVE:
        raise BranchAway
    return found


def name_of(branch: Tenant) -> str:
    """What the reader calls it."""
    return ((get_language() or "").startswith("en") and branch.name_en) or branch.name


def seat_of(branch: Tenant) -> tuple[float, float] | None:
    """Latitude and longitude of its seat, if somebody has said where it is."""
    seat = policy_from(branch.policy).seat
    return (seat[0], seat[1]) if len(seat) == 2 else None
