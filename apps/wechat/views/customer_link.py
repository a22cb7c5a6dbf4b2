"""The agent at the console: 绑定到此客户, for a WeChat whose owner is on the phone."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.people import selectors as people
from apps.people.phone import normal_phone
from apps.tickets import selectors as tickets
from apps.wechat.binding_page import masked
from apps.wechat.services import my_data
from apps.wechat.views.keeper import key_of
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import Conflict, DomainError, NotFound


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look a customer up by number or account; then bind the reporter's WeChat to it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, my_data.LINKERS)
    if request.method == "POST":
        return _bind(request, actor, public_id)
    return _page(request, actor, public_id, request.GET)


def _bind(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    told = {name: request.POST.get(name, "")[:40] for name in ("phone", "account_no")}
    tickets.ticket_for(actor, public_id)
    try:
        my_data.link_customer(public_id=public_id, **told, by=actor, key=key_of(request))
    except (Conflict, NotFound) as refusal:
        return _page(request, actor, public_id, request.POST, refusal)
    return HttpResponseRedirect(reverse("wechat:customer-link", args=[public_id]) + "?done=1", status=303)


def _page(
    request: HttpRequest, actor: Actor, public_id: str, given: "dict[str, str]", refusal: DomainError | None = None
) -> HttpResponse:  # fmt: skip
    view = tickets.ticket_for(actor, public_id)
    phone, account_no = given.get("phone", "").strip()[:20], given.get("account_no", "").strip()[:30]
    found = people.customer_who_calls(phone=normal_phone(phone) or "", account_no=account_no)
    context = {
        "view": view, "ticket": view.ticket, "phone": phone, "account_no": account_no, "found": found,
        "found_name": masked(found.name) if found else "", "asked": bool(phone or account_no),
        "wechats": my_data.identities_of(view.ticket.customer_id), "refusal": refusal, "done": "done" in request.GET,
        "same": bool(found and found.pk == view.ticket.customer_id),
    }  # fmt: skip
    response = render(request, "wechat/customer_link.html", context, status=refusal.status if refusal else 200)
    if refusal:
        response["X-Refusal"] = refusal.code
    return response
