"""One ticket in the technician's hand: grab, confirm or decline, arrive, complete.

GET changes nothing: WeChat fetches links by itself. A refused step shows the ticket again, with the sentence on
top and everything entered still there.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.costing.estimate_read import estimate_for
from apps.costing.points_read import my_total
from apps.inventory import material_read
from apps.mobile import doors
from apps.mobile.doors import Live
from apps.mobile.entry import Request, ask_wechat, technician_only
from apps.mobile.views import _answers as answer
from apps.mobile.views.pool import cards_of
from apps.people import geo
from apps.tickets import selectors as tickets
from apps.tickets import types_read
from apps.tickets.answers_read import all_answers
from apps.tickets.asking import AskedForm
from apps.tickets.errors import AlreadyTaken, ArrivalPhotoMissing, TicketNotFound, TooFar
from apps.tickets.reasons import REASONS
from apps.tickets.requests_read import pending_of
from apps.tickets.services import (
    check_in,
    complete_ticket,
    confirm_dispatch,
    decline_dispatch,
    grab_ticket,
)
from apps.tickets.step_forms import PHONE, Withdraw, offered
from apps.tickets.wording import SENTENCES
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid
from tenants.context import policy

ASKED = "asked"  # before the name of every field of the type
NEAR_BY = 3  # shown to who lost a grab


@ask_wechat
@technician_only
@require_safe
def work(request: Request, public_id: str) -> HttpResponse:
    """The ticket with the one next step; a friendly word when another has it already."""
    return _page(request, public_id)


@technician_only
@require_safe
def work_rows(request: Request, public_id: str) -> HttpResponse:
    """Is the page still true? A line that says what changed since the version it shows."""
    live = Live.now()
    taken = tickets.left_pool(request.actor, [public_id])
    ticket = taken[0].ticket if taken else tickets.ticket_for(request.actor, public_id).ticket
    shown = request.GET.get("shown", "")
    stale = not shown.isdigit() or int(shown) < ticket.version
    context = {"ticket": ticket, "stale": stale, "taken": taken[0] if taken else None}
    return answer.rows(request, "mobile/_work_news.html", context, live)


@technician_only
@require_POST
def grab(request: Request, public_id: str) -> HttpResponse:
    """One tap. Who loses reads who won and when."""
    try:
        grab_ticket(public_id=public_id, by=request.actor, key=answer.key_of(request))
    except AlreadyTaken as refusal:
        return (_lost_card if answer.by_script(request) else _lost)(request, public_id, refusal)
    except Conflict as refusal:
        return (_lost_card if answer.by_script(request) else _page)(request, public_id, refusal)
    return _won(request, public_id)


@technician_only
@require_POST
def confirm(request: Request, public_id: str) -> HttpResponse:
    """I take the ticket the dispatcher gave me."""
    given = {"public_id": public_id, "version": answer.version_of(request), **_who(request)}
    return _step(request, public_id, lambda: confirm_dispatch(**given))


@technician_only
@require_POST
def decline(request: Request, public_id: str) -> HttpResponse:
    """I cannot; it goes back to the pool with my reason."""
    given = {"public_id": public_id, "version": answer.version_of(request), **_who(request)}
    why = {name: request.POST.get(name, "").strip() for name in ("reason", "note")}
    return _step(request, public_id, lambda: decline_dispatch(**why, **given), to=reverse("mobile:held"))


@technician_only
@require_POST
def arrive(request: Request, public_id: str) -> HttpResponse:
    """I am on site. Far away, or without a position, it takes a reason and a photo."""
    given = {"public_id": public_id, "version": answer.version_of(request), **_who(request)}
    place = {
        "lat": answer.number_of(request, "lat"), "lng": answer.number_of(request, "lng"),
        "datum": "gcj02" if request.POST.get("crs") == "gcj02" else "wgs84",
        "reason": answer.reason_of(request, "check_in"),
    }  # fmt: skip

    def there() -> Receipt:
        photos = answer.photos_of(request, stage="finish", owner="", by=request.actor)
        return check_in(photos=photos, **place, **given)

    return _step(request, public_id, there, entered={"photos": request.POST.getlist("photos")})


@technician_only
@require_POST
def complete(request: Request, public_id: str) -> HttpResponse:
    """The work is done. Carries no version: a clock that ran out meanwhile must not cost the text."""
    solution, asks = request.POST.get("solution", ""), types_read.finish_form(request.actor, public_id)
    asked = AskedForm(asks.at("finish"), prefix=ASKED, data=request.POST)

    def done() -> Receipt:
        sent: dict[str, Any] = {"stage": "finish", "owner": "", "by": request.actor}
        photos = answer.photos_of(request, least=asks.photos, **sent)
        outcome = answer.asked_answers(request, asked, **sent)
        told = {"solution": solution, "photos": photos, "outcome": outcome}
        return complete_ticket(public_id=public_id, **told, **_who(request))

    entered = {"solution": solution, "photos": request.POST.getlist("photos")}
    return _step(request, public_id, done, entered=entered, asked=asked)


@technician_only
@require_POST
def photo(request: Request) -> HttpResponse:
    """A picture of the finished work, before the form that names it."""
    file = request.FILES.get("photo")
    if file is None:
        raise Invalid({"photo": [str(SENTENCES["missing"])]})
    name = answer.store_photo(file, stage="finish", owner="", by=request.actor, key=answer.key_of(request))
    return JsonResponse({"id": name}, status=201)


def _step(request: Request, public_id: str, work: Callable[[], Receipt], *, to: str = "", **shown: Any) -> HttpResponse:
    try:
        work()
    except (Conflict, Invalid) as refusal:
        return _page(request, public_id, refusal, **shown)
    return answer.see_other(to or reverse("mobile:work", kwargs={"public_id": public_id}))


def _page(
    request: Request,
    public_id: str,
    refusal: DomainError | None = None,
    *,
    entered: dict[str, Any] | None = None,
    asked: AskedForm | None = None,
) -> HttpResponse:
    live = Live.now()
    try:
        view = tickets.ticket_for(request.actor, public_id)
    except TicketNotFound:
        return _lost(request, public_id, refusal)
    ticket, me, rules = view.ticket, answer.myself(request), policy()
    context = {
        "live": live, "view": view, "ticket": ticket, "me": me, "refusal": refusal, "too_far": _too_far(refusal),
        "entered": entered or {}, "photos": tickets.photos(ticket) if view.reveal else [],
        "distance_m": _distance(me, ticket), "map": _map_point(ticket),
        "target": rules.accept_target(ticket.area_class), "photos_max": rules.report_photos_max,
        "jssdk_config": doors.address("wechat:jssdk-config"),
        "decline_reasons": REASONS["decline"].items(), "far_reasons": REASONS["check_in"].items(),
        "photos_wrong": " ".join(refusal.fields.get("photos", ())) if isinstance(refusal, Invalid) else "",
    }  # fmt: skip
    if ticket.status == "pooled":
        context["estimate"] = estimate_for(request.actor, ticket.public_id)
    elif ticket.finished_at and ticket.technician_id == me.pk:
        context["points"] = my_total(request.actor, ticket.public_id)
    context |= _asked(view, asked, refusal) | _answers(view) | _more(request, view)
    return render(request, "mobile/work.html", context, status=refusal.status if refusal else 200)


def _asked(view: tickets.TicketView, asked: AskedForm | None, refusal: DomainError | None) -> dict[str, Any]:
    """The fields of the completion, where it is next: filled in as they were, as they were the last time, or as far
    as the ticket's material says. At most two queries.
    """
    if "complete" not in view.actions:
        return {}
    definition, ticket = view.ticket.type_version.definition, view.ticket
    fields = definition.at("finish")
    known = {} if asked else material_read.known_answers(ticket.public_id, {one.key for one in fields})
    form = asked or AskedForm(fields, prefix=ASKED, given=known | ticket.outcome)
    if refusal:
        form.refuse(refusal, "outcome")
    demanded = 0 if ticket.remote else definition.photos
    most = max(policy().report_photos_max, definition.photos)
    return {"asked": form, "photos_least": demanded, "photos_max": most}


def _more(request: Request, view: tickets.TicketView) -> dict[str, Any]:
    """The other steps, and a word about the one just taken. At most one query."""
    asked = pending_of(view.ticket)
    mine = [Withdraw] if asked and asked.requested_by == request.actor.ref else []
    others = [form for form in offered(PHONE, view, request.actor) if form is not Withdraw]
    done = {form.slug: form.done for form in PHONE}.get(request.GET.get("done", ""), "")
    return {"more_steps": mine + others, "said": done, "waiting": asked}


def _answers(view: tickets.TicketView) -> dict[str, Any]:
    """What the reporter and the technician answered, for who may see the contact; also while it was of another type."""
    if not view.reveal:
        return {}
    return {"told": all_answers(view.ticket)}


def _won(request: Request, public_id: str) -> HttpResponse:
    there = reverse("mobile:work", kwargs={"public_id": public_id})
    return JsonResponse({"to": there}) if answer.by_script(request) else answer.see_other(there)


def _lost(request: Request, public_id: str, refusal: DomainError | None) -> HttpResponse:
    """A page of its own: who has it and since when, and what is near instead. Raises TicketNotFound for strangers."""
    taken = tickets.left_pool(request.actor, [public_id])
    if not taken and refusal is None:
        raise TicketNotFound
    me = answer.myself(request)
    near = cards_of(tickets.pool_for(request.actor, lat=me.lat, lng=me.lng, limit=NEAR_BY))
    context = {"taken": taken[0] if taken else None, "refusal": refusal, "cards": near, "me": me, "tab": "pool"}
    return render(request, "mobile/lost.html", context, status=refusal.status if refusal else 200)


def _lost_card(request: Request, public_id: str, refusal: DomainError) -> HttpResponse:
    """In the list: the card turns into “taken”; other refusals leave it and say why."""
    taken = tickets.left_pool(request.actor, [public_id])
    said = {"code": refusal.code, "detail": refusal.sentence}
    if taken:
        said["card"] = render_to_string("mobile/_taken_card.html", {"gone": taken[0]}, request)
    return JsonResponse(said, status=refusal.status)


def _who(request: Request) -> dict[str, Any]:
    return {"by": request.actor, "key": answer.key_of(request)}


def _too_far(refusal: DomainError | None) -> str:
    """The sentence of an arrival that has to be explained; another one when the phone gave no position at all."""
    if isinstance(refusal, ArrivalPhotoMissing):
        return refusal.sentence
    if not isinstance(refusal, TooFar):
        return ""
    if refusal.params["km"] == "?":
        return _("We could not read your position. Choose a reason and add a photo to go on.")
    return refusal.sentence


def _distance(me: Any, ticket: Any) -> float | None:
    return None if ticket.lat is None else geo.distance_m(me.lat, me.lng, ticket.lat, ticket.lng)


def _map_point(ticket: Any) -> tuple[str, str] | None:
    """The customer's own point for WeChat's map, which stands in GCJ-02; None where only the address is known."""
    if not ticket.has_place:
        return None
    lat, lng = geo.to_gcj02(ticket.lat, ticket.lng)
    return f"{lat:.6f}", f"{lng:.6f}"
