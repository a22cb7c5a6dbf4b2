"""Signing in by WeChat."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.people.sessions import open_customer_session, open_staff_session
from apps.wechat import selectors, services
from apps.wechat.calls import oauth
from apps.wechat.calls.vault import credentials_of
from apps.wechat.errors import (
    CodeSpent,
    SignInLost,
    SnapshotVisitor,
    WeChatAway,
    WeChatError,
)
from apps.wechat.links import safe_page
from apps.wechat.models import StaffBinding, WxAccount
from apps.wechat.views import nonces, phones, visits


@never_cache
@require_GET
def auth_start(request: HttpRequest) -> HttpResponse:
    """Send the browser to WeChat; it comes back with a code, without a tap."""
    account, wanted = selectors.required_account(), request.GET.get("next", "")
    if account.shared:  # WeChat knows only the central host of such an account
        return HttpResponseRedirect(nonces.leave(request.session, account, wanted))
    return _to_wechat(request, account, page=safe_page(wanted))


@never_cache
@require_GET
def auth_done(request: HttpRequest) -> HttpResponse:
    """Back from WeChat: staff whose WeChat is bound are staff, everybody else is a customer."""
    account, state = selectors.required_account(), request.GET.get("state", "")
    visit = visits.take(request.session, state)
    if visit is None:
        return _second_time(request, state)
    try:
        visitor = oauth.exchange(credentials_of(account), request.GET.get("code", ""))
    except CodeSpent:
        return _spent(request, account, visit)
    except WeChatError:
        raise WeChatAway from None
    if visitor.snapshot:
        return snapshot_page(request, str(visit["page"]))
    others = visits.waiting(request.session)
    open_session(request, account, visitor.openid)
    visits.finish(request.session, state=state, page=visit["page"], others=others)
    return HttpResponseRedirect(visit["page"])


def _to_wechat(request: HttpRequest, account: WxAccount, *, page: str, again: bool = False) -> HttpResponse:
    state = visits.begin(request.session, page=page, again=again)
    back = request.build_absolute_uri(reverse("wechat:auth-done"))
    return HttpResponseRedirect(oauth.authorize_url(appid=account.appid, redirect_uri=back, state=state))


def _second_time(request: HttpRequest, state: str) -> HttpResponse:
    """A state that was used: fine in the browser that used it (back button, prefetch), nothing anywhere else."""
    page = visits.finished_page(request.session, state)
    if page is None or _is_nobody(request):
        raise SignInLost
    return HttpResponseRedirect(page)


def _spent(request: HttpRequest, account: WxAccount, visit: dict[str, object]) -> HttpResponse:
    """WeChat says the code was used: go on if we know the browser, else ask for another code, once."""
    page = str(visit["page"])
    if not _is_nobody(request):
        return HttpResponseRedirect(page)
    if visit["again"]:
        raise SignInLost
    return _to_wechat(request, account, page=page, again=True)


def snapshot_page(request: HttpRequest, page: str) -> HttpResponse:
    """WeChat hides who this is (网页快照): no session; what happened, which button to tap, and the way to try again."""
    refusal = SnapshotVisitor()
    again = f"{reverse('wechat:auth-start')}?{urlencode({'next': page}, safe='/')}"
    response = render(request, "wechat/snapshot.html", {"refusal": refusal, "again": again}, status=refusal.status)
    response["X-Refusal"] = refusal.code
    return response


def open_session(request: HttpRequest, account: WxAccount, openid: str) -> None:
    """Staff whose WeChat is bound are staff, everybody else is a customer. A fresh session either way.

    But who is signed in by staff number and only says which WeChat is in the hand stays who they are.
    """
    if phones.keeps_session(request):
        return phones.remember(request, account, openid)
    _open_fresh(request, account, openid)
    return phones.remember(request, account, openid)


def _open_fresh(request: HttpRequest, account: WxAccount, openid: str) -> None:
    bound = StaffBinding.objects.filter(account=account, openid=openid, user__is_active=True)
    if binding := bound.select_related("user").first():
        open_staff_session(request, binding.user)
    else:
        open_customer_session(request, services.recognise_customer(account, openid))


def _is_nobody(request: HttpRequest) -> bool:
    return bool(request.actor.kind == "anonymous")  # type: ignore[attr-defined]
