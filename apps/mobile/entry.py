"""Who may come in, and how WeChat is asked who is holding the phone: once, by the name of its address."""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from apps.inventory.permissions import KEEPERS
from apps.mobile import doors
from steppe.kernel import clock
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.errors import NotAllowed, Unauthenticated
from tenants.models import Tenant
from tenants.selectors import has_wechat

View = Callable[..., HttpResponse]
ASKED = "wechat_asked_at"
GUEST = "guest"
PAUSE_S = 60  # asked a moment ago without success: show the door instead of going round


class Request(HttpRequest):
    """A request as the middlewares leave it: it knows its branch and who is asking."""

    actor: Actor
    tenant: Tenant


def technician_only(view: View) -> View:
    """Technicians of the branch, signed in by WeChat or by staff number. Raises Unauthenticated, NotAllowed."""

    @wraps(view)
    def guarded(request: Request, **given: str) -> HttpResponse:
        if request.actor.kind == "anonymous":
            raise Unauthenticated
        if request.actor.technician_id is None:
            return _not_for_you(request) if request.method == "GET" else _refuse()
        return private(view(request, **given))

    return guarded


def stock_only(view: View) -> View:
    """Who counts and receives goods: keepers of stock, and technicians with their vans. Raises Unauthenticated,
    NotAllowed.
    """

    @wraps(view)
    def guarded(request: Request, **given: str) -> HttpResponse:
        if request.actor.kind == "anonymous":
            raise Unauthenticated
        if request.actor.technician_id is None and not request.actor.holds(*KEEPERS):
            return _not_for_you(request) if request.method == "GET" else _refuse()
        return private(view(request, **given))

    return guarded


def customer_only(view: View) -> View:
    """The customer behind a WeChat session. Raises Unauthenticated, NotAllowed."""

    @wraps(view)
    def guarded(request: Request, **given: str) -> HttpResponse:
        if request.actor.kind == "anonymous":
            raise Unauthenticated
        if request.actor.kind != "customer":
            raise NotAllowed
        return private(view(request, **given))

    return guarded


def ask_wechat(view: View) -> View:
    """A page for people WeChat knows: an unknown visitor goes there once and comes back; then the door is shown."""

    @wraps(view)
    def asked(request: Request, **given: str) -> HttpResponse:
        if request.actor.kind != "anonymous" or request.method != "GET":
            return view(request, **given)
        wanted = _in_wechat(request) or settings.STEPPE_WECHAT_SANDBOX
        away = to_wechat(request) if wanted and request.GET.get("wx") != "0" else None
        return away or _door(request)

    return asked


def to_wechat(request: Request) -> HttpResponse | None:
    """Off to WeChat and back here; None where the branch has no account or we have just asked. One query."""
    start, now = doors.address("wechat:auth-start"), int(clock.now().timestamp())
    if not start or now - request.session.get(ASKED, 0) < PAUSE_S or not has_wechat(request.tenant):
        return None
    request.session[ASKED] = now
    return HttpResponseRedirect(f"{start}?{urlencode({'next': request.get_full_path()})}")


def knows_wechat(request: Request) -> bool:
    """Was the page opened inside WeChat, or from the account's menu?"""
    return _in_wechat(request) or request.GET.get("from") == "wx"


def reporter(request: Request) -> Actor:
    """Who reports: the customer, or nobody in particular. Staff on the public page report like anybody."""
    return request.actor if request.actor.kind == "customer" else ANONYMOUS


def guest_of(request: Request) -> str:
    """The name of a visitor without one, for pictures and keys: the sum of a random value in the session."""
    value = request.session.setdefault(GUEST, secrets.token_urlsafe(18))
    return f"guest:{hashlib.sha256(value.encode()).hexdigest()[:40]}"


def _in_wechat(request: Request) -> bool:
    return "MicroMessenger" in request.headers.get("User-Agent", "")


def _door(request: Request) -> HttpResponse:
    """Both ways in. Staff without WeChat have only one: straight to it."""
    start = doors.address("wechat:auth-start")
    next_page = urlencode({"next": request.get_full_path()})
    wechat = f"{start}?{next_page}" if start and has_wechat(request.tenant) else ""
    for_staff = request.path.startswith("/w/")
    if for_staff and not wechat:
        raise Unauthenticated
    context = {"for_staff": for_staff, "wechat": wechat, "sign_in": f"{settings.LOGIN_URL}?{next_page}"}
    return render(request, "mobile/door.html", context, status=401)


def _not_for_you(request: Request) -> HttpResponse:
    """A known person without a technician's record: a customer, or a colleague from the desk."""
    sign_in = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    return render(request, "mobile/not_technician.html", {"sign_in": sign_in}, status=403)


def _refuse() -> HttpResponse:
    raise NotAllowed


def private(response: HttpResponse) -> HttpResponse:
    """Personal data: kept by the phone's own history, by nobody between."""
    patch_cache_control(response, private=True, no_cache=True)
    return response
