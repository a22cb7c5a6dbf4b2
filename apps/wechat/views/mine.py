"""The customer's own pages: 绑定手机号, 我的数据; and the technician's consent to positions."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import selectors as people
from apps.people.sessions import open_customer_session
from apps.tickets import selectors as tickets
from apps.wechat import binding_reads as reads
from apps.wechat.errors import SmsAway
from apps.wechat.identity_errors import PhoneUnknown
from apps.wechat.models import CustomerIdentity
from apps.wechat.rules import consent_texts as texts
from apps.wechat.services import consents, my_data
from apps.wechat.services import phones as numbers
from apps.wechat.views import phones
from apps.wechat.views.keeper import key_of
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, TooMany, Unauthenticated
from steppe.ui.formatting import mask_phone

KEPT = (Conflict, Invalid, TooMany, SmsAway)


@never_cache
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """绑定手机号: a number, then the code that came by text message."""
    if request.method == "GET" and (away := _asked(request)):
        return away
    identity = identity_of(request)
    if request.method == "GET":
        return _number_page(request, identity)
    try:
        phone = request.POST.get("phone", "")
        numbers.send_code(identity_id=identity.pk, phone=phone, by=_actor(request), key=key_of(request))
    except KEPT as refusal:
        return _number_page(request, identity, refusal)
    return HttpResponseRedirect(reverse("wechat:phone"), status=303)


@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """The code: from here on the reports of that number are in the list."""
    identity = identity_of(request)
    try:
        code = request.POST.get("code", "")
        receipt = numbers.prove(identity_id=identity.pk, code=code, by=_actor(request), key=key_of(request))
    except KEPT as refusal:
        return _number_page(request, identity, refusal)
    open_customer_session(request, receipt.facts["customer"])
    phones.remember(request, identity.account, identity.openid)
    return HttpResponseRedirect(reverse("wechat:phone") + "?done=1", status=303)


@never_cache
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """我的数据: what is kept, and the way to have it deleted."""
    if away := _asked(request):
        return away
    actor = _customer(request)
    customer_id = actor.id or 0
    context = {
        "customer": people.customer(customer_id), "theme": "light", "wish": reads.wish_of(customer_id),
        "consents": [(texts.text(one.purpose), one) for one in reads.consents_of(customer_id)],
        "reports": len(tickets.tickets_of_customer(actor, limit=200)), "wechats": my_data.identities_of(customer_id),
    }  # fmt: skip
    return render(request, "wechat/my_data.html", context)


@require_POST
def ask_to_forget(request: HttpRequest) -> HttpResponse:
    """A request that the administrator sees."""
    my_data.ask_to_forget(by=_customer(request), key=key_of(request))
    return HttpResponseRedirect(reverse("wechat:my-data"), status=303)


@never_cache
@require_http_methods(["GET", "POST"])
def location(request: HttpRequest) -> HttpResponse:
    """The technician's consent to positions in duty hours: read, given, taken back."""
    actor = _actor(request)
    if actor.kind == "anonymous":
        raise Unauthenticated
    if actor.technician_id is None:
        raise NotAllowed
    if request.method == "POST":
        change = consents.give_location_consent if request.POST.get("agree") == "1" else _withdraw
        change(by=actor, key=key_of(request))
        return HttpResponseRedirect(reverse("wechat:location-consent"), status=303)
    context = {
        "text": texts.text(texts.LOCATION), "given": consents.newest(actor.ref, texts.LOCATION), "tab": "me",
        "me": people.technician(actor.technician_id),
    }  # fmt: skip
    return render(request, "wechat/location_consent.html", context)


_withdraw = consents.withdraw_location_consent


def identity_of(request: HttpRequest) -> CustomerIdentity:
    """The customer behind this very WeChat. Raises Unauthenticated, NotAllowed, PhoneUnknown."""
    actor, phone = _customer(request), phones.phone_of(request)
    identity = reads.identity(phone.account, phone.openid) if phone else None
    if identity is None or identity.customer_id != actor.id:
        raise PhoneUnknown
    return identity


def _asked(request: HttpRequest) -> HttpResponse | None:
    """A visitor whom WeChat has not named yet goes there once."""
    nobody = _actor(request).kind == "anonymous"
    unsaid = _actor(request).kind == "customer" and phones.phone_of(request) is None
    return phones.ask(request) if nobody or unsaid else None


def _customer(request: HttpRequest) -> Actor:
    actor = _actor(request)
    if actor.kind == "anonymous":
        raise Unauthenticated
    if actor.kind != "customer":
        raise NotAllowed
    return actor


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _number_page(
    request: HttpRequest, identity: CustomerIdentity, refusal: DomainError | None = None
) -> HttpResponse:  # fmt: skip
    sent = numbers.waiting(identity.pk)
    context = {
        "refusal": refusal, "theme": "light", "sent_to": mask_phone(sent.phone) if sent else "",
        "customer": people.customer(identity.customer_id), "text": texts.text(texts.PHONE),
        "done": "done" in request.GET, "typed": request.POST.get("phone", "")[:20],
        "again": "again" in request.GET,
        "errors": refusal.fields if isinstance(refusal, Invalid) else {},
    }  # fmt: skip
    response = render(request, "wechat/phone.html", context, status=refusal.status if refusal else 200)
    if refusal:
        response["X-Refusal"] = refusal.code
    return response
