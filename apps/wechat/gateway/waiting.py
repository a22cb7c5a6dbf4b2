"""Callbacks of a shared account that nobody knows the branch of: found by the QR scene, or the person is asked.

Works in `public`, one row at a time; a killed worker's row is due again a minute later.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.wechat.calls.client import client_with
from apps.wechat.calls.vault import credentials_of_shared
from apps.wechat.errors import WeChatError
from apps.wechat.gateway import people, services
from apps.wechat.gateway.addressing import NOBODY, branch_of_scene, scene_of
from apps.wechat.gateway.models import Inbox, SharedAccount
from apps.wechat.links import auth_url
from steppe.kernel import clock
from tenants.context import in_public
from tenants.models import Tenant

CLAIM = timedelta(seconds=60)
ASK_AGAIN = timedelta(hours=1)
ASKED = "asked"
log = logging.getLogger("steppe.wechat.gateway")


def route_waiting() -> list[str]:
    """Take what is due; the schemas of branches that have got something to do. Nobody waits for anybody."""
    woken = []
    for row in services.waiting(NOBODY):
        if not _claimed(row):
            continue
        try:
            branch = _route(row)
        except Exception as error:  # noqa: BLE001  anything may stand in a message from outside
            log.warning("callback without a branch failed", extra={"inbox": row.pk, "error": type(error).__name__})
            services.mark_failed(row, error)
        else:
            woken += [branch.schema_name] if branch else []
    return list(dict.fromkeys(woken))


def forget_unanswered() -> None:
    """Who never chose a branch is not kept longer than anybody else."""
    with in_public(), transaction.atomic():
        old = Inbox.objects.filter(schema_name=NOBODY, received_at__lt=clock.now() - services.KEPT)
        old.filter(pk__in=old.order_by("id").values("pk")[:1000]).delete()


def choose_url(appid: str) -> str:
    """Where a person chooses the branch; it asks WeChat who they are, so the address says nothing about them."""
    return auth_url(f"/wx/choose/{appid}")


def _claimed(row: Inbox) -> bool:
    with in_public(), transaction.atomic():
        mine = Inbox.objects.filter(pk=row.pk, schema_name=NOBODY, next_try_at=row.next_try_at)
        return bool(mine.update(next_try_at=clock.now() + CLAIM))


def _route(row: Inbox) -> Tenant | None:
    with in_public():
        account = SharedAccount.objects.filter(appid=row.appid, enabled=True).first()
    if account is None:
        services.mark_done(row, "ignored")
        return None
    openid, scene = str(row.payload["FromUserName"]), scene_of(row.payload)
    found = branch_of_scene(account, scene) if scene else None
    branch, by = (found, people.SCENE) if found else (people.branch_of(account.pk, openid), people.VISIT)
    if branch and people.serve(openid=openid, appid=account.appid, tenant=branch, by=by):
        return people.branch_of(account.pk, openid)
    _ask(account, row, openid)
    return None


def _ask(account: SharedAccount, row: Inbox, openid: str) -> None:
    """One message an hour at most; every row of the person waits for the answer."""
    if not _asked_lately(account.appid, openid):
        try:
            client_with(credentials_of_shared(account)).message.send_text(openid, _question(account))
        except WeChatError as error:
            if not error.permanent:
                raise
            log.warning("person cannot be asked", extra={"inbox": row.pk, "errcode": error.errcode})
            return _wait(row, outcome="")
    return _wait(row, outcome=ASKED)


def _asked_lately(appid: str, openid: str) -> bool:
    with in_public():
        rows = Inbox.objects.filter(appid=appid, schema_name=NOBODY, outcome=ASKED, payload__FromUserName=openid)
        return rows.filter(received_at__gt=clock.now() - ASK_AGAIN).exists()


def _wait(row: Inbox, *, outcome: str) -> None:
    with in_public(), transaction.atomic():
        mine = Inbox.objects.filter(pk=row.pk, schema_name=NOBODY)
        mine.update(outcome=outcome, next_try_at=clock.now() + services.KEPT)


def _question(account: SharedAccount) -> str:
    with override("zh-hans"):  # nobody told us the person's language
        return _('Which branch is yours? <a href="%(url)s">Choose it here</a>, then we take care of it at once.') % {
            "url": choose_url(account.appid)
        }
