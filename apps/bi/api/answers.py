"""OData's JSON: cells, pages and the link to the next one."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse

from apps.bi.feed import Page

TEXT = "text/plain; charset=utf-8"


def wishes(accept: str) -> tuple[bool, bool]:
    """(big numbers as texts, no control information), as the header `Accept` asks for."""
    told = accept.replace(" ", "").lower()
    return "ieee754compatible=true" in told, "odata.metadata=none" in told


def answer(body: dict[str, Any], request: HttpRequest) -> HttpResponse:
    """The body with its type; the control information left out for who wants none, but for links and numbers."""
    texts, bare = wishes(request.headers.get("Accept", ""))
    if bare:
        body = {name: value for name, value in body.items() if name != "@odata.context"}
    kind = f"application/json;odata.metadata={'none' if bare else 'minimal'}"
    kind += ";IEEE754Compatible=true" if texts else ""
    return HttpResponse(json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type=kind)


def entity(names: Sequence[str], row: Sequence[Any], *, texts: bool) -> dict[str, Any]:
    return {name: cell(value, texts=texts) for name, value in zip(names, row, strict=True)}


def cell(value: Any, *, texts: bool) -> Any:
    """As OData's JSON has it: moments in UTC, days, numbers as numbers unless they are wanted as texts."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case bool() | None | str():
            return value
        case Decimal():
            return str(value) if texts else float(value)  # two decimals and fourteen digits are exact in a double
        case int():
            return str(value) if texts else value
    raise TypeError(type(value).__name__)


def page_body(context: str, names: Sequence[str], page: Page, next_link: str, *, texts: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"@odata.context": context}
    if page.count is not None:
        body["@odata.count"] = str(page.count) if texts else page.count
    body["value"] = [entity(names, row, texts=texts) for row in page.rows]
    if next_link:
        body["@odata.nextLink"] = next_link
    return body


def next_link(address: str, given: Iterable[tuple[str, str]], page: Page) -> str:
    """The same question from where this page ended; nothing at the end."""
    if page.next is None:
        return ""
    kept = {name: value for name, value in given if name not in {"$skip", "$top", "$skiptoken"}}
    kept |= {"$top": str(page.left)} if page.left is not None else {}
    return f"{address}?{urlencode(kept | {'$skiptoken': page.next}, quote_via=quote, safe='$')}"
