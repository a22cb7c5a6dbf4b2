"""管理 → 二维码: printed codes of grids, buildings and technicians; the branch's administrator and grid leaders."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import selectors as people
from apps.wechat import scene_words as words
from apps.wechat import selectors
from apps.wechat.chat_errors import BadCode
from apps.wechat.errors import WeChatAway
from apps.wechat.models import Scene
from apps.wechat.permissions import CODE_KEEPERS
from apps.wechat.services import scenes
from apps.wechat.views.keeper import back, key_of
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import DomainError

PAGE = "wechat:codes"
FIELDS = ("kind", "label", "address", "point", "datum", "grid", "technician")


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list with its search; POST makes a code and asks WeChat to draw it."""
    actor = keeper(request)
    if request.method == "GET":
        return _page(request, actor)
    given = {name: request.POST.get(name, "")[:400] for name in FIELDS}
    try:
        made = scenes.make_code(**_told(given), by=actor, key=key_of(request))
    except BadCode as refusal:
        return _page(request, actor, given=given, errors=refusal.fields, status=refusal.status)
    except DomainError as refusal:
        return _page(request, actor, given=given, refusal=refusal.sentence, status=refusal.status)
    return _draw(request, actor, made.entity_id, "made")


@require_POST
def draw(request: HttpRequest, scene_id: int) -> HttpResponse:
    """Ask WeChat once more for a code it could not give before."""
    return _draw(request, keeper(request), scene_id, "drawn")


@require_POST
def withdraw(request: HttpRequest, scene_id: int) -> HttpResponse:
    """The paper may come off the wall."""
    actor = keeper(request)
    try:
        scenes.withdraw_code(scene_id=scene_id, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, refusal=refusal.sentence, status=refusal.status)
    return back(PAGE, "withdrawn")


@never_cache
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """A4, six codes on a page: to be printed by the browser."""
    actor = keeper(request)
    ids = [int(one) for one in request.GET.getlist("id") if one.isdecimal() and len(one) < 19]
    wanted = ids or [code.scene.pk for code in _codes(request, actor)]
    shown = scenes.printable(ids=wanted, by=actor)
    return render(request, "wechat/codes_sheet.html", {"cards": [_card(one) for one in shown]})


def keeper(request: HttpRequest) -> Actor:
    """Who keeps codes. Raises Unauthenticated, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, CODE_KEEPERS)
    return actor


def drawn(url: str) -> str:
    """The code as the source of an image; a quarter of it may be dirty and it is still read."""
    return str(segno.make(url, error="q", micro=False).svg_data_uri(border=2, omitsize=True))


def _draw(request: HttpRequest, actor: Actor, scene_id: int, done: str) -> HttpResponse:
    try:
        scenes.draw_code(scene_id=scene_id, by=actor)
    except WeChatAway as refusal:
        return _page(request, actor, refusal=refusal.sentence, kept=True, status=refusal.status)
    except DomainError as refusal:
        return _page(request, actor, refusal=refusal.sentence, status=refusal.status)
    return back(PAGE, done)


def _told(given: dict[str, str]) -> dict[str, Any]:
    number = given["technician"]
    more = {"technician_id": int(number) if number.isdecimal() and len(number) < 19 else None}
    return {name: given[name] for name in FIELDS if name != "technician"} | more


def _codes(request: HttpRequest, actor: Actor) -> list[scenes.Code]:
    asked = {name: request.GET.get(name, "") for name in ("state", "kind")}
    return scenes.codes(by=actor, words=request.GET.get("q", ""), **asked)


def _card(scene: Scene) -> dict[str, Any]:
    return {"scene": scene, "title": scenes.title_of(scene), "drawing": drawn(scene.url)}


def _page(request: HttpRequest, actor: Actor, *, status: int = 200, **more: Any) -> HttpResponse:
    """Five queries besides who it is."""
    found = _codes(request, actor)
    context = {
        "account": selectors.branch_account(), "kinds": words.KINDS.items(), "states": words.STATES.items(),
        "datums": words.DATUMS.items(), "grids": people.grids_below(actor.scopes(CODE_KEEPERS)),
        "crew": scenes.crew(by=actor), "given": {"kind": "building", "datum": "gcj02"}, "errors": {},
        "codes": [_row(code) for code in found], "asked": request.GET, "query": request.GET.urlencode(),
        "printable": any(code.state == "used" for code in found),
        "done": str(words.DONE.get(request.GET.get("done", ""), "")),
    }  # fmt: skip
    return render(request, "wechat/codes.html", context | more, status=status)


def _row(code: scenes.Code) -> dict[str, Any]:
    scene = code.scene
    return {
        "id": scene.pk, "title": scenes.title_of(scene), "scene": scene, "scans": code.scans, "state": code.state,
        "state_word": words.STATES[code.state], "kind": words.KINDS[scene.kind],
    }  # fmt: skip
