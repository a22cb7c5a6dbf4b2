"""单据: the documents by filters, one of them with what may be done next, and each step that needs no form."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import key_of, stock_approver, stock_keeper, stock_reader
from apps.console.said import day_begins, day_ends, said, whole
from apps.console.views.stock.overview import kinds_by_hand
from apps.inventory import labels, papers_read, selectors, services
from apps.inventory.papers_read import people_of
from apps.inventory.rules.documents import KINDS, STATES
from apps.inventory.steps_read import steps_for
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError

FILTERS = ("kind", "state", "place", "from", "to")
NAMED = 20  # numbers of a line on the page; all of them are in the file
STEPS: dict[str, Callable[..., Receipt]] = {
    "submit": services.submit_document, "approve": services.approve_document, "post": services.post_document,
    "ship": services.ship_transfer, "withdraw": services.withdraw_document,
}  # fmt: skip


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The newest first. Two queries besides who it is."""
    actor = stock_reader(request)
    asked = {name: said(request.GET, name, 30) for name in FILTERS}
    page = papers_read.documents_for(actor, **_wanted(asked), after=said(request.GET, "after", 24))
    context: dict[str, Any] = {"rows": page.rows, "after": page.next_after, "asked": asked, "query": _query(asked)}
    if getattr(request, "htmx", False):
        return render(request, "console/stock/_papers.html", context)
    context |= {
        "kinds": [(code, labels.word(labels.KINDS, code)) for code in KINDS],
        "states": [(code, labels.word(labels.STATES, code)) for code in STATES],
        "places": [(one.code, one.name) for one in selectors.places_for(actor)], "by_hand": kinds_by_hand(),
    }  # fmt: skip
    return render(request, "console/stock/papers.html", context)


@never_cache
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """The paper, its lines, what may be done next."""
    return shown(request, stock_reader(request), number)


@require_POST
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """One step of the document; refused, the page says why and shows it as it stands now."""
    actor = stock_approver(request) if step == "approve" else stock_keeper(request)
    try:
        STEPS[step](number=number, version=version_of(request), by=actor, key=key_of(request))
    except DomainError as refusal:
        return shown(request, actor, number, refusal)
    return done(number, step)


def shown(request: HttpRequest, actor: Actor, number: str, refusal: DomainError | None = None) -> HttpResponse:
    """The page of a document. Five queries besides who it is, six when others followed from it."""
    paper = papers_read.document_for(actor, number)
    document = paper.document
    context = {
        "document": document, "lines": [line_row(line) for line in paper.lines], "steps": steps_for(actor, document),
        "names": people_of(document), "followers": papers_read.followers_of(document),
        "costed": KINDS[document.kind].costed and selectors.sees_costs(actor),
        "refusal": refusal.sentence if refusal else "", "wrong": sentences(refusal),
        "said": sentence_of(request.GET.get("done", "")),
        "total": sum((worth_of(line) for line in paper.lines), start=0),
        "two_steps": KINDS[document.kind].two_steps, "items": len(paper.lines),
    }  # fmt: skip
    return render(request, "console/stock/paper.html", context, status=refusal.status if refusal else 200)


def sentences(refusal: DomainError | None) -> list[str]:
    """What a refusal says at its fields, where a page has no such fields."""
    fields = getattr(refusal, "fields", {})
    return [sentence for told in fields.values() for sentence in told]


def version_of(request: HttpRequest) -> int | None:
    """The version the person saw."""
    return whole(request.POST, "version")


def done(number: str, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:stock-document', args=[number])}?done={what}", status=303)


def sentence_of(what: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {
        "written": _("The draft is kept. Look at it once more, then send it on."),
        "submit": _("It waits for approval by a colleague now."),
        "approve": _("You approved it. It may be posted now."),
        "post": _("It is in the books."), "ship": _("It is on the way. Who receives it says what arrived."),
        "withdraw": _("It is withdrawn. Nothing has moved."), "receive": _("What arrived is in the books."),
        "claim": _("What arrived is in the books. For the rest there is a claim, which somebody else decides."),
        "reverse": _("It is taken back: the opposite entry is in the books."),
    }.get(what, "")  # fmt: skip


def line_row(line: Any, named: int = NAMED) -> dict[str, Any]:
    """A line as a page shows it, with the first of its numbers."""
    numbers = sorted(unit.number for unit in line.serials.all())
    missing = sorted(unit.number for unit in line.serials.all() if unit.arrived is False)
    return {
        "line": line, "numbers": numbers[:named], "more": len(numbers) - named, "missing": missing[:named],
        "worth": worth_of(line),
    }  # fmt: skip


def worth_of(line: Any) -> int:
    """Fen of the whole line, where it names its cost."""
    return 0 if line.unit_cost is None else round(line.unit_cost * line.quantity)


def _wanted(asked: dict[str, str]) -> dict[str, Any]:
    """The filters for the selector; days are whole ones, and nonsense is no filter."""
    known = {"kind": asked["kind"] if asked["kind"] in KINDS else "", "state": asked["state"], "place": asked["place"]}
    return known | {"start": day_begins(asked["from"]), "until": day_ends(asked["to"])}


def _query(asked: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in asked.items() if value})
    return query.urlencode()
