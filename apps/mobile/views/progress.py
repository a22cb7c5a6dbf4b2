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
from apps.people import selectors as people
from apps.tickets import selectors as tickets
from apps.tickets.handover_read import way_of
from apps.tickets.selectors import TicketView
from apps.tickets.services import rate_ticket
from apps.tickets.step_forms import CUSTOMER, offered
from steppe.kernel.errors import Conflict, Invalid


@ask_wechat
@customer_only
@require_safe
def mine(request: Request) -> HttpResponse:
    """The customer's own tickets, newest first. Two queries besides who it is and where the stream stands."""
    live = Live.now()
    views, me = tickets.tickets_of_customer(request.actor), people.customer(request.actor.id or 0)
    return render(request, "mobile/mine.html", {"live": live, "views": views, "me": me, "theme": "light"})


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
    """No query more, but one for a case that another branch has now: under which number."""
    gone = way_of(view.ticket) if view.ticket.close_code == "transferred" else None
    return {
        "view": view, "ticket": view.ticket, "steps": steps_of(view.ticket), "technician": _coming(view), "gone": gone,
    }  # fmt: skip


def _coming(view: TicketView) -> object:
    """Who comes, once it is sure: never somebody who has not confirmed yet."""
    if view.ticket.status in {"submitted", "pooled", "assigned"} or view.ticket.close_code == "transferred":
        return None
    return view.ticket.technician
