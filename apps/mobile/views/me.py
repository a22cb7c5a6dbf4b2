"""我的: what the technician holds, and the technician."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.inventory import handover_read
from apps.mobile import doors
from apps.mobile.doors import Live
from apps.mobile.entry import Request, ask_wechat, technician_only
from apps.mobile.views import _answers as answer
from apps.tickets import selectors as tickets


@ask_wechat
@technician_only
@require_safe
def held(request: Request) -> HttpResponse:
    """The technician's open tickets, most urgent first, live."""
    live = Live.now()
    me = answer.myself(request)
    context = {"live": live, "views": tickets.held_by(request.actor), "me": me, "tab": "held"}
    return render(request, "mobile/held.html", context)


@technician_only
@require_safe
def held_rows(request: Request) -> HttpResponse:
    """The rows of that list: the named ones, or all with the stream's number."""
    live, wanted = Live.now(), request.GET.get("ids")
    views = tickets.held_by(request.actor)
    if wanted is not None:
        views = [view for view in views if view.ticket.public_id in wanted.split(",")]
    return answer.rows(request, "mobile/_held_rows.html", {"views": views}, live)


@ask_wechat
@technician_only
@require_safe
def me(request: Request) -> HttpResponse:
    """Name, listening, skills, appearance, the way out."""
    found = answer.myself(request)
    waiting = handover_read.waiting_in_van(found.pk)
    context = {"me": found, "tab": "me", "goods": waiting, "jssdk_config": doors.address("wechat:jssdk-config")}
    return render(request, "mobile/me.html", context)
