"""The administrator says where mail reaches people, and to which domains outside reports may go."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.exports.errors import BadMailSettings
from apps.exports.models import MailAddress
from apps.exports.permissions import is_administrator
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed, NotFound
from tenants import selectors as tenants
from tenants import services
from tenants.context import current_branch

DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
MOST_DOMAINS = 20


@command("exports.set_mail_address")
def set_mail_address(*, user_id: int, address: str, by: Actor) -> Receipt:
    """Where mail reaches somebody of the staff; empty for nowhere. Raises NotAllowed, NotFound, BadMailSettings."""
    _check_administrator(by)
    if people.user_by_id(user_id) is None:
        raise NotFound
    if not address:
        MailAddress.objects.filter(user_id=user_id).delete()
        return Receipt("mail_address", user_id)
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadMailSettings(
            {"address": [_("%(address)s is no mail address.") % {"address": address[:60]}]}
        ) from error
    told: dict[str, Any] = {"address": address, "changed_by": by.ref, "changed_at": clock.now()}
    MailAddress.objects.update_or_create(user_id=user_id, defaults=told)
    return Receipt("mail_address", user_id)


def allow_domains(*, domains: Sequence[str], by: Actor, key: str) -> Receipt:
    """Reports may go to addresses of these domains, and of no others outside. Kept among the branch's settings, with
    who changed them. Raises NotAllowed, BadMailSettings, PolicyMoved.
    """
    _check_administrator(by)
    wanted = sorted({one.strip().lower() for one in domains if one.strip()})
    if len(wanted) > MOST_DOMAINS or not all(DOMAIN.fullmatch(one) for one in wanted):
        raise BadMailSettings({"domains": [_("Give domains as example.cn, one in each line, at most twenty.")]})
    here = current_branch()
    stamp = tenants.stamp_of(here.policy)
    told = {"report_mail_domains": wanted}
    return services.change_policy(tenant_id=here.pk, wanted=told, stamp=stamp, by=by, key=key)


def _check_administrator(by: Actor) -> None:
    if not is_administrator(by):
        raise NotAllowed
