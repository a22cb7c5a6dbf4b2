"""One ticket in the technician's hand: grab, confirm or decline, arrive, complete.

GET changes nothing: WeChat fetches links by itself. A refused step shows the ticket again, with the sentence on
top and everything entered still there.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.mobile import doors
from apps.mobile.doors import Live
from apps.mobile.entry import ask_wechat, technician_only
from apps.mobile.views import _answers as answer
from apps.mobile.views.pool import cards_of
from apps.people import geo
from apps.people import selectors as people
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound, TooFar
from apps.tickets.reasons import REASONS
from apps.tickets.services import (
    check_in,
    complete_ticket,
    confirm_dispatch,
    decline_dispatch,
    grab_ticket,
)
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid
from tenants.context import policy

NEAR_BY = 3  # shown to who lost a grab


@ask_wechat
@technician_only
@require_safe
def work(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ticket with the one next step; a friendly word when another has it already."""
    return _page(request, public_id)


@technician_only
@require_safe
def work_rows(request: HttpRequest, public_id: str) -> HttpResponse:
    """Is the page still true? A line that says what changed since the version it shows."""
    live = Live.now()
    taken = tickets.left_pool(request.actor, [public_id])
    ticket = taken[0].ticket if taken else tickets.ticket_for(request.actor, public_id).ticket
    shown = request.GET.get("shown", "")
    stale = not shown.isdigit() or int(shown) < ticket.version
    context = {"ticket": ticket, "stale": stale, "taken": taken[0] if taken else None}
    return render(request, "mobile/_work_news.html", context, headers=live.headers)


@technician_only
@require_POST
def grab(request: HttpRequest, public_id: str) -> HttpResponse:
    """One tap. Who loses reads who won and when."""
    try:
        grab_ticket(public_id=public_id, by=request.actor, key=answer.key_of(request))
    except Conflict as refusal:
        return _lost_card(request, public_id, refusal) if _by_htmx(request) else _lost(request, public_id, refusal)
    return _won(request, public_id)


@technician_only
@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """I take the ticket the dispatcher gave me."""
    given = {"public_id": public_id, "version": answer.version_of(request), **_who(request)}
    return _step(request, public_id, lambda: confirm_dispatch(**given))


@technician_only
@require_POST
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """I cannot; it goes back to the pool with my reason."""
    given = {"public_id": public_id, "version": answer.version_of(request), **_who(request)}
    reason = answer.reason_of(request, "decline")
    return _step(request, public_id, lambda: decline_dispatch(reason=reason, **given), to=reverse("mobile:held"))


@technician_only
@require_POST
def arrive(request: HttpRequest, public_id: str) -> HttpResponse:
    """I am on site. Far away, or without a position, it takes a reason."""
    given = {"public_id": public_id, "version": answer.version_of(request), **_who(request)}
    place = {
        "lat": answer.number_of(request, "lat"), "lng": answer.number_of(request, "lng"),
        "datum": "gcj02" if request.POST.get("crs") == "gcj02" else "wgs84", "reason": answer.reason_of(request, "check_in"),
    }  # fmt: skip
    return _step(request, public_id, lambda: check_in(**place, **given))


@technician_only
@require_POST
def complete(request: HttpRequest, public_id: str) -> HttpResponse:
    """The work is done. Carries no version: a clock that ran out meanwhile must not cost the text."""
    solution = request.POST.get("solution", "")

    def done() -> Receipt:
        photos = answer.photos_of(request, stage="finish", owner="", by=request.actor)
        return complete_ticket(public_id=public_id, solution=solution, photos=photos, **_who(request))

    entered = {"solution": solution, "photos": request.POST.getlist("photos")}
    return _step(request, public_id, done, entered=entered)


