"""工单查询: every ticket of the reader by what is asked, in tabs with their numbers; searches that are kept by name."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console import search_refused as refused
from apps.console import search_words as words
from apps.console.access import desk_actor, key_of
from apps.console.rows import row_of
from apps.console.search_choices import Choices
from apps.tickets import search, services
from apps.tickets.wanted import Wanted, read, read_query, sorts_of, write_query
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid

if TYPE_CHECKING:
    from apps.tickets.models import SavedView

TIMES = ("pooled_at", "assigned_at")  # where the clock of a row began
OURS = {"after", "done", "gone", "gone_query", "gone_at"}  # parts of the address that are no filter


@never_cache
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The page; asked by its “show more” only the next rows. A filter that makes no sense is named."""
    actor, after = desk_actor(request), request.GET.get("after", "")
    choices = None if getattr(request, "htmx", False) else Choices.read()
    given = {name: str(value) for name, value in request.GET.items() if name not in OURS}
    try:
        wanted = read(given)
        known = choices.known() if choices else None
        page = search.found(actor, wanted, after=after, more=TIMES, known=known)
    except Invalid as refusal:
        right = refused.right_of(given, refusal.fields)
        return _page(request, actor, right, choices or Choices.read(), given=given, refusal=refusal)
    if choices is None:
        context = {"rows": _rows(page), "after": page.next_after, "query": write_query(wanted)}
        return render(request, "console/_found.html", context)
    return _page(request, actor, wanted, choices, page=page)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep this search under a name; with a `position`, a deleted one comes back to its place."""
    position = request.POST.get("position", "")
    told: dict[str, Any] = {"name": request.POST.get("name", ""), "query": request.POST.get("query", "")}
    if position.isdigit():
        told["position"] = int(position)
    return _then(request, lambda actor, key: services.save_view(**told, by=actor, key=key), done="saved")


@require_POST
def rename(request: HttpRequest, view_id: int) -> HttpResponse:
    """Another name."""
    name = request.POST.get("name", "")
    return _then(
        request, lambda actor, key: services.change_view(view_id=view_id, name=name, by=actor, key=key), done="renamed"
    )  # fmt: skip


@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Away with it; the next page offers to bring it back."""
    return _then(
        request, lambda actor, key: services.delete_view(view_id=view_id, by=actor, key=key), done="deleted"
    )  # fmt: skip


def _then(request: HttpRequest, work: Any, *, done: str) -> HttpResponse:
    actor = desk_actor(request)
    try:
        receipt = work(actor, key_of(request))
    except (Conflict, Invalid) as refusal:
        wanted, page = _asked(actor, request.POST.get("query", ""))
        given = {done: request.POST.get("name", "")}
        return _page(request, actor, wanted, Choices.read(), page=page, given=given, refusal=refusal)
    facts = receipt.facts
    address = reverse("console:search") + f"?{facts['query'] + '&' if done != 'deleted' and facts['query'] else ''}"
    response = HttpResponseRedirect(address + f"done={done}", status=303)
    if done == "deleted":
        request.session["view_gone"] = {name: facts[name] for name in ("name", "query", "position")}
    return response


def _asked(actor: Actor, query: str) -> tuple[Wanted, search.Page | None]:
    """What was on the screen when the form was sent."""
    try:
        wanted = read_query(query)
        return wanted, search.found(actor, wanted, more=TIMES)
    except Invalid:
        return Wanted(), None


def _page(
    request: HttpRequest, actor: Actor, wanted: Wanted, choices: Choices, *, page: search.Page | None = None,
    given: dict[str, str] | None = None, refusal: DomainError | None = None,
) -> HttpResponse:  # fmt: skip
    """Two to five queries: numbers, kept searches, a technician who has left."""
    done = request.GET.get("done", "")
    context = {
        "wanted": wanted, "query": write_query(wanted), "given": given or {}, "asked": page is not None,
        "tabs": _tabs(actor, wanted, choices) if page else [], "rows": _rows(page) if page else [],
        "after": page.next_after if page else None, "views": _views(actor, wanted, given if page is None else None),
        "choices": choices.offered(wanted), "said": words.said(done),
        "gone": request.session.pop("view_gone", None) if done == "deleted" else None,
        "refusal": refused.sentence(refusal), "wrong": getattr(refusal, "fields", {}),
    }  # fmt: skip
    return render(request, "console/search.html", context, status=refusal.status if refusal else 200)


def _rows(page: search.Page) -> list[Any]:
    return [row_of(view) for view in page.rows]


def _tabs(actor: Actor, wanted: Wanted, choices: Choices) -> list[dict[str, Any]]:
    """(tab, word, number, link); a number nobody counted to the end says so."""
    numbers = search.counts(actor, wanted, known=choices.known())
    return [
        {
            "tab": tab, "word": word, "link": write_query(wanted, tab=tab, sort=_sort_in(wanted, tab)),
            "n": f"{search.COUNTED}+" if numbers[tab] > search.COUNTED else str(numbers[tab]),
        }
        for tab, word in words.tabs()
    ]  # fmt: skip


def _sort_in(wanted: Wanted, tab: str) -> str:
    return wanted.sort if wanted.sort in sorts_of(tab) else Wanted.sort


def _views(actor: Actor, wanted: Wanted, refused_one: dict[str, str] | None) -> "list[tuple[SavedView, bool]]":
    """The searches this person keeps, and which of them is on the screen."""
    now = write_query(wanted)
    return [(view, refused.is_shown(view.query, now, refused_one)) for view in search.saved_views(actor)]
