"""How every WeChat API call is read, spoiled, answered and noted (WeChat doc: §4.1, last paragraph).

Business errors are HTTP 200. The body is read whatever its Content-Type says. A handler is a plain
function that runs under the state's lock: nothing else moves while it decides.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sandbox.browser import Browser
from sandbox.changing import change_account
from sandbox.errors import ABOUT_ADDRESSES, WxError, address_error
from sandbox.inject import Rule
from sandbox.models import Account
from sandbox.pusher import Push
from sandbox.state import State
from sandbox.world import World

JSON = "application/json; encoding=utf-8"
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
SECRETS = {"secret", "appsecret", "corpsecret", "access_token", "code", "refresh_token", "ticket", "key"}
BODY_KEPT = 4_000
RID = re.compile(r"rid: ([0-9a-f-]{26})$")
EARLY_S = 6.0


@dataclass
class Upload:
    """A file of a multipart body."""

    content: bytes
    content_type: str


@dataclass
class Call:
    """One API call as it arrived, and whose it turned out to be."""

    world: World
    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: Headers = field(default_factory=Headers)
    caller: str = "127.0.0.1"
    browser: Browser = field(default_factory=Browser)
    files: dict[str, Upload] = field(default_factory=dict)
    appid: str = ""
    openid: str = ""
    rule: Rule | None = None
    early: list[Push] = field(default_factory=list)
    _account: Account | None = None

    def __post_init__(self) -> None:
        # A call that a delay holds up beyond a reset belongs to what was before, and is noted there.
        self.notes = self.world.state.calls

    @property
    def state(self) -> State:
        """The sandbox's memory."""
        return self.world.state

    @property
    def account(self) -> Account:
        """The account whose token came with the call, which is counted: 41001, 40001, 42001, a ban or a quota."""
        if self._account is None:
            value = self.query.get("access_token", "")
            if not value:
                raise WxError(41001)
            self._account = self.state.accounts[self.state.tokens.owner(value)]
            self._admit(self._account)
        return self._account

    def address(self, account: Account | None) -> str:
        """Where WeChat sees the call come from."""
        return (account.standing.seen_ip if account else "") or self.caller

    def _admit(self, account: Account) -> None:
        if account.standing.banned:
            raise WxError(account.standing.banned)
        self.state.quota.spend_minute(account.appid)
        self.state.quota.spend(self.path, account.appid)

    def json(self) -> dict[str, Any]:
        """The body as an object: 44002 if empty, 47001 if it is not JSON."""
        if not self.body.strip():
            raise WxError(44002)
        data = loosely(self.body)
        if data is None:
            raise WxError(47001)
        return data

    def injected(self, name: str) -> Any:
        """What the rule that fits this call says about `name`."""
        return self.rule.action.get(name) if self.rule else None


Handler = Callable[[Call], "dict[str, Any] | Response"]


@dataclass(frozen=True)
class Api:
    """One address of the API: who answers it, by which methods, as which type."""

    handler: Handler
    methods: tuple[str, ...] = ("POST",)
    media_type: str = JSON
    identify: Callable[[Call], None] | None = None


def route(
    path: str,
    handler: Handler,
    *methods: str,
    media_type: str = JSON,
    identify: Callable[[Call], None] | None = None,
) -> Route:
    """An API address for Starlette; a wrong method is a business error, not a 405.

    `identify` finds out whose call it is where that is not the appid or the token of a service account.
    """
    api = Api(handler, methods or ("POST",), media_type, identify)

    async def endpoint(request: Request) -> Response:
        return await answer(request, api)

    return Route(path, endpoint, methods=METHODS)


async def answer(request: Request, api: Api) -> Response:
    """One call from the first byte to the last, including what was injected."""
    call = await _read(request)
    with call.state.lock:
        (api.identify or _identify)(call)
        call.rule = call.state.rules.take(appid=call.appid, path=call.path, openid=call.openid)
    response = await _spoiled_before(call) or _process(call, api)
    if call.early:
        await call.world.pusher.first_attempts(call.early, EARLY_S)
    _note(call, response)
    return await _spoiled_after(call, response)


def json_response(data: dict[str, Any], *, media_type: str = JSON) -> Response:
    """JSON in UTF-8 without escapes, as WeChat writes it."""
    return Response(json.dumps(data, ensure_ascii=False), media_type=media_type)


