"""What happens to the customer's tickets, and how it went in the end."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.mobile import status_links
from apps.mobile.doors import Live
from apps.mobile.entry import Request, ask_wechat, customer_only, private
from apps.mobile.forms import RateForm
from apps.mobile.steps import steps_of
from apps.mobile.views import _answers as answer
from apps.tickets import selectors as tickets
from apps.tickets.selectors import TicketView
from apps.tickets.services import rate_ticket
from apps.tickets.step_forms import CUSTOMER, offered
from steppe.kernel.errors import Conflict, Invalid


@ask_wechat
@customer_only
@require_safe
def mine(request: Request) -> HttpResponse:
    """The customer's own tickets, newest first."""
    live = Live.now()
    views = tickets.tickets_of_customer(request.actor)
    return render(request, "mobile/mine.html", {"live": live, "views": views, "theme": "light"})


@customer_only
@require_safe
def mine_rows(request: Request) -> HttpResponse:
    """The rows of that list: the named ones, or all with the stream's number."""
    live, wanted = Live.now(), request.GET.get("ids")
    if wanted is None:
        views = tickets.tickets_of_customer(request.actor)
    else:
        views = tickets.rows_by_id(request.actor, wanted.split(","))
    return answer.rows(request, "mobile/_mine_rows.html", {"views": views}, live)


@ask_wechat
@customer_only
@require_safe
def ticket(request: Request, public_id: str) -> HttpResponse:
    """One ticket: four steps, who comes, until when; the rating at the end."""
    live = Live.now()
    view = tickets.ticket_for(request.actor, public_id)
    return _ticket_page(request, view, live)


@customer_only
@require_safe
def ticket_rows(request: Request, public_id: str) -> HttpResponse:
    """The same as a fragment, for the page that is open."""
    live = Live.now()
    view = tickets.ticket_for(request.actor, public_id)
    return answer.rows(request, "mobile/_progress.html", _shown(view), live)


@customer_only
@require_POST
def rate(request: Request, public_id: str) -> HttpResponse:
    """Fixed? closes the ticket; not fixed sends it back; the stars are kept either way."""
    form = RateForm(request.POST)
    view = tickets.ticket_for(request.actor, public_id)
    if not form.is_valid():
        return _ticket_page(request, view, Live.now(), form=form, status=422)
    told = form.cleaned_data
    try:
        rate_ticket(
            public_id=public_id, fixed=told["fixed"] == "yes", score=told["score"], note=told["note"],
            on_time=told["on_time"], overcharged=told["overcharged"],
            by=request.actor, key=answer.key_of(request),
        )  # fmt: skip
    except (Conflict, Invalid) as refusal:
        again = tickets.ticket_for(request.actor, public_id)
        return _ticket_page(request, again, Live.now(), refusal=refusal, form=form, status=refusal.status)
    return answer.see_other(f"{reverse('mobile:ticket', kwargs={'public_id': public_id})}?rated=1")


@require_safe
def status(request: Request, token: str) -> HttpResponse:
    """The same progress for the holder of a signed link; no contact, no rating."""
    view = tickets.ticket_by_link(status_links.read(token))
    again = request.headers.get("X-Requested-With") == "fetch"
    template = "mobile/_progress.html" if again else "mobile/status.html"
    context = _shown(view) | {"by_link": True, "theme": "light", "new": "new" in request.GET}
    response = private(render(request, template, context))
    response["Referrer-Policy"] = "no-referrer"  # the address itself is the key
    return response


def _ticket_page(request: Request, view: TicketView, live: Live, *, status: int = 200, **more: object) -> HttpResponse:
    flags = {"new": "new" in request.GET, "rated": "rated" in request.GET}
    said = {form.slug: form.done for form in CUSTOMER}.get(request.GET.get("done", ""), "")
    steps = {"more_steps": offered(CUSTOMER, view, request.actor), "said": said}
    context = _shown(view) | {"live": live, "theme": "light", **flags, **steps, **more}
    return render(request, "mobile/ticket.html", context, status=status)


def _shown(view: TicketView) -> dict[str, object]:
    return {"view": view, "ticket": view.ticket, "steps": steps_of(view.ticket), "technician": _coming(view)}


def _coming(view: TicketView) -> object:
    """Who comes, once it is sure: never somebody who has not confirmed yet."""
    return view.ticket.technician if view.ticket.status not in {"submitted", "pooled", "assigned"} else None
