"""签收: who receives goods says what arrived, by scanning or with one tap. Not blind: the paper says what was sent."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.inventory import handover_read, services
from apps.inventory.rules.serials import read_list
from apps.mobile import doors
from apps.mobile.entry import Request, ask_wechat, stock_only
from apps.mobile.numbers import quantity_of
from apps.mobile.views import _answers as answer
from apps.mobile.views._refused import sentences
from steppe.kernel.errors import DomainError


@ask_wechat
@stock_only
@require_safe
def listed(request: Request) -> HttpResponse:
    """What is on the way to this person."""
    context = {"papers": handover_read.waiting_for(request.actor), "done": request.GET.get("done", ""),
               "claim": request.GET.get("claim", "")}  # fmt: skip
    return render(request, "mobile/handovers.html", context)


@ask_wechat
@stock_only
@require_http_methods(["GET", "POST"])
def one(request: Request, number: str) -> HttpResponse:
    """What was sent, and what arrived of it. Nothing happens on GET: WeChat fetches links by itself."""
    if request.method == "GET":
        return _page(request, number)
    try:
        told = {} if request.POST.get("all") == "1" else _told(request)
        done = services.receive_transfer(
            number=number, version=answer.version_of(request), **told, by=request.actor, key=answer.key_of(request)
        )
    except DomainError as refusal:
        return _page(request, number, refusal)
    claim = done.facts.get("claim", "")
    return answer.see_other(f"{reverse('mobile:handovers')}?done={number}&claim={claim}")


def _told(request: Request) -> dict[str, object]:
    """Numbers as scanned, quantities of what has none by item (and drum). Raises Invalid."""
    good, bad = read_list(request.POST.get("scanned", ""))
    received = {name[2:]: quantity_of(request.POST, name) for name in request.POST if name.startswith("q.")}
    return {"scanned": [*good, *bad], "received": received}


def _page(request: Request, number: str, refusal: DomainError | None = None) -> HttpResponse:
    paper = handover_read.paper_for(request.actor, number)
    rows = [_row(request, line) for line in paper.lines]
    context = {
        "document": paper.document, "rows": rows, "given": request.POST,
        "refusal": sentences(refusal) if refusal else "", "numbered": sum(len(row["serials"]) for row in rows),
        "jssdk_config": doors.address("wechat:jssdk-config"),
        "open": paper.document.state == "shipped" and handover_read.may_receive(request.actor, paper.document),
    }  # fmt: skip
    return render(request, "mobile/handover.html", context, status=refusal.status if refusal else 200)


def _row(request: Request, line: Any) -> dict[str, Any]:
    """A line with what was said of it already."""
    name = handover_read.name_of(line)
    numbers = sorted(one.number for one in line.serials.all())
    return {"line": line, "name": name, "given": request.POST.get(f"q.{name}"), "serials": numbers}
