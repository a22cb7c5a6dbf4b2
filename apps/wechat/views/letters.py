"""管理 → 微信 → what could not be taken in: retry, or discard with a reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.wechat import services, tasks
from apps.wechat.views.keeper import back, keeper, said
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError

PAGE = "wechat:inbox"


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The branch's dead letters, newest first."""
    return _page(request, keeper(request))


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """One, or all of them."""
    actor = keeper(request)
    try:
        services.retry_letters(ids=None if request.POST.get("all") else _ids(request), by=actor)
    except DomainError as refusal:
        return _page(request, actor, refusal)
    tasks.handle_inbox.wake()
    return back(PAGE, "retried")


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """One, with a reason."""
    actor = keeper(request)
    try:
        services.discard_letters(ids=_ids(request), reason=request.POST.get("reason", ""), by=actor)
    except DomainError as refusal:
        return _page(request, actor, refusal)
    return back(PAGE, "discarded")


def _ids(request: HttpRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("letter") if one.isdecimal() and len(one) < 19]


def _page(request: HttpRequest, actor: Actor, refusal: DomainError | None = None) -> HttpResponse:
    context = {"letters": services.dead_letters(by=actor), "done": said(request), "refusal": refusal}
    return render(request, "wechat/inbox.html", context, status=refusal.status if refusal else 200)
