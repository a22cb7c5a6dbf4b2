"""/_sandbox/*: how tests and the demo set the scene and look behind it (WeChat doc: §4.4)."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.models import Account, Card, Person
from sandbox.parsing import text, upsert_account, upsert_person
from sandbox.protocol import loosely
from sandbox.simulator import act
from sandbox.world import World

Data = dict[str, Any]
LONGEST_WAIT_S = 60.0


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _taking(work: Callable[[World, Data], Data]) -> Callable[[Request], Awaitable[Response]]:
    """A POST that takes an object and answers one; what it cannot take is a 400 with a sentence."""

    async def endpoint(request: Request) -> Response:
        data = loosely(await request.body() or b"{}")
        try:
            if data is None:
                raise ValueError("the body is not a JSON object")
            with _world(request).state.lock:
                return JSONResponse(work(_world(request), data))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return endpoint


async def health(request: Request) -> Response:
    """Is it there, and has anybody been introduced?"""
    state = _world(request).state
    return JSONResponse({"status": "ok", "accounts": len(state.accounts), "users": len(state.people)})


def _put_account(world: World, data: Data) -> Data:
    return {"ok": True, "account": _account(upsert_account(world.state, data))}


def _put_user(world: World, data: Data) -> Data:
    return {"ok": True, "user": _person(upsert_person(world.state, data))}


def _inject(world: World, data: Data) -> Data:
    return {"ok": True, "rule": world.state.rules.add(data).shown()}


def _set_clock(world: World, data: Data) -> Data:
    offset = data.get("offset_s", 0)
    if not isinstance(offset, int | float) or isinstance(offset, bool):
        raise ValueError("offset_s is a number of seconds")
    world.state.clock.offset_s = float(offset)
    return _clock(world)


def _clock(world: World) -> Data:
    return {"offset_s": world.state.clock.offset_s, "now": world.state.clock.now()}


def _reset(world: World, data: Data) -> Data:
    world.state.reset()
    world.pusher.forget()
    return {"ok": True}


async def read_clock(request: Request) -> Response:
    """What time the sandbox believes it is."""
    return JSONResponse(_clock(_world(request)))


async def accounts(request: Request) -> Response:
    """Every account, without its secrets."""
    return JSONResponse([_account(account) for account in _world(request).state.accounts.values()])


async def users(request: Request) -> Response:
    """Every person."""
    return JSONResponse([_person(person) for person in _world(request).state.people.values()])


async def outbox(request: Request) -> Response:
    """The cards that reached their people, oldest first."""
    wanted = {name: request.query_params.get(name, "") for name in ("appid", "openid", "user_id")}
    cards = (card for card in _world(request).state.cards if card.delivered)
    return JSONResponse([_card(card) for card in cards if all(v in ("", getattr(card, n)) for n, v in wanted.items())])


async def calls(request: Request) -> Response:
    """The API calls, oldest first, secrets masked."""
    noted = list(_world(request).state.calls)
    wanted = {name: request.query_params.get(name, "") for name in ("appid", "path")}
    return JSONResponse([call for call in noted if all(v in ("", call[n]) for n, v in wanted.items())])


async def pushes(request: Request) -> Response:
    """The callbacks and their attempts; `settle_s` waits until none is on its way."""
    world, query = _world(request), request.query_params
    if query.get("settle_s"):
        await world.pusher.settle(min(float(query["settle_s"]), LONGEST_WAIT_S))
    shown = [push.shown() for push in world.pusher.pushes]
    wanted = {name: query.get(name, "") for name in ("appid", "openid", "name")}
    return JSONResponse([push for push in shown if all(v in ("", push[n]) for n, v in wanted.items())])


async def rules(request: Request) -> Response:
    """GET lists the injected failures, DELETE takes them all back."""
    state = _world(request).state
    if request.method == "DELETE":
        state.rules.all.clear()
    return JSONResponse([rule.shown() for rule in state.rules.all])


async def verify(request: Request) -> Response:
    """Ask the account's callback for its echostr, as when it is set up."""
    world, data = _world(request), loosely(await request.body()) or {}
    try:
        account = world.state.accounts.get(text(data, "appid"))
        if account is None:
            raise ValueError("no such appid")
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    return JSONResponse(await world.pusher.verify(account))


def _account(account: Account) -> Data:
    return {
        "appid": account.appid,
        "original_id": account.original_id,
        "name": account.name,
        "callback_url": account.callback_url,
        "oauth_domains": account.oauth_domains,
        "js_domains": account.js_domains,
        "templates": list(account.templates),
        "menu": account.menu,
    }


def _person(person: Person) -> Data:
    return {**asdict(person), "follows": [asdict(follow) for follow in person.follows.values()]}


def _card(card: Card) -> Data:
    # A msgid is beyond what JavaScript's numbers hold, so it is text here.
    return {**asdict(card), "msgid": str(card.msgid)}


routes = [
    Route("/_sandbox/health", health),
    Route("/_sandbox/accounts", accounts),
    Route("/_sandbox/accounts", _taking(_put_account), methods=["POST"]),
    Route("/_sandbox/users", users),
    Route("/_sandbox/users", _taking(_put_user), methods=["POST"]),
    Route("/_sandbox/outbox", outbox),
    Route("/_sandbox/calls", calls),
    Route("/_sandbox/pushes", pushes),
    Route("/_sandbox/inject", rules, methods=["GET", "DELETE"]),
    Route("/_sandbox/inject", _taking(_inject), methods=["POST"]),
    Route("/_sandbox/act", _taking(act), methods=["POST"]),
    Route("/_sandbox/verify", verify, methods=["POST"]),
    Route("/_sandbox/clock", read_clock),
    Route("/_sandbox/clock", _taking(_set_clock), methods=["POST"]),
    Route("/_sandbox/reset", _taking(_reset), methods=["POST"]),
]
