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
from apps.tickets import labels
from apps.tickets import selectors as tickets
from apps.tickets.handover_read import way_of
from apps.tickets.rated_read import is_waiting
from apps.tickets.related_read import goes_on_in
from apps.tickets.requests_read import pause_to_agree
from apps.tickets.selectors import TicketView
from apps.tickets.services import answer_hold as answer_to_hold
from apps.tickets.services import rate_ticket
from apps.tickets.step_forms import CUSTOMER, offered
from apps.tickets.wording import SENTENCES
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.errors import Conflict, Invalid

ANSWERS = {"yes": True, "no": False}


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
    return answer.rows(request, "mobile/_progress.html", _shown(request, view), live)


@customer_only
@require_POST
def rate(request: Request, public_id: str) -> HttpResponse:
    """Fixed? closes the ticket; not fixed sends it back; one or two stars wait for our call."""
    form = RateForm(request.POST)
    view = tickets.ticket_for(request.actor, public_id)
    if not form.is_valid():
        return _ticket_page(request, view, Live.now(), form=form, status=422)
    told = form.cleaned_data
    try:
        rate_ticket(
            public_id=public_id, fixed=told["fixed"] == "yes", score=told["score"], note=told["note"],
            on_time=told["on_time"], overcharged=told["overcharged"], complaint=told["complaint"],
            by=request.actor, key=answer.key_of(request),
        )  # fmt: skip
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal)
        again = tickets.ticket_for(request.actor, public_id)
        return _ticket_page(request, again, Live.now(), refusal=refusal, form=form, status=refusal.status)
    return answer.see_other(f"{reverse('mobile:ticket', kwargs={'public_id': public_id})}?rated=1")


@customer_only
@require_POST
def answer_hold(request: Request, public_id: str) -> HttpResponse:
    """Later is fine, or please come: the customer's word about a pause for their own sake."""
    try:
        _answer_hold(request, public_id, request.actor)
    except (Conflict, Invalid) as refusal:
        view = tickets.ticket_for(request.actor, public_id)
        return _ticket_page(request, view, Live.now(), refusal=refusal, status=refusal.status)
    return answer.see_other(f"{reverse('mobile:ticket', kwargs={'public_id': public_id})}?rated=1")


@require_POST
def answer_by_link(request: Request, token: str) -> HttpResponse:
    """The same from who got the link in a text message: who holds it need not sign in, and acts as nobody known."""
    public_id = status_links.read(token)
    try:
        _answer_hold(request, public_id, ANONYMOUS)
    except (Conflict, Invalid) as refusal:
        return _status_page(request, token, status=refusal.status, refusal=refusal)
    return answer.see_other(f"{reverse('mobile:status', kwargs={'token': token})}?rated=1")


def _answer_hold(request: Request, public_id: str, by: Actor) -> None:
    agree = request.POST.get("agree")
    if agree not in ANSWERS:
        raise Invalid({"agree": [str(SENTENCES["choice"])]})
    answer_to_hold(public_id=public_id, agree=ANSWERS[agree], by=by, key=answer.key_of(request))


@require_safe
def status(request: Request, token: str) -> HttpResponse:
    """The same progress for the holder of a signed link; no contact, no rating."""
    return _status_page(request, token)


def _status_page(request: Request, token: str, *, status: int = 200, **more: object) -> HttpResponse:
    view = tickets.ticket_by_link(status_links.read(token))
    again = request.headers.get("X-Requested-With") == "fetch"
    template = "mobile/_progress.html" if again else "mobile/status.html"
    flags = {"new": "new" in request.GET, "rated": "rated" in request.GET}
    context = _shown(request, view) | {"by_link": True, "token": token, "theme": "light", **flags, **more}
    response = private(render(request, template, context, status=status))
    response["Referrer-Policy"] = "same-origin"  # the address itself is the key; without any, a form has no origin
    return response


def _ticket_page(request: Request, view: TicketView, live: Live, *, status: int = 200, **more: object) -> HttpResponse:
    flags = {"new": "new" in request.GET, "rated": "rated" in request.GET}
    said = {form.slug: form.done for form in CUSTOMER}.get(request.GET.get("done", ""), "")
    steps = {"more_steps": offered(CUSTOMER, view, request.actor), "said": said}
    context = _shown(request, view) | {"live": live, "theme": "light", **flags, **steps, **more}
    return render(request, "mobile/ticket.html", context, status=status)


def _shown(request: Request, view: TicketView) -> dict[str, object]:
    """No query more, but one for a case that another branch has now or that goes on in another ticket, and one for a
    pause asked for.
    """
    gone = way_of(view.ticket) if view.ticket.close_code == "transferred" else None
    return {
        "view": view, "ticket": view.ticket, "steps": steps_of(view.ticket), "technician": _coming(view), "gone": gone,
        "pause": pause_to_agree(view.ticket),
        "rated_low": is_waiting(view.ticket), "complaints": labels.COMPLAINTS.items(),
        "goes_on": goes_on_in(request.actor, view.ticket),
    }  # fmt: skip


def _coming(view: TicketView) -> object:
    """Who comes, once it is sure: never somebody who has not confirmed yet."""
    if view.ticket.status in {"submitted", "pooled", "assigned"} or view.ticket.close_code == "transferred":
        return None
    return view.ticket.technician
