"""“绑定微信”: the signed-in person shows a code, sees which phone asks, says yes or no; and unbinds.

One set of addresses serves the desk, the technician's phone and the administrator's page for somebody else: where the
answer leads is told by `from`. Who may do it, the services decide.
"""

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.people import selectors as people
from apps.people.sessions import open_staff_session
from apps.wechat import binding_page, selectors, services
from apps.wechat import binding_reads as reads
from apps.wechat.permissions import ACCOUNT_KEEPERS
from apps.wechat.services import binding_codes
from apps.wechat.views.keeper import key_of
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Unauthenticated

DESK, PHONE, ADMIN = "desk", "phone", "people"
PAGES = {DESK: "wechat/my_binding.html", PHONE: "wechat/my_binding_phone.html", ADMIN: "wechat/person_binding.html"}
SAID = {"unbound": _("Unbound. Every session that was open is signed out, on all other devices.")}


@never_cache
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The page from the user menu."""
    return _page(request, staff_of(request), DESK)


@never_cache
@require_GET
def phone(request: HttpRequest) -> HttpResponse:
    """The page from 我的."""
    return _page(request, staff_of(request), PHONE)


@never_cache
@require_GET
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """The administrator's page of one person: a code to read out."""
    return _page(request, keeper_of(request), ADMIN, user_id)


@never_cache
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """How the code stands, as a fragment for the page that waits; 204 while nothing has changed."""
    actor, face = staff_of(request), _face(request.GET)
    user_id = _whose(request.GET, actor)
    if user_id != actor.id:
        keeper_of(request)
    context = _context(request, actor, face, user_id)
    if request.GET.get("stand") == context["stand"]:
        return HttpResponse(status=204)
    return render(request, "wechat/_binding_state.html", context)


@require_POST
def show_code(request: HttpRequest) -> HttpResponse:
    """A new code."""
    actor = staff_of(request)
    try:
        key = key_of(request)
        receipt = binding_codes.begin(user_id=_whose(request.POST, actor), by=actor, key=key)
    except (Conflict, Invalid) as refusal:
        return _again(request, actor, refusal)
    binding_page.remember(request, receipt.entity_id, key)
    return _back(request, actor)


@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """“That is my phone”."""
    actor = staff_of(request)
    try:
        binding_codes.person_agrees(code_id=_code(request), by=actor, key=key_of(request))
    except (Conflict, Invalid) as refusal:
        return _again(request, actor, refusal)
    return _back(request, actor)


@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    """“That is not me”."""
    actor = staff_of(request)
    try:
        binding_codes.refuse_binding(code_id=_code(request), by=actor, key=key_of(request))
    except (Conflict, Invalid) as refusal:
        return _again(request, actor, refusal)
    return _back(request, actor)


@require_POST
def unbind(request: HttpRequest) -> HttpResponse:
    """The WeChat goes; who did it at the desk with a password stays signed in here."""
    actor = staff_of(request)
    user_id = _whose(request.POST, actor)
    services.unbind_staff(user_id=user_id, by=actor, key=key_of(request))
    if user_id == actor.id and request.session.get(SESSION_KEY) and (user := people.user_by_id(user_id)):
        open_staff_session(request, user)
    return _back(request, actor, done="unbound")


def staff_of(request: HttpRequest) -> Actor:
    """A member of staff. Raises Unauthenticated, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind == "anonymous":
        raise Unauthenticated
    if actor.kind != "staff":
        raise NotAllowed
    return actor


def keeper_of(request: HttpRequest) -> Actor:
    """Who looks after the branch's account. Raises Unauthenticated, NotAllowed."""
    actor = staff_of(request)
    if not actor.holds(*ACCOUNT_KEEPERS):
        raise NotAllowed
    return actor


def _page(
    request: HttpRequest, actor: Actor, face: str, user_id: int = 0, refusal: DomainError | None = None
) -> HttpResponse:  # fmt: skip
    context = _context(request, actor, face, user_id or actor.id or 0)
    context |= {"refusal": refusal, "done": SAID.get(request.GET.get("done", ""), "")}
    return render(request, PAGES[face], context, status=refusal.status if refusal else 200)


def _context(request: HttpRequest, actor: Actor, face: str, user_id: int) -> dict[str, object]:
    user = people.user_by_id(user_id)
    if user is None:
        raise NotFound
    code = reads.code_of(user_id)
    return {
        "face": face, "user": user, "mine": user_id == actor.id, "binding": reads.binding_of(user_id),
        "account": selectors.branch_account(), "tab": "me",
        "me": people.technician(actor.technician_id) if face == PHONE and actor.technician_id else None,
        **binding_page.words_of(request, code, actor),
    }  # fmt: skip


def _again(request: HttpRequest, actor: Actor, refusal: DomainError) -> HttpResponse:
    face = _face(request.POST)
    response = _page(request, actor, face, _whose(request.POST, actor), refusal)
    response["X-Refusal"] = refusal.code
    return response


def _back(request: HttpRequest, actor: Actor, done: str = "") -> HttpResponse:
    face, user_id = _face(request.POST), _whose(request.POST, actor)
    names = {DESK: "wechat:my-binding", PHONE: "wechat:my-binding-phone"}
    page = reverse(names[face]) if face in names else reverse("wechat:person", args=[user_id])
    return HttpResponseRedirect(page + (f"?done={done}" if done else ""), status=303)


def _face(given: "dict[str, str]") -> str:
    face = given.get("from", DESK)
    return face if face in PAGES else DESK


def _whose(given: "dict[str, str]", actor: Actor) -> int:
    """The person it is about: oneself, or whom an administrator named."""
    named = given.get("user", "")
    return int(named) if named.isdecimal() and len(named) < 19 else actor.id or 0


def _code(request: HttpRequest) -> int:
    named = request.POST.get("code", "")
    return int(named) if named.isdecimal() and len(named) < 19 else 0