def loosely(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body, or nothing."""
    try:
        data = json.loads(body)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _process(call: Call, api: Api) -> Response:
    try:
        with call.state.lock:
            if call.method not in api.methods:
                raise WxError(43002 if "POST" in api.methods else 43001)
            result = api.handler(call)
    except WxError as error:
        result = error.body(call.state.clock.seconds())
    return result if isinstance(result, Response) else json_response(result, media_type=api.media_type)


async def _read(request: Request) -> Call:
    return Call(
        world=request.app.state.world,
        method=request.method,
        path=request.url.path,
        query=dict(request.query_params),
        body=await request.body(),
        headers=request.headers,
        caller=request.client.host if request.client else "127.0.0.1",
        browser=Browser.of(request),
        files=await _files(request),
    )


async def _files(request: Request) -> dict[str, Upload]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return {}
    form = await request.form()
    uploads = {name: value for name, value in form.items() if isinstance(value, UploadFile)}
    return {
        name: Upload(await value.read(), value.content_type or "application/octet-stream")
        for name, value in uploads.items()
    }


def _identify(call: Call) -> None:
    """Find out whose call it is without judging it, for the rules and the notes."""
    data = loosely(call.body) or {}
    call.openid = str(data.get("touser") or call.query.get("openid") or "")
    call.appid = str(call.query.get("appid") or data.get("appid") or "")
    if not call.appid and call.query.get("access_token"):
        try:
            call.appid = call.state.tokens.owner(call.query["access_token"])
        except WxError:
            call.appid = ""


async def _spoiled_before(call: Call) -> Response | None:
    await asyncio.sleep(call.injected("delay_s") or 0)
    if call.injected("invalidate_token"):
        call.state.tokens.revoke(call.appid)
        call.state.wecom.revoke(call.appid)
    if call.injected("change") and call.appid:
        with call.state.lock:
            change_account(call.state, {**call.injected("change"), "appid": call.appid})
    if call.injected("drop_before"):
        return BrokenResponse()
    if call.injected("errcode") is not None:
        return json_response(_injected_error(call).body(call.state.clock.seconds()))
    if call.injected("http"):
        return HTMLResponse("<h1>Bad Gateway</h1>", status_code=call.injected("http"))
    if call.injected("html"):
        return HTMLResponse("<!doctype html><title>notice</title><p>The system is busy.</p>")
    return None


def _injected_error(call: Call) -> WxError:
    errcode, errmsg = call.injected("errcode"), call.injected("errmsg") or ""
    if errcode in ABOUT_ADDRESSES and not errmsg:
        return address_error(errcode, call.address(call.state.accounts.get(call.appid)))
    return WxError(errcode, errmsg)


async def _spoiled_after(call: Call, response: Response) -> Response:
    drop = call.injected("drop_after")
    await asyncio.sleep(call.injected("delay_after_s") or 0)
    if drop:
        await asyncio.sleep(0 if drop is True else drop)
        return BrokenResponse()
    if call.injected("truncate"):
        return Response(bytes(response.body)[: len(response.body) // 2], media_type=response.media_type)
    return response


def _note(call: Call, response: Response) -> None:
    data = loosely(bytes(response.body)) or {}
    call.notes.append(
        {
            "method": call.method,
            "path": call.path,
            "appid": call.appid,
            "openid": call.openid,
            "query": _masked(call.query),
            "body": _masked(loosely(call.body[:BODY_KEPT]) or {}),
            "caller": call.caller,
            "status": response.status_code,
            "errcode": data.get("errcode", 0),
            "error": _cloud_error(data),
            "rid": _rid(data),
            "rule_id": call.rule.rule_id if call.rule else None,
            "at": call.state.clock.now(),
        }
    )


def _cloud_error(data: dict[str, Any]) -> str:
    """The code in an answer of the cloud's shape."""
    error = (data.get("Response") or {}).get("Error") or {}
    return str(error.get("Code", ""))


def _rid(data: dict[str, Any]) -> str:
    found = RID.search(str(data.get("errmsg", "")))
    return found[1] if found else ""


def _masked(values: dict[str, Any]) -> dict[str, Any]:
    return {name: "***" if name in SECRETS else value for name, value in values.items()}


class BrokenResponse(Response):
    """The connection breaks in the middle of the answer: more bytes were promised than come."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a body, send one byte of it, and stop."""
        headers = [(b"content-type", JSON.encode()), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
