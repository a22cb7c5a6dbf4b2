"""The callback agent's desk: the oldest finished work first, one call at a time."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from apps.console.access import actor_for, key_of
from apps.console.filters import Shown
from apps.console.forms import AttemptForm, CallbackForm
from apps.console.rows import row_of, rows_of
from apps.console.ticket_page import files_of
from apps.console.words import masked_name, refusal_words
from apps.tickets import desk, labels, selectors, services
from apps.tickets.answers_read import told_before
from apps.tickets.files_read import attachments_in
from apps.tickets.rated_read import Rating, rating_in
from apps.tickets.reasons import REASONS
from apps.tickets.rules.sampling import PHONE, SELF
from apps.tickets.timeline import steps_of
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid
from steppe.kernel.journal import stream
from tenants.context import current_branch

TAB = "awaiting_callback"
QUEUES = ((PHONE, pgettext_lazy("callback", "We call")), (SELF, pgettext_lazy("callback", "Customers rate")))


@never_cache
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a call by the branch's sampling; beside it what customers rate by themselves."""
    actor = actor_for(request, "callback_ok")
    shown = Shown(tab=TAB, calls=_whose(request, actor))
    head = stream.head()
    page = desk.desk_page(actor, shown.wanted)
    context = {
        "head": head, "shown": shown, "rows": rows_of(page.rows, shown.wanted), "after": page.next_after,
        "chosen": request.GET.get("t", "")[:20], "done": request.GET.get("done") == "1", "queues": QUEUES,
    }  # fmt: skip
    return render(request, "console/callback.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, public_id: str) -> HttpResponse:
    """One call: what was done, and on POST what the customer said."""
    actor = actor_for(request, "callback_ok")
    if request.method == "GET":
        return _sheet(request, actor, public_id)
    given = CallbackForm(request.POST).parsed()
    try:
        _record(public_id, given, actor, key_of(request))
    except (Conflict, Invalid) as refusal:
        return _sheet(request, actor, public_id, refusal, given)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(reverse("console:callback") + "?done=1", status=303)
    response = trigger_client_event(render(request, "console/_call_done.html"), "desk:next", {"id": public_id})
    return trigger_client_event(response, "toast", {"text": _("Recorded."), "kind": "good"})


@never_cache
@require_POST
def attempt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Nobody was reached. After the branch's last try the ticket closes as not reached."""
    actor = actor_for(request, "callback_ok")
    given = AttemptForm(request.POST).parsed()
    try:
        told = services.log_attempt(public_id=public_id, by=actor, key=key_of(request), **given).facts
    except (Conflict, Invalid) as refusal:
        return _sheet(request, actor, public_id, refusal)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(reverse("console:callback") + "?done=1", status=303)
    response = trigger_client_event(render(request, "console/_call_done.html"), "desk:next", {"id": public_id})
    return trigger_client_event(response, "toast", {"text": _noted(told), "kind": "good"})


def _noted(told: dict[str, Any]) -> str:
    """The last try closes the ticket: then nothing comes again."""
    if "reached" in told:
        return _("Noted. It was the last try: the ticket is closed as not reached.")
    return _("Noted. It comes again later.")


def _whose(request: HttpRequest, actor: Actor) -> str:
    """Which of the two lists; that of the named ticket if one is named. One query for a named one."""
    named = selectors.rows_by_id(actor, [request.GET["t"][:20]]) if request.GET.get("t") else []
    if named:
        return named[0].ticket.callback_mode or PHONE
    return SELF if request.GET.get("calls") == SELF else PHONE


def _record(public_id: str, given: dict[str, Any], actor: Actor, key: str) -> Receipt:
    """Fixed closes the ticket, not fixed sends it back; the score decides nothing but the score."""
    common = {"public_id": public_id, "score": given["score"], "version": given["version"], "by": actor, "key": key}
    common |= {name: given[name] for name in ("overcharged", "on_time", "complaint")}
    if given["fixed"] == "yes":
        return services.callback_ok(note=given["words"] or "", **common)
    if given["fixed"] == "no":
        return services.callback_reject(reason=given["reason"], note=given["words"] or "", **common)
    raise Invalid({"fixed": [_("Please say whether it is fixed.")]})


def _sheet(
    request: HttpRequest, actor: Actor, public_id: str, refusal: DomainError | None = None,
    given: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    view = selectors.ticket_for(actor, public_id)
    history = selectors.history(view.ticket)
    rating = rating_in(view.ticket, history)
    said = given or _as_rated(rating)
    tried = any(step.action == "callback_attempt" for step in history)
    context = {
        "row": row_of(view), "view": view, "ticket": view.ticket, "steps": steps_of(history, reveal=view.reveal),
        "files": files_of(attachments_in(actor, view), view.ticket), "told_before": told_before(view.ticket, history),
        "masked_name": masked_name(view.ticket.contact_name), "reasons": list(REASONS["callback_reject"].items()),
        "refusal": refusal_words(refusal) if refusal else "", "wrong": getattr(refusal, "fields", {}),
        "given": said, "scores": range(5, 0, -1), "rating": rating,
        "may_call": "callback_ok" in view.actions,
        "script": view.ticket.type_version.definition.script.replace("{branch}", current_branch().name),
        "tries": selectors.attempts(view.ticket) if tried and view.ticket.finished_at else [],
        "outcomes": labels.ATTEMPTS.items(), "complaints": labels.COMPLAINTS.items(), "questions": _questions(said),
    }  # fmt: skip
    fragment = getattr(request, "htmx", False)
    template = "console/_call.html" if fragment else "console/call.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _as_rated(rating: Rating | None) -> dict[str, Any]:
    """The form as the customer has filled it in themselves; the call may correct it."""
    names = ("score", "complaint", "overcharged", "on_time")
    return {name: getattr(rating, name) for name in names} if rating else {}


def _questions(said: dict[str, Any]) -> list[tuple[str, str, bool | None]]:
    """The two that come after “fixed?”, with what was answered before a refusal."""
    charged = _("Was anything charged that should not have been?")
    asked = (("overcharged", charged), ("on_time", _("Did we come on time?")))
    return [(name, question, said.get(name)) for name, question in asked]
