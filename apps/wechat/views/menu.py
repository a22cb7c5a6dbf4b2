"""管理 → 微信 → menu: three buttons with up to five entries each, a phone's preview, publish, compare."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.wechat import account_reads, guide_words, services
from apps.wechat.errors import BadAccount
from apps.wechat.rules.menus import MOST, MOST_BELOW
from apps.wechat.views import guide_page
from apps.wechat.views.keeper import back, keeper, key_of, said
from steppe.kernel.actors import Actor

PAGE = "wechat:menu"
Button = dict[str, Any]


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The buttons; POST keeps them, and with `publish` puts them below every chat at once."""
    actor = keeper(request)
    if request.method == "GET":
        return _page(request, actor, services.buttons_of(account_reads.kept_account(by=actor)))
    buttons = read(request.POST)
    if request.POST.get("action") == "preview":
        return _page(request, actor, buttons)
    try:
        services.keep_menu(buttons=buttons, by=actor, key=key_of(request))
    except BadAccount as refusal:
        return _page(request, actor, buttons, errors=refusal.fields, refusal=refusal.sentence, status=refusal.status)
    if request.POST.get("action") == "publish":
        services.publish_now(by=actor)
        return back(PAGE)
    return back(PAGE, "menu")


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The phone as it would look; nothing is kept."""
    keeper(request)
    return render(request, "wechat/_menu_phone.html", {"buttons": read(request.POST)})


@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Ask WeChat what stands there now."""
    services.run_check("menu", by=keeper(request))
    return back(PAGE)


def read(posted: QueryDict) -> list[Button]:
    """The buttons as typed; a row without name and target is none."""
    found = []
    for at in range(MOST):
        below = [one for place in range(MOST_BELOW) if (one := _button(posted, f"{at}.{place}"))]
        top = _button(posted, f"{at}", with_target=not below)
        if top or below:
            found.append((top or {"name": ""}) | ({"buttons": below} if below else {}))
    return found


def _button(posted: QueryDict, place: str, *, with_target: bool = True) -> Button:
    name, page_, address = (
        posted.get(f"{place}.{part}", "").strip()[:limit]
        for part, limit in (("name", 60), ("page", 60), ("address", 1200))
    )
    if not (name or page_ or address):
        return {}
    target = {"page": page_} if page_ else {"address": address}
    return {"name": name} | (target if with_target else {})


def _page(
    request: HttpRequest,
    actor: Actor,
    buttons: list[Button],
    *,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """One query besides who it is."""
    account = account_reads.kept_account(by=actor)
    last = ((account.checks.get("menu") or {}).get("facts") or {}) if account else {}
    context = {
        "account": account,
        "buttons": buttons,
        "columns": [_column(at, buttons, errors or {}) for at in range(MOST)],
        "pages": [("", "—"), *((page_, str(word)) for page_, word in guide_words.PAGES.items())],
        "wrong": (errors or {}).get("menu", []),
        "step": guide_page.steps(account)["menu"],
        "theirs": None if last.get("same", True) else last.get("theirs"),
        "done": said(request),
    }
    return render(request, "wechat/menu.html", context | more, status=status)


def _column(at: int, buttons: list[Button], errors: dict[str, list[str]]) -> dict[str, Any]:
    """A button and its five rows, as the form has them; what is wrong stands at its row."""
    top = buttons[at] if at < len(buttons) else {}
    below = list(top.get("buttons") or [])
    rows = [_cell(f"{at}.{place}", below[place] if place < len(below) else {}, errors) for place in range(MOST_BELOW)]
    return {"number": at + 1, "top": _cell(str(at), top, errors), "rows": rows, "open": bool(below)}


def _cell(place: str, button: Button, errors: dict[str, list[str]]) -> dict[str, Any]:
    wrong = [one for part in ("name", "page", "address") for one in errors.get(f"{place}.{part}", [])]
    return {"place": place, "button": button, "wrong": wrong}
