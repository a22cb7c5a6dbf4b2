"""Signing in and out, on every branch's site and on headquarters'."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.people import roles, selectors, sessions, signing_in
from apps.people.accounts.models import User
from apps.people.errors import TooManySignIns, WrongPassword
from apps.people.forms import SignInForm
from steppe.kernel.actors import Actor
from steppe.kernel.addresses import client_address

PHONE_ROLES = frozenset({roles.TECHNICIAN, roles.GRID_LEADER})
POOL = "/w/pool"  # apps.mobile stands above this room; its address is all we know of it


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; whoever is signed in already goes on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind in {"staff", "hq"} and request.method == "GET":
        return HttpResponseRedirect(_onward(request, actor))
    form = SignInForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, status=200 if request.method == "GET" else 422)
    try:
        user = signing_in.sign_in(**form.cleaned_data, address=client_address(request))
    except (WrongPassword, TooManySignIns) as refusal:
        return _page(request, form, refusal.sentence, refusal.status, wait=refusal.params.get("seconds"))
    return _welcome(request, user)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget the session on the server, then show the sign-in page."""
    sessions.close_session(request)
    return HttpResponseRedirect(reverse("people:sign_in"))


def _welcome(request: HttpRequest, user: User) -> HttpResponse:
    sessions.open_staff_session(request, user)
    actor = selectors.actor_for_user(user.pk)
    response = HttpResponseRedirect(_onward(request, actor) if actor else reverse("people:sign_in"))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


def _page(
    request: HttpRequest, form: SignInForm, sentence: str = "", status: int = 200, wait: int | None = None
) -> HttpResponse:
    context = {"form": form, "sentence": sentence, "wait": wait, "next": _next(request)}
    response = render(request, "people/sign_in.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _onward(request: HttpRequest, actor: Actor) -> str:
    """Where this person was going, else where their work is."""
    if wanted := _next(request):
        return wanted
    if actor.kind == "hq":
        return reverse("headquarters:overview")
    return POOL if actor.technician_id and actor.roles <= PHONE_ROLES else reverse("console:home")


def _next(request: HttpRequest) -> str:
    """A page of this very site, or nothing: another site's address is not a place we send people to."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    relative = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if relative else ""
