"""批量导入: a file of reports is read, shown row by row, and opened as tickets once somebody said so."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console.access import actor_for, key_of
from apps.console.brought import brought, given_book
from apps.tickets import imports_read, services, tasks
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError


@never_cache
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The form; POST reads the file and leads to its rows."""
    actor = actor_for(request, "submit")
    if request.method == "GET":
        return _bring_page(request)
    try:
        content, name = brought(request, services.FILES)
        receipt = services.bring_tickets(content=content, name=name, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _bring_page(request, refusal)
    return _to(receipt.public_id)


@never_cache
@require_GET
def pattern(request: HttpRequest) -> HttpResponse:
    """An empty file to fill in, with the branch's types."""
    return given_book(imports_read.pattern_book(actor_for(request, "submit")), _("tickets to import"))


@never_cache
@require_GET
def look(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rows before anybody decides; then how far it is, asked again by the page itself; then what came of it."""
    return _look_page(request, actor_for(request, "submit"), public_id)


@never_cache
@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, open them: those with a tick also though they are told already."""
    actor = actor_for(request, "submit")
    anyway = [int(place) for place in request.POST.getlist("anyway") if place.isdecimal() and len(place) < 7]
    try:
        services.confirm_import(
            public_id=public_id, anyway=anyway, partial="partial" in request.POST, by=actor, key=key_of(request)
        )
    except DomainError as refusal:
        return _look_page(request, actor, public_id, refusal)
    tasks.take_in.wake(public_id)
    return _to(public_id)


def _to(public_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:import-look", args=[public_id]), status=303)


def _bring_page(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    fields = getattr(refusal, "fields", {})
    context = {
        "wrong": fields, "refusal": refusal.sentence if refusal and not fields else "",
        "columns": [(head, _hints()[field]) for field, head in imports_read.heads()],
    }  # fmt: skip
    return render(request, "console/import.html", context, status=refusal.status if refusal else 200)


def _look_page(
    request: HttpRequest, actor: Actor, public_id: str, refusal: DomainError | None = None
) -> HttpResponse:  # fmt: skip
    found = imports_read.import_for(actor, public_id)
    context = {
        "brought": found, "running": found.state in imports_read.RUNNING,
        "shown": imports_read.preview(actor, found), "heads": imports_read.heads(),
        "refusal": refusal.sentence if refusal else "", "ticked": request.POST.getlist("anyway"),
        "partial": "partial" in request.POST,
    }  # fmt: skip
    part = "_import_progress" if getattr(request, "htmx", False) else "import_look"
    return render(request, f"console/{part}.html", context, status=refusal.status if refusal else 200)


def _hints() -> dict[str, str]:
    """What is to stand in each column."""
    return {
        "type_code": _("needed: name or code; the second sheet of the empty file lists them"),
        "contact_name": _("who is to be called"),
        "contact_phone": _("needed; a line with its area code, the column formatted as text"),
        "address": _("needed; the grid is found by it"),
        "description": _("what is wrong"),
        "account_no": _("format the column as text"),
        "reported_at": _("2026-03-05 14:30, at most 30 days ago; empty is now"),
        "priority": _("1, 2 or 3; empty is 2"),
    }
