"""管理 → 对接 → 推送记录: every event that was sent, with its body, what came back, and a button for once more."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.partners import deliveries_read, services, words
from apps.partners.models import Delivery, Status
from apps.partners.tasks import send_events
from apps.partners.views.keeper import back, keeper, key_of

PAGE = "partners:deliveries"
AGAIN = {Status.DEAD, Status.PENDING}


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The states with their numbers, the rows. Two queries besides who it is and the bar."""
    asked = _asked(request)
    found = deliveries_read.deliveries_for(keeper(request), **asked)
    context = {
        "rows": [_shown(row) for row in found.rows], "tabs": _tabs(asked, found.counts),
        "listener": asked["listener"], "more": _link(asked, before=found.more) if found.more else "",
        "done": words.DONE.get(request.GET.get("done", "")),
    }  # fmt: skip
    return render(request, "partners/deliveries.html", context)


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Once more, under the same id."""
    event_id = request.POST.get("event", "")[:36]
    services.retry_delivery(event_id=event_id, by=keeper(request), key=key_of(request))
    send_events.wake()
    return back(PAGE, "retry")


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; nonsense asks for nothing."""
    status, before = request.GET.get("status", ""), request.GET.get("before", "")
    return {
        "status": status if status in words.STATES else "", "listener": request.GET.get("listener", "")[:16],
        "before": int(before) if before.isdecimal() and len(before) < 19 else None,
    }  # fmt: skip


def _tabs(asked: dict[str, Any], counts: dict[str, int]) -> list[dict[str, Any]]:
    shown = [("", words.ALL, sum(counts.values()))]
    shown += [(name, told[0], counts[name]) for name, told in words.STATES.items() if counts.get(name)]
    return [
        {"word": word, "n": n, "here": name == asked["status"], "link": _link(asked, status=name, before=None)}
        for name, word, n in shown
    ]


def _link(asked: dict[str, Any], **changes: object) -> str:
    return "?" + urlencode({name: value for name, value in (asked | changes).items() if value})


def _shown(row: Delivery) -> dict[str, Any]:
    state, mood, shape = words.STATES[row.status]
    return {
        "row": row, "state": state, "mood": mood, "shape": shape, "again": row.status in AGAIN,
        "body": deliveries_read.pretty(row.body), "why": words.why(row.answer) if row.answer_status is None else "",
    }  # fmt: skip
