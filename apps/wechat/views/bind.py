"""/wx/bind: the phone's side. WeChat says which phone it is; a code is typed or was scanned; whose it is, yes or no."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.wechat import binding_page
from apps.wechat import binding_reads as reads
from apps.wechat.identity_errors import NotAskedFor, PhoneUnknown
from apps.wechat.models import BindCode, StaffBinding
from apps.wechat.services import binding_codes
from apps.wechat.views import phones
from apps.wechat.views.keeper import key_of
from apps.wechat.views.phones import Phone
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid, TooMany

KEPT = (Conflict, Invalid, TooMany)  # refusals after which the page comes back
LAST = "wx_bind_last"  # in the session: the code this phone has said yes to


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Type the code; or, when this phone has claimed one, say whether it is yours. GET changes nothing."""
    if request.method == "POST":
        return _typed(request)
    phone = phones.phone_of(request)
    if phone is None:
        away = phones.ask(request)
        if away is None:
            raise PhoneUnknown
        return away
    return _page(request, phone)


@never_cache
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """How it stands, as a fragment; 204 while nothing has changed."""
    context = _context(request, _phone(request))
    if request.GET.get("stand") == context["stand"]:
        return HttpResponse(status=204)
    return render(request, "wechat/_bind_state.html", context)


@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """“是我，绑定”."""
    phone = _phone(request)
    try:
        code = _claimed(phone)
        binding_codes.phone_agrees(code_id=code.pk, openid=phone.openid, by=_actor(request), key=key_of(request))
    except KEPT as refusal:
        return _page(request, phone, refusal)
    request.session[LAST] = code.pk
    return _back()


@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    """“不是我”."""
    phone = _phone(request)
    try:
        code = _claimed(phone)
        binding_codes.refuse_binding(code_id=code.pk, openid=phone.openid, by=_actor(request), key=key_of(request))
    except KEPT as refusal:
        return _page(request, phone, refusal)
    request.session[LAST] = code.pk
    return _back()


def _typed(request: HttpRequest) -> HttpResponse:
    phone = _phone(request)
    typed = request.POST.get("code", "")
    try:
        binding_codes.claim_by_code(
            account=phone.account, openid=phone.openid, typed=typed, by=_actor(request), key=key_of(request)
        )
    except KEPT as refusal:
        return _page(request, phone, refusal)
    return _back()


def _page(request: HttpRequest, phone: Phone, refusal: DomainError | None = None) -> HttpResponse:
    context = _context(request, phone) | {"refusal": refusal}
    context["prefilled"] = binding_page.prefilled(request, _actor(request)) if not refusal else ""
    response = render(request, "wechat/bind.html", context, status=refusal.status if refusal else 200)
    if refusal:
        response["X-Refusal"] = refusal.code
    return response


def _context(request: HttpRequest, phone: Phone) -> dict[str, object]:
    claimed = reads.claimed_by(phone.account, phone.openid)
    bound = StaffBinding.objects.filter(account=phone.account, openid=phone.openid).select_related("user").first()
    stand = "claimed" if claimed else "bound" if bound else "empty"
    if claimed and claimed.phone_agreed_at:
        stand = "agreed"
    elif stand == "empty" and (last := request.session.get(LAST)):
        stand = _ended(last)
    code = claimed
    return {
        "stand": stand, "code": code, "person": binding_page.person_of(code) if code else {},
        "check": binding_page.check_of(code) if code else "",
        "bound_to": binding_page.masked(bound.user.name) if bound else "",
    }  # fmt: skip


def _ended(code_id: int) -> str:
    outcome = BindCode.objects.filter(pk=code_id).values_list("outcome", flat=True).first()
    return "refused" if outcome == "refused" else "empty"


def _phone(request: HttpRequest) -> Phone:
    phone = phones.phone_of(request)
    if phone is None:
        raise PhoneUnknown
    return phone


def _claimed(phone: Phone) -> BindCode:
    code = reads.claimed_by(phone.account, phone.openid)
    if code is None:
        raise NotAskedFor
    return code


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("wechat:bind"), status=303)
