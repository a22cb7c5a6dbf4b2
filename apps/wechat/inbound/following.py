"""Follow and unfollow. Events come late and out of order: only one that is newer than what we know changes anything."""

from django.db.models import Q
from django.utils.translation import override

from apps.wechat.gateway.models import SharedAccount
from apps.wechat.gateway.people import branch_of
from apps.wechat.inbound import answers, scanning, words
from apps.wechat.inbound.told import Told
from apps.wechat.inbound.writers import language_of, staff_of
from apps.wechat.models import CustomerIdentity, StaffBinding
from tenants.context import current_branch, in_public

_PREFIX = "qrscene_"


def followed(told: Told) -> None:
    """Who follows by a QR code wants what the code says, everybody else is welcomed."""
    _set_followed(told, True)
    key = told.text("EventKey", most=200)
    if not _is_ours(told):
        return None
    if key.startswith(_PREFIX):
        return scanning.take_scene(told, key.removeprefix(_PREFIX))
    with override(language_of(told)):
        text = words.pool() if staff_of(told) else words.welcome(told.account.name)
    return answers.say(told, "welcome", text, within=answers.AFTER_TAP)


def unfollowed(told: Told) -> None:
    """Cards that still wait are skipped when their turn comes."""
    _set_followed(told, False)


def _set_followed(told: Told, followed: bool) -> None:
    at = told.at
    newer = Q(follow_seen_at__isnull=True) | Q(follow_seen_at__lte=at)
    for people in (StaffBinding, CustomerIdentity):
        known = people.objects.filter(newer, account=told.account, openid=told.openid)
        known.update(followed=followed, follow_seen_at=at)


def _is_ours(told: Told) -> bool:
    """All branches that know a person hear of it; the one the person belongs to answers. One or two queries."""
    if not told.account.shared:
        return True
    with in_public():
        account = SharedAccount.objects.filter(appid=told.account.appid).first()
    branch = branch_of(account.pk, told.openid) if account else None
    return branch is not None and branch.pk == current_branch().pk
