"""Where a branch stands on headquarters' map."""

from django.utils.translation import gettext_lazy as _

from apps.headquarters.permissions import PLACERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Invalid
from tenants.models import Tenant
from tenants.selectors import stamp_of
from tenants.services import change_policy


class NoPlace(Invalid):
    code = "headquarters.no_place"
    message = _("Latitude and longitude in degrees, please, for example 43.94 and 116.09.")


def place_branch(*, branch: Tenant, lat: str, lng: str, by: Actor, key: str) -> Receipt:
    """The seat of the branch, WGS-84. Written into what the branch has decided, with who and when, before and after.

    Raises NotAllowed, NoPlace, PolicyMoved.
    """
    require(by, PLACERS)
    seat = [_degrees(lat, 90), _degrees(lng, 180)]
    wanted, stamp = {"seat": seat}, stamp_of(branch.policy)
    return change_policy(tenant_id=branch.pk, wanted=wanted, stamp=stamp, by=by, key=key)


def _degrees(text: str, most: int) -> float:
    try:
        found = float(text)
    except ValueError:
        raise NoPlace from None
    if not abs(found) <= most:  # also what is no number
        raise NoPlace
    return round(found, 5)
