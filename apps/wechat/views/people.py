"""管理 → 微信 → who is bound since when, does the phone follow, the last card; who asks to be forgotten."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.wechat import binding_reads as reads
from apps.wechat import selectors
from apps.wechat.services import my_data
from apps.wechat.views.binding import keeper_of
from apps.wechat.views.keeper import key_of
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, NotFound

SAID = {"forgotten": _("Deleted: contact, WeChat and consents. The tickets stay as the branch's records.")}


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Everybody, who is bound first."""
    return _page(request, keeper_of(request))


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Do what a customer asked for."""
    actor, named = keeper_of(request), request.POST.get("request", "")
    wanted = int(named) if named.isdecimal() and len(named) < 19 else 0
    try:
        my_data.forget_customer(request_id=wanted, by=actor, key=key_of(request))
    except (Conflict, NotFound) as refusal:
        return _page(request, actor, refusal)
    return HttpResponseRedirect(reverse("wechat:people") + "?done=forgotten", status=303)


def _page(request: HttpRequest, actor: Actor, refusal: DomainError | None = None) -> HttpResponse:
    rows = reads.staff(by=actor)
    context = {
        "rows": rows, "bound": sum(1 for one in rows if one.binding), "wishes": reads.wishes(by=actor),
        "account": selectors.branch_account(), "refusal": refusal,
        "done": SAID.get(request.GET.get("done", ""), ""),
    }  # fmt: skip
    response = render(request, "wechat/people.html", context, status=refusal.status if refusal else 200)
    if refusal:
        response["X-Refusal"] = refusal.code
    return response
