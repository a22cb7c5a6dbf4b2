"""Files that come and go: items, what lies where and lines as Excel; items and receipts from a file, with progress."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.console.access import key_of, stock_keeper, stock_reader
from apps.console.brought import brought, given_book
from apps.console.said import said
from apps.console.views.stock.books import asked_of, wanted
from apps.console.views.stock.writing import ORIGINS, origins
from apps.inventory import imports_read, papers_read, selectors, services, shelves_read, tasks, workbooks
from apps.inventory.rules import sheets
from steppe.kernel.actors import Actor
from steppe.kernel.errors import BadFile, DomainError

WHATS = ("items", "receipt")
FIELDS = ("target", "origin", "item", "reason", "partial")


@never_cache
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """Every item of the filter, with the columns that an import reads. One query besides who it is."""
    actor = stock_reader(request)
    on = {"off": False, "all": None}.get(request.GET.get("show", ""), True)
    found = selectors.all_items(
        actor, query=said(request.GET, "q"), category=said(request.GET, "category", 30), enabled=on
    )  # fmt: skip
    return given_book(workbooks.items_book(actor, found), _("items"))


@never_cache
@require_GET
def balances(request: HttpRequest) -> HttpResponse:
    """What lies where, as the page shows it. One query besides who it is."""
    actor = stock_reader(request)
    held = shelves_read.all_shelves(actor, **wanted(asked_of(request)))
    return given_book(workbooks.balances_book(actor, held), _("on hand"))


@never_cache
@require_GET
def document(request: HttpRequest, number: str) -> HttpResponse:
    """A document's lines with every number."""
    actor = stock_reader(request)
    return given_book(workbooks.paper_book(actor, papers_read.document_for(actor, number)), number)


@never_cache
@require_GET
def pattern(request: HttpRequest, what: str) -> HttpResponse:
    """An empty file to fill in."""
    stock_keeper(request)
    if what not in WHATS:
        raise Http404
    return given_book(workbooks.pattern_book(what), _("items") if what == "items" else _("receipt"))


@never_cache
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, what: str) -> HttpResponse:
    """The form; POST keeps the file and leads to its progress."""
    actor = stock_keeper(request)
    if what not in WHATS:
        raise Http404
    if request.method == "GET":
        return _bring_page(request, actor, what, {})
    given = {name: said(request.POST, name, 200) for name in FIELDS}
    try:
        receipt = services.bring_file(**_brought(request, actor, what, given), by=actor, key=key_of(request))
    except DomainError as refusal:
        return _bring_page(request, actor, what, given, refusal)
    tasks.take_in.wake(receipt.public_id)
    return HttpResponseRedirect(reverse("console:stock-import", args=[receipt.public_id]), status=303)


@never_cache
@require_GET
def progress(request: HttpRequest, name: str) -> HttpResponse:
    """How far it is; asked again by the page itself while it runs. One query besides who it is."""
    found = imports_read.import_for(stock_keeper(request), name)
    context = {"brought": found, "running": found.state in imports_read.RUNNING}
    template = "console/stock/_import.html" if getattr(request, "htmx", False) else "console/stock/import.html"
    return render(request, template, context)


@never_cache
@require_GET
def marked(request: HttpRequest, name: str) -> HttpResponse:
    """The brought file, each wrong row marked."""
    return given_book(workbooks.marked_book(stock_keeper(request), name), _("marked"))


def _brought(request: HttpRequest, actor: Actor, what: str, given: dict[str, str]) -> dict[str, Any]:
    """The file and what was chosen beside it. Its size is looked at before its content. Raises BadFile."""
    content, name = brought(request, services.FILES)
    asked: dict[str, Any] = {"partial": bool(given["partial"])}
    if what == "receipt":
        named = shelves_read.items_named(actor, [given["item"]]).get(given["item"])
        asked = {name: given[name] for name in ("target", "reason")}
        asked["origin"] = given["origin"] if given["origin"] in ORIGINS else ""
        asked["item"] = named.code if named else given["item"]
        if not given["target"]:
            raise BadFile({"target": [_("Choose a place.")]})
    return {"what": what, "content": content, "name": name, "asked": asked}


def _bring_page(
    request: HttpRequest, actor: Actor, what: str, given: dict[str, str], refusal: DomainError | None = None
) -> HttpResponse:
    language = get_language() or "zh-hans"
    columns = sheets.ITEMS if what == "items" else sheets.RECEIPT
    context = {
        "what": what, "given": given, "wrong": getattr(refusal, "fields", {}), "refusal": "",
        "columns": [(one.head(language), hints().get((what, one.field), "")) for one in columns],
        "choices": shelves_read.choices_for(actor, "receipt"), "origins": origins(),
        "goods": shelves_read.goods_to_choose(actor) if what == "receipt" else [],
    }  # fmt: skip
    if refusal:
        context["refusal"] = refusal.sentence
    return render(request, "console/stock/bring.html", context, status=refusal.status if refusal else 200)


def hints() -> dict[tuple[str, str], str]:
    """What is to stand in each column."""
    return {
        ("items", "code"): _("needed; Latin letters, digits, - and _"), ("items", "name"): _("needed"),
        ("items", "category"): _("needed"), ("items", "unit"): _("needed"),
        ("items", "kind"): _("needed: by quantity, each by its number, drums by the metre, or tool"),
        ("items", "usual_cost"): _("yuan of one unit"), ("items", "warranty_months"): _("months"),
        ("items", "min_level"): _("below it, the storekeeper is warned"),
        ("items", "barcode"): _("as it is scanned; format the column as text"),
        ("items", "enabled"): _("yes or no; empty is yes"),
        ("receipt", "item"): _("an item of the branch; not needed when one is chosen above"),
        ("receipt", "serial"): _("one row for each unit; format the column as text"),
        ("receipt", "batch"): _("for cable by the drum"), ("receipt", "quantity"): _("for what has no numbers"),
        ("receipt", "unit_cost"): _("yuan of one unit; empty is the usual cost"),
    }  # fmt: skip
