"""What a branch keeps of the shared account it uses: a row of its own, without any secret. Runs in the branch.

`public` says who is a member; this brings the branch's row to what it says, in a transaction of the branch. Whoever
was killed between the two is caught up with by the next run: after a change, and by the branch's sweep.
"""

import logging

from django.core.cache import cache
from django.db import transaction
from redis import RedisError

from apps.wechat.gateway.models import SharedAccount
from apps.wechat.models import WxAccount
from tenants.context import current_branch, in_public

LOOK_EVERY_S = 60
log = logging.getLogger("steppe.wechat.gateway")


def follow() -> bool:
    """Make the branch's row what `public` says; True when something was changed. One query there, one or two here."""
    branch = current_branch()
    with in_public():
        account = SharedAccount.objects.filter(members__tenant_id=branch.pk).first()
    with transaction.atomic(durable=True):
        return _left(account) | (_joined(account) if account else False)


def follow_now_and_then() -> None:
    """The same, once a minute at most: a sweep comes every few seconds."""
    try:
        if not cache.add("wechat:membership", 1, LOOK_EVERY_S):
            return
    except RedisError:
        log.warning("cache is away: the shared account is looked at in every sweep")
    follow()


def _left(account: SharedAccount | None) -> bool:
    """Rows of accounts that the branch does not use any more are switched off, with whom they know."""
    rows = WxAccount.objects.filter(shared=True, enabled=True).exclude(appid=account.appid if account else "")
    return bool(rows.update(enabled=False))


def _joined(account: SharedAccount) -> bool:
    """An account that was the branch's own and is shared now keeps its people; its secrets stand in `public`."""
    wanted = {
        "original_id": account.original_id, "name": account.name, "templates": account.templates,
        "enabled": account.enabled, "shared": True,
        "app_secret": "", "token": "", "aes_key": "", "previous_aes_key": "",
    }  # fmt: skip
    row, made = WxAccount.objects.get_or_create(appid=account.appid, defaults=wanted)
    changed = [field for field, value in wanted.items() if _plain(row, field) != value]
    for field in changed:
        setattr(row, field, wanted[field])
    if changed:
        row.save(update_fields=changed)
    return made or bool(changed)


def _plain(row: WxAccount, field: str) -> object:
    """Its value, templates without the mark of one that WeChat has refused: headquarters did not set that."""
    value = getattr(row, field)
    if field != "templates":
        return value
    return {card: {part: told for part, told in one.items() if part != "broken"} for card, one in value.items()}
