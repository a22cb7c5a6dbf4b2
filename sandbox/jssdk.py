"""The server half of the fake JS-SDK: signatures, positions, pictures (WeChat doc: §1.9, §4.1).

Requests come from product pages, so from another origin. Who holds the phone is read from the cookie (see
browser.py); without one it is the last person who used the account from such a browser.
"""

import secrets
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import media_api, notices, templating
from sandbox.browser import Browser
from sandbox.crypto import jssdk_signature, same
from sandbox.errors import WxError
from sandbox.geo import to_gcj02
from sandbox.hosts import is_local_origin, is_registered
from sandbox.models import Account, Person
from sandbox.notices import SdkError
from sandbox.pictures import jpeg
from sandbox.protocol import loosely
from sandbox.state import State

Answer = dict[str, Any]


TAGS_GO_HERE = "  /* open tags */\n"


async def script(request: Request) -> Response:
    """GET /open/js/jweixin-1.6.0.js: one script, kept in two files."""
    whole = (templating.STATIC / "jweixin-1.6.0.js").read_text("utf-8")
    tags = (templating.STATIC / "open-subscribe.js").read_text("utf-8")
    return Response(whole.replace(TAGS_GO_HERE, tags, 1), media_type="text/javascript")


async def verify(request: Request) -> Response:
    """wx.config: is the page's signature right, and whose phone is it?"""
    data = loosely(await request.body()) or {}
    return _answered(request, "config", lambda state: _verified(request, state, data))


async def location(request: Request) -> Response:
    """wx.getLocation: where the person is, in the coordinates asked for."""
    return _answered(request, "getLocation", lambda state: _located(request, state))


async def upload(request: Request) -> Response:
    """wx.uploadImage: the picture as JPEG, kept as media of the account."""
    body = await request.body()
    return _answered(request, "uploadImage", lambda state: _kept(request, state, body))


async def question(request: Request) -> Response:
    """<wx-open-subscribe>: what is asked, and what the person has chosen once and for all."""
    return _answered(request, "subscribe", lambda state: notices.question(request, *_granted(request, state), state))


async def answers(request: Request) -> Response:
    """<wx-open-subscribe>: what the person answered."""
    data, world = loosely(await request.body()) or {}, request.app.state.world
    return _answered(request, "subscribe", lambda state: notices.answered(world, *_granted(request, state), data))


async def preflight(request: Request) -> Response:
    """OPTIONS for all of these."""
    return Response(status_code=204, headers=_cors(request))


def _answered(request: Request, api: str, work: Callable[[State], Answer]) -> Response:
    state: State = request.app.state.world.state
    try:
        with state.lock:
            answer = {"ok": True, "errMsg": f"{api}:ok", **work(state)}
    except (SdkError, WxError) as error:
        answer = {"ok": False, "errMsg": f"{api}:{error}", **getattr(error, "more", {})}
    call = {"method": request.method, "path": request.url.path, "errMsg": answer["errMsg"]}
    state.calls.append({**call, "appid": answer.pop("appid", ""), "openid": "", "at": state.clock.now()})
    return JSONResponse(answer, headers=_cors(request))


def _cors(request: Request) -> dict[str, str]:
    origin = request.headers.get("origin", "")
    if not is_local_origin(origin):
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Headers": "content-type",
        "Vary": "Origin",
    }


def _verified(request: Request, state: State, data: dict[str, Any]) -> Answer:
    account = state.accounts.get(str(data.get("appId") or ""))
    if account is None:
        raise SdkError("invalid appid")
    url = str(data.get("url") or "")
    if not is_registered(url, account.js_domains):
        raise SdkError("invalid url domain")
    person = _holder(request, state, account)
    # An iPhone checks the address under which the page was entered, also after history.pushState.
    signed = str(data.get("firstUrl") or url) if person and person.ios else url
    _check_signature(state, account, data, signed)
    if person is None:
        raise SdkError("nobody is holding the phone")
    grant = secrets.token_urlsafe(24)
    state.grants[grant] = (account.appid, person.user_id)
    return {"grant": grant, "phone": f"/phone/{person.user_id}", "appid": account.appid}


def _check_signature(state: State, account: Account, data: dict[str, Any], url: str) -> None:
    noncestr, timestamp = str(data.get("nonceStr")), str(data.get("timestamp"))
    for ticket in state.tokens.tickets(account.appid):
        expected = jssdk_signature(noncestr=noncestr, ticket=ticket, timestamp=timestamp, url=url)
        if same(expected, str(data.get("signature"))):
            return
    raise SdkError("invalid signature")


def _holder(request: Request, state: State, account: Account) -> Person | None:
    browser = Browser.of(request)
    last = state.holders.get((account.appid, browser.agent)) or state.holders.get((account.appid, ""))
    return browser.holder(state) or state.people.get(last or "")


def _granted(request: Request, state: State) -> tuple[str, Person]:
    """The page's account and person, as settled by wx.config."""
    appid, user_id = state.grants.get(request.query_params.get("grant", ""), ("", ""))
    person = state.people.get(user_id)
    if person is None:
        raise SdkError("permission denied")
    return appid, person


def _located(request: Request, state: State) -> Answer:
    _, person = _granted(request, state)
    if not person.location_allowed:
        raise SdkError("fail auth deny")
    lat, lng = person.lat, person.lng
    if request.query_params.get("type") == "gcj02":
        lat, lng = to_gcj02(lat, lng)
    return {"latitude": round(lat, 6), "longitude": round(lng, 6), "speed": 0, "accuracy": 30}


def _kept(request: Request, state: State, body: bytes) -> Answer:
    appid, _ = _granted(request, state)
    try:
        content = jpeg(body)
    except ValueError as error:
        raise SdkError(f"fail {error}") from error
    media = media_api.keep(state, appid=appid, kind="image", content=content, content_type="image/jpeg")
    return {"serverId": media.media_id}