@technician_only
@require_POST
def photo(request: HttpRequest) -> HttpResponse:
    """A picture of the finished work, before the form that names it."""
    file = request.FILES.get("photo")
    if file is None:
        raise Invalid({"photo": ["required"]})
    name = answer.store_photo(file, stage="finish", owner="", by=request.actor, key=answer.key_of(request))
    return JsonResponse({"id": name}, status=201)


def _step(
    request: HttpRequest, public_id: str, work: Callable[[], Receipt], *, to: str = "", **shown: Any
) -> HttpResponse:
    try:
        work()
    except (Conflict, Invalid) as refusal:
        return _page(request, public_id, refusal, **shown)
    return answer.see_other(to or reverse("mobile:work", kwargs={"public_id": public_id}))


def _page(
    request: HttpRequest, public_id: str, refusal: DomainError | None = None, *, entered: dict[str, Any] | None = None
) -> HttpResponse:
    live = Live.now()
    try:
        view = tickets.ticket_for(request.actor, public_id)
    except TicketNotFound:
        return _lost(request, public_id, refusal)
    ticket, me = view.ticket, people.technician(request.actor.technician_id)
    context = {
        "live": live, "view": view, "ticket": ticket, "me": me, "refusal": refusal, "too_far": _too_far(refusal),
        "entered": entered or {}, "photos": tickets.photos(ticket) if view.reveal else [],
        "distance_m": _distance(me, ticket), "map": _map_point(ticket), "target": policy().accept_target(ticket.area_class),
        "photos_max": policy().report_photos_max, "jssdk_config": doors.address("wechat:jssdk-config"),
        "decline_reasons": REASONS["decline"].items(), "far_reasons": REASONS["check_in"].items(),
    }  # fmt: skip
    return render(request, "mobile/work.html", context, status=refusal.status if refusal else 200)


def _won(request: HttpRequest, public_id: str) -> HttpResponse:
    there = reverse("mobile:work", kwargs={"public_id": public_id})
    return HttpResponse(headers={"HX-Redirect": there}) if _by_htmx(request) else answer.see_other(there)


def _lost(request: HttpRequest, public_id: str, refusal: DomainError | None) -> HttpResponse:
    """A page of its own: who has it and since when, and what is near instead. Raises TicketNotFound for strangers."""
    taken = tickets.left_pool(request.actor, [public_id])
    if not taken and refusal is None:
        raise TicketNotFound
    me = people.technician(request.actor.technician_id)
    near = cards_of(tickets.pool_for(request.actor, lat=me.lat, lng=me.lng, limit=NEAR_BY))
    context = {"taken": taken[0] if taken else None, "refusal": refusal, "cards": near, "me": me, "tab": "pool"}
    return render(request, "mobile/lost.html", context, status=refusal.status if refusal else 200)


def _lost_card(request: HttpRequest, public_id: str, refusal: DomainError) -> HttpResponse:
    """In the list: the card turns into “taken”; other refusals leave it and say why."""
    taken = tickets.left_pool(request.actor, [public_id])
    if taken:
        return render(request, "mobile/_taken_card.html", {"gone": taken[0]}, status=refusal.status)
    response = HttpResponse(status=refusal.status, headers={"HX-Reswap": "none"})
    return answer.toast(response, refusal.sentence)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "key": answer.key_of(request)}


def _by_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _too_far(refusal: DomainError | None) -> str:
    """The sentence of a refused arrival; another one when the phone gave no position at all."""
    if not isinstance(refusal, TooFar):
        return ""
    return refusal.sentence if refusal.params["km"] != "?" else _("We could not read your position. Choose a reason to go on.")


def _distance(me: Any, ticket: Any) -> float | None:
    return None if ticket.lat is None else geo.distance_m(me.lat, me.lng, ticket.lat, ticket.lng)


def _map_point(ticket: Any) -> tuple[str, str] | None:
    """For WeChat's own map, which stands in GCJ-02."""
    if ticket.lat is None:
        return None
    lat, lng = geo.to_gcj02(ticket.lat, ticket.lng)
    return f"{lat:.6f}", f"{lng:.6f}"

