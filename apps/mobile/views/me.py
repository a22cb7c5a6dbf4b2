"""我的: what the technician holds, and the technician."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.mobile import doors
from apps.mobile.doors import Live
from apps.mobile.entry import ask_wechat, technician_only
from apps.people import selectors as people
from apps.tickets import selectors as tickets


@ask_wechat
@technician_only
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """The technician's open tickets, most urgent first, live."""
    live = Live.now()
    me = people.technician(request.actor.technician_id)
    context = {"live": live, "views": tickets.held_by(request.actor), "me": me, "tab": "held"}
    return render(request, "mobile/held.html", context)


@technician_only
@require_safe
def held_rows(request: HttpRequest) -> HttpResponse:
    """The rows of that list: the named ones, or all with the stream's number."""
    live, wanted = Live.now(), request.GET.get("ids")
    views = tickets.held_by(request.actor)
    if wanted is not None:
        views = [view for view in views if view.ticket.public_id in wanted.split(",")]
    return render(request, "mobile/_held_rows.html", {"views": views}, headers=live.headers)


@ask_wechat
@technician_only
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Name, listening, skills, appearance, the way out."""
    found = people.technician(request.actor.technician_id)
    context = {"me": found, "tab": "me", "jssdk_config": doors.address("wechat:jssdk-config")}
    return render(request, "mobile/me.html", context)
