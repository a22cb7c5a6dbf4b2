"""The server half of the fake JS-SDK: signatures, positions, pictures (WeChat doc: §1.9, §4.1).

Requests come from product pages, so from another origin. Who holds the phone is read from the cookie (see
browser.py); without one it is the last person who used the account from such a browser.
"""

import io
import secrets
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from sandbox import media_api, templating
from sandbox.browser import Browser
from sandbox.crypto import jssdk_signature, same
from sandbox.errors import WxError
from sandbox.geo import to_gcj02
from sandbox.hosts import is_local_origin, is_registered
from sandbox.models import Account, Person
from sandbox.protocol import loosely
from sandbox.state import State

Answer = dict[str, Any]
JPEG_QUALITY = 85


class SdkError(Exception):
    """What the page reads behind the colon of `errMsg`."""


async def script(request: Request) -> Response:
    """GET /open/js/jweixin-1.6.0.js."""
    return FileResponse(templating.STATIC / "jweixin-1.6.0.js", media_type="text/javascript")


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


async def preflight(request: Request) -> Response:
    """OPTIONS for all of these."""
    return Response(status_code=204, headers=_cors(request))


def _answered(request: Request, api: str, work: Callable[[State], Answer]) -> Response:
    state: State = request.app.state.world.state
    try:
        with state.lock:
            answer = {"ok": True, "errMsg": f"{api}:ok", **work(state)}
    except (SdkError, WxError) as error:
        answer = {"ok": False, "errMsg": f"{api}:{error}"}
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
    _check_signature(state, account, data, url)
    person = _person(request, state, account)
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


def _person(request: Request, state: State, account: Account) -> Person:
    browser = Browser.of(request)
    last = state.holders.get((account.appid, browser.agent)) or state.holders.get((account.appid, ""))
    person = browser.holder(state) or state.people.get(last or "")
    if person is None:
        raise SdkError("nobody is holding the phone")
    return person


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
    media = media_api.keep(state, appid=appid, kind="image", content=_jpeg(body), content_type="image/jpeg")
    return {"serverId": media.media_id}


def _jpeg(body: bytes) -> bytes:
    """WeChat turns every picture into an upright JPEG before it stores it."""
    try:
        with Image.open(io.BytesIO(body)) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise SdkError("fail not a picture") from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
