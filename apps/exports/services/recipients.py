"""Who may get a report: staff with a mail address who may have the table too; outside only domains the branch allows.

Somebody outside gets no personal columns: nobody can take a letter back.
"""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.exports.columns import Source
from apps.exports.models import MailAddress
from apps.exports.rules.mailing import domain_of
from apps.exports.sources import may_have
from apps.people import selectors as people
from tenants.context import policy

MOST = 20


def complaints(table: Source, staff: Sequence[int], outside: Sequence[str], *, private: bool) -> dict[str, list[str]]:
    """What is wrong with these recipients, by field. Two queries for each of the staff, one before."""
    wrong: dict[str, list[str]] = {}
    if not staff and not outside:
        wrong["staff"] = [_("Choose at least one recipient.")]
    if len(set(staff)) + len(set(outside)) > MOST:
        wrong["staff"] = [_("At most %(most)s recipients.") % {"most": MOST}]
    if strangers := set(staff) - {user for user, _address in reachable(table, staff)}:
        wrong["staff"] = [
            _("%(count)s of them have no mail address or may not have this table.") % {"count": len(strangers)}
        ]
    if outside and (found := _outside(outside, private)):
        wrong["outside"] = [found]
    return wrong


def reachable(table: Source, staff: Iterable[int]) -> list[tuple[int, str]]:
    """Of these people who gets it now, with their addresses: who is here, has one, and may have the table."""
    rows = MailAddress.objects.filter(user_id__in=tuple(staff)).order_by("user_id")
    return [(one.user_id, one.address) for one in rows if _may(table, one.user_id)]


def is_allowed(address: str) -> bool:
    """Does the branch let reports go there? No query."""
    return domain_of(address) in policy().report_mail_domains


def _may(table: Source, user_id: int) -> bool:
    found = people.actor_for_user(user_id)
    return found is not None and may_have(found, table)


def _outside(addresses: Sequence[str], private: bool) -> str:
    """The first thing that is wrong; empty for nothing."""
    for one in addresses:
        try:
            validate_email(one)
        except ValidationError:
            return _("%(address)s is no mail address.") % {"address": one[:60]}
        if not is_allowed(one):
            return _("Reports may not go to %(domain)s: the administrator allows domains.") % {"domain": domain_of(one)}
    return _("Personal columns do not leave the branch: leave them out, or choose staff only.") if private else ""
