"""To which branches a callback of a shared account goes. Reads of `public`, and the members' own scenes."""

import logging
from typing import Any

from django.db import Error

from apps.wechat.gateway.models import SharedAccount, SharedMember, SharedPerson
from apps.wechat.gateway.people import BINDING
from apps.wechat.models import Scene
from tenants.context import NoBranch, in_branch, in_public
from tenants.models import Status, Tenant

NOBODY = ""  # an inbox row without a branch yet: apps.wechat.gateway.waiting looks for one
FOLLOW = "subscribe"
# What WeChat tells about a person, and nobody waits for an answer to: for every branch that knows the person.
REPORTS = frozenset({
    "unsubscribe", "TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "subscribe_msg_change_event",
    "subscribe_msg_sent_event",
})  # fmt: skip
_PREFIX = "qrscene_"
log = logging.getLogger("steppe.wechat.gateway")


def schemas_for(account: SharedAccount, payload: dict[str, Any]) -> list[str]:
    """First the branch that answers (or NOBODY), then the others that hear of it too. Two queries in `public`."""
    with in_public():
        members = dict(SharedMember.objects.filter(account=account).values_list("tenant_id", "tenant__schema_name"))
        person = SharedPerson.objects.filter(account=account, openid=payload["FromUserName"]).first()
    known = [members[one] for one in (person.known_in if person else []) if one in members]
    kind = str(payload.get("Event") or payload["MsgType"])
    if kind in REPORTS:
        return known
    bound = person is not None and person.by == BINDING
    mine = members.get(person.tenant_id, NOBODY) if person else NOBODY
    first = NOBODY if scene_of(payload) and not (bound and mine) else mine
    return [first, *(one for one in known if one != first)] if kind == FOLLOW else [first]


def scene_of(payload: dict[str, Any]) -> str:
    """The scene of the QR code that was scanned, if any."""
    kind, key = payload.get("Event"), str(payload.get("EventKey") or "")
    if kind == "SCAN":
        return key
    return key.removeprefix(_PREFIX) if kind == FOLLOW and key.startswith(_PREFIX) else ""


def branch_of_scene(account: SharedAccount, name: str) -> Tenant | None:
    """The member whose QR code this is: each is asked, one indexed query in its own schema.

    Scenes are few and random, so a second list of them in `public` would only be one more thing to keep true.
    """
    return next((branch for branch in open_members(account) if _has_scene(branch, account.appid, name)), None)


def open_members(account: SharedAccount) -> list[Tenant]:
    """The branches that use the account and may work now, by id. One query in `public`."""
    using = SharedMember.objects.filter(account=account).values("tenant_id")
    with in_public():
        return list(Tenant.objects.filter(pk__in=using, status=Status.ACTIVE).order_by("id"))


def _has_scene(branch: Tenant, appid: str, name: str) -> bool:
    try:
        with in_branch(branch):
            rows = Scene.objects.filter(account__appid=appid, account__shared=True, name=name[:64])
            return rows.filter(withdrawn_at__isnull=True).exists()
    except (NoBranch, Error) as error:
        log.warning("branch cannot be asked for a scene", extra={"where": branch.code, "error": type(error).__name__})
        return False
