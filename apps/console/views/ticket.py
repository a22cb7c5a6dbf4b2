"""One ticket: the side sheet of the live screen, the full page, and what a dispatcher's hand may do with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from apps.console.access import actor_for, desk_actor, key_of
from apps.console.forms import GridForm, PersonForm, StepForm
from apps.console.people_near import people_near, told_in
from apps.console.rows import row_of
from apps.console.ticket_page import files_of, page_of
from apps.console.words import masked_name, refusal_words
from apps.people import selectors as people
from apps.tickets import selectors, services
from apps.tickets.answers_read import told_before
from apps.tickets.errors import TicketNotFound
from apps.tickets.files_read import attachments_in
from apps.tickets.handover_read import came_of, way_of
from apps.tickets.permissions import ACTIONS
from apps.tickets.reasons import REASONS
from apps.tickets.requests_read import pending_of
from apps.tickets.selectors import TicketView
from apps.tickets.services.intake import HANDOVER
from apps.tickets.step_forms import DECISIONS, DESK, decisions, offered
from apps.tickets.timeline import steps_of
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid

# What the desk does, in the order of its buttons: action → key on the board.
DESK_ACTIONS = {"release": "f", "place": "f", "dispatch": "a", "reassign": "r", "void": "x"}
CALLS = ("callback_ok", "callback_reject")


@never_cache
@require_GET
def side(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ticket beside the list."""
    return _answer(request, desk_actor(request), public_id, "console/_side.html")


