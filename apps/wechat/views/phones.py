"""Which WeChat holds this browser: kept sealed in the session since WeChat said so, and nowhere else."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from apps.wechat import selectors
from apps.wechat.models import WxAccount
from steppe.kernel import clock, secrets
from tenants.context import current_branch

KEY, KEEP_SESSION, ASKED = "wx_phone", "wx_keep_session", "wx_phone_asked"
KEEP_S, PAUSE_S = 600, 20


@dataclass(frozen=True)
class Phone:
    """An account and the openid under it."""

    account: WxAccount
    openid: str


def remember(request: HttpRequest, account: WxAccount, openid: str) -> None:
    """WeChat has just said who this is."""
    request.session[KEY] = secrets.seal(f"{account.pk}:{openid}", place=_place())


def phone_of(request: HttpRequest) -> Phone | None:
    """Whose WeChat this is; None where WeChat was not asked, or under another account. One query."""
    sealed, account = request.session.get(KEY), selectors.branch_account()
    if not sealed or account is None:
        return None
    try:
        number, _colon, openid = secrets.unseal(sealed, place=_place()).partition(":")
    except ValueError:
        return None
    return Phone(account, openid) if number == str(account.pk) and openid else None


def ask(request: HttpRequest) -> HttpResponse | None:
    """Off to WeChat and back here, once; None where that was just tried in vain.

    A member of staff stays signed in: the WeChat in the hand is only noted (`keeps_session`).
    """
    now = int(clock.now().timestamp())
    if now - request.session.get(ASKED, 0) < PAUSE_S:
        return None
    request.session[ASKED] = request.session[KEEP_SESSION] = now
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('wechat:auth-start')}?{query}")


def keeps_session(request: HttpRequest) -> bool:
    """Did a signed-in member of staff leave only to say which WeChat is in the hand?"""
    left = int(clock.now().timestamp()) - request.session.pop(KEEP_SESSION, 0)
    return bool(request.actor.kind == "staff" and left < KEEP_S)  # type: ignore[attr-defined]


def _place() -> str:
    return f"{current_branch().uuid}/session/wx_phone"
