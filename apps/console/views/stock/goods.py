"""物料: the items of the branch, one of them, its picture."""

from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console.access import key_of, stock_keeper, stock_reader
from apps.console.said import said, whole
from apps.console.stock_draft import decimal, plain
from apps.inventory import labels, selectors, services, shelves_read
from apps.inventory.errors import BadItem, ItemNotFound
from apps.inventory.permissions import ITEM_KEEPERS
from apps.inventory.rules.items import CODE
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError, Invalid
from tenants.context import policy

FIELDS = (
    "code", "name", "category", "kind", "unit", "usual_cost", "warranty_months", "min_level", "barcode", "enabled",
    "version",
)  # fmt: skip
NEW = {"kind": "quantity", "enabled": "on", "unit": "个"}
WEEK = 7 * 24 * 3600


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The items by code, with search, category and those switched off. Two queries besides who it is."""
    actor, asked = stock_reader(request), _asked(request)
    on = {"off": False, "all": None}.get(asked["show"], True)
    page = selectors.items_for(
        actor, query=asked["q"], category=asked["category"], enabled=on, after=said(request.GET, "after", 30)
    )  # fmt: skip
    context: dict[str, Any] = {"rows": page.rows, "after": page.next_after, "asked": asked, "query": _query(asked)}
    if getattr(request, "htmx", False):
        return render(request, "console/stock/_items.html", context)
    context |= {"categories": shelves_read.categories(actor), "may": actor.holds(*ITEM_KEEPERS)}
    return render(request, "console/stock/items.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A new item."""
    actor = stock_keeper(request)
    return _saved(request, actor, "") if request.method == "POST" else _page(request, actor, None, dict(NEW))


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """One item: what it is, where it lies, its form for who keeps items. Four queries besides who it is."""
    if request.method == "POST":
        actor = stock_keeper(request)
        selectors.item_for(actor, code)
        return _saved(request, actor, code)
    actor = stock_reader(request)
    return _page(request, actor, code, None)


@require_POST
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """Another picture of the item, or none."""
    actor = stock_keeper(request)
    file = request.FILES.get("picture")
    try:
        if request.POST.get("do") == "remove":
            services.remove_item_picture(code=code, by=actor, key=key_of(request))
        else:
            content = file.read(policy().photo_max_mb * 1024 * 1024 + 1) if file is not None else b""
            services.set_item_picture(code=code, content=content, by=actor, key=key_of(request))
    except Invalid as refusal:
        return _page(request, actor, code, None, refusal=refusal, picture_refused=True)
    return _back(code, "picture")


@require_GET
def picture_file(request: HttpRequest, code: str) -> FileResponse:
    """The picture, small; only for who may look at stock."""
    item = selectors.item_for(stock_reader(request), code)
    if not item.picture_small or not default_storage.exists(item.picture_small):
        raise ItemNotFound
    response = FileResponse(default_storage.open(item.picture_small), content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={WEEK}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _saved(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    given = {name: said(request.POST, name) for name in FIELDS}
    try:
        receipt = services.save_item(**_told(given, code), by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, code or None, given, refusal=refusal)
    return _back(receipt.public_id, "saved")


def _told(given: dict[str, str], code: str) -> dict[str, Any]:
    """As the service takes it; what cannot be read is named at its field. Raises BadItem."""
    cost, level = decimal(given["usual_cost"] or "0"), decimal(given["min_level"] or "0")
    months = whole({"months": given["warranty_months"] or "0"}, "months")
    wrong = {
        "usual_cost": cost is None or not 0 <= cost * 100 == round(cost * 100),
        "min_level": level is None, "warranty_months": months is None,
        "code": not (code or CODE.fullmatch(given["code"])),
    }  # fmt: skip
    if any(wrong.values()):
        raise BadItem({name: [_unreadable(name)] for name, bad in wrong.items() if bad})
    told = {name: given[name] for name in ("name", "category", "kind", "unit", "barcode")}
    return told | {
        "code": code or given["code"], "usual_cost": int((cost or Decimal(0)) * 100), "min_level": level,
        "warranty_months": months, "enabled": given["enabled"] == "on",
        "version": whole(given, "version"),
        **({} if code else {"new": True}),
    }  # fmt: skip


def _unreadable(name: str) -> str:
    if name == "code":
        return _("Latin letters, digits, - and _, at most 30 of them.")
    return _("Please write an amount in yuan.") if name == "usual_cost" else _("Please write a number.")


def _page(
    request: HttpRequest, actor: Actor, code: str | None, given: "dict[str, str] | QueryDict | None", *,
    refusal: DomainError | None = None, picture_refused: bool = False,
) -> HttpResponse:  # fmt: skip
    """Everything typed is still there, with the refusal's sentences at their fields."""
    item = selectors.item_for(actor, code) if code else None
    context = {
        "item": item, "given": given or _given(item), "may": actor.holds(*ITEM_KEEPERS), "kinds": labels.ITEMS.items(),
        "categories": shelves_read.categories(actor), "refusal": refusal.sentence if refusal else "",
        "wrong": getattr(refusal, "fields", {}), "said": _said(request.GET.get("done", "")),
        "held": selectors.balances_of(actor, code, limit=selectors.MOST).rows if code else [],
        "picture_refused": picture_refused,
    }  # fmt: skip
    return render(request, "console/stock/item.html", context, status=refusal.status if refusal else 200)


def _given(item: Any) -> dict[str, str]:
    told = {name: str(getattr(item, name)) for name in FIELDS}
    more = {"usual_cost": plain(Decimal(item.usual_cost) / 100), "min_level": plain(item.min_level)}
    return told | more | {"enabled": "on" if item.enabled else ""}


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: said(request.GET, name) for name in ("q", "category", "show")}


def _query(asked: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in asked.items() if value})
    return query.urlencode()


def _back(code: str, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:stock-item', args=[code])}?done={done}", status=303)


def _said(done: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {"saved": _("The item is saved."), "picture": _("The picture is changed.")}.get(done, "")