@never_cache
@require_GET
def ticket(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ticket on a page of its own, with every step and picture."""
    done = request.GET.get("done", "")
    return _answer(request, desk_actor(request), public_id, "console/ticket.html", said=said(done))


@never_cache
@require_POST
def contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the phone number; the look is kept in the audit."""
    actor = desk_actor(request)
    services.reveal_contact(public_id=public_id, by=actor, key=key_of(request))
    template = "console/_contact.html" if getattr(request, "htmx", False) else "console/ticket.html"
    return _answer(request, actor, public_id, template, revealed=True)


@require_POST
def release(request: HttpRequest, public_id: str) -> HttpResponse:
    """放行: a checked report enters the pool."""
    step = partial(services.release_ticket, version=StepForm(request.POST).parsed()["version"])
    return act(request, public_id, "release", step)


@require_POST
def place(request: HttpRequest, public_id: str) -> HttpResponse:
    """选网格入池: a report without a place gets its grid and enters that grid's pool."""
    return act(request, public_id, "place", partial(services.place_ticket, **GridForm(request.POST).parsed()))


@require_POST
def dispatch(request: HttpRequest, public_id: str) -> HttpResponse:
    """派单: give it to a technician."""
    return act(request, public_id, "dispatch", _to_person(request, services.dispatch_ticket))


@require_POST
def reassign(request: HttpRequest, public_id: str) -> HttpResponse:
    """改派: another technician takes over."""
    return act(request, public_id, "reassign", _to_person(request, services.reassign_ticket))


@require_POST
def void(request: HttpRequest, public_id: str) -> HttpResponse:
    """作废: out of the pool for good."""
    return act(request, public_id, "void", partial(services.void_ticket, **StepForm(request.POST).parsed()))


def act(request: HttpRequest, public_id: str, action: str, step: Callable[..., Receipt]) -> HttpResponse:
    """Do one step and show the ticket as it is then; a refused step shows it too, with the reason on top."""
    actor = actor_for(request, action)
    selectors.ticket_for(actor, public_id)
    try:
        step(public_id=public_id, by=actor, key=key_of(request))
    except (Conflict, Invalid) as refusal:
        return refused(request, actor, public_id, refusal)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(reverse("console:ticket", args=[public_id]) + f"?done={action}", status=303)
    response = _answer(request, actor, public_id, "console/_side.html")
    return trigger_client_event(response, "toast", {"text": said(action), "kind": "good"})


def said(action: str) -> str:
    """One word of success; empty for anything we did not do."""
    words = {form.slug: str(form.done) for form in (*DESK, *DECISIONS)}
    return (
        words
        | {
            "release": _("Now in the pool."),
            "place": _("Now in the pool of its grid."),
            "dispatch": _("Dispatched."),
            "reassign": _("Reassigned."),
            "void": _("Voided."),
            "attach": _("The files hang on the ticket."),
            "detach": _("The file was taken off."),
        }
    ).get(action, "")


def _to_person(request: HttpRequest, service: Callable[..., Receipt]) -> Callable[..., Receipt]:
    given = PersonForm(request.POST).parsed()

    def step(**rest: Any) -> Receipt:
        if given["technician_id"] is None:
            raise Invalid({"technician_id": [_("Please choose a technician.")]})
        return service(**given, **rest)

    return step


def answer(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The sheet after a step; a word of farewell where the step led the ticket out of the person's sight."""
    try:
        return _answer(request, actor, public_id, "console/_side.html")
    except TicketNotFound:
        return render(request, "console/_gone.html")


def refused(request: HttpRequest, actor: Actor, public_id: str, refusal: DomainError) -> HttpResponse:
    """The ticket as it is, with the reason on top."""
    template = "console/_side.html" if getattr(request, "htmx", False) else "console/ticket.html"
    response = _answer(request, actor, public_id, template, refusal=refusal_words(refusal))
    response.status_code = refusal.status
    response["X-Refusal"] = refusal.code
    return response


def _answer(
    request: HttpRequest, actor: Actor, public_id: str, template: str, *, refusal: str = "", said: str = "",
    revealed: bool = False,
) -> HttpResponse:  # fmt: skip
    view = selectors.ticket_for(actor, public_id)
    context = {"refusal": refusal, "said": said, "revealed": revealed and view.reveal}
    more = {} if template == "console/_contact.html" else _more(view)
    if more:
        more |= page_of(actor, view) if template == "console/ticket.html" else _sheet(actor, view)
    return render(request, template, context | _basics(actor, view) | _grids(actor, view) | more)


def _basics(actor: Actor, view: TicketView) -> dict[str, Any]:
    return {
        "row": row_of(view),
        "view": view,
        "ticket": view.ticket,
        "masked_name": masked_name(view.ticket.contact_name),
        "actions": [(action, key) for action, key in DESK_ACTIONS.items() if action in _offered(view)],
        "may_dispatch": "dispatch" in view.actions,
        "may_reassign": "reassign" in view.actions,
        "may_call": any(action in view.actions for action in CALLS),
        "more_steps": offered(DESK, view, actor),
        "gone": way_of(view.ticket) if view.ticket.close_code == "transferred" else None,
        "came": came_of(view.ticket) if view.ticket.channel == HANDOVER else None,
    }


def _offered(view: TicketView) -> set[str]:
    """Without a grid there is nobody to ask: choosing it is the way into the pool."""
    return set(view.actions) - ({"release"} if "place" in view.actions else set())


def _grids(actor: Actor, view: TicketView) -> dict[str, Any]:
    """The grids to choose from, where one is missing. At most one query."""
    if "place" not in view.actions:
        return {}
    return {"grids": people.grids_below(actor.scopes(ACTIONS["place"]))}


def _more(view: TicketView) -> dict[str, Any]:
    """What both the sheet and the page need: the waves and who could go. Two or three queries."""
    ask = {"dispatch", "reassign"} & set(view.actions)
    return {
        "waves": told_in(view.ticket),
        "near": people_near(view.ticket) if ask else [],
        "reasons": {action: list(REASONS[action].items()) for action in ("dispatch", "reassign", "void")},
    }


def _sheet(actor: Actor, view: TicketView) -> dict[str, Any]:
    """What the sheet shows besides: steps, pictures, what waits for a decision. At most three queries."""
    request, history = pending_of(view.ticket), selectors.history(view.ticket)
    return {
        "decisions": decisions(request, view, actor) if request else [],
        "steps": steps_of(history, reveal=view.reveal),
        "told_before": told_before(view.ticket, history),
        "files": files_of(attachments_in(actor, view), view.ticket),
    }
