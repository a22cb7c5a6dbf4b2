"""/_sandbox/*: how tests and the demo set the scene and look behind it (WeChat doc: §4.4)."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.changing import change_account, check_change, upsert_account
from sandbox.models import Account, Person
from sandbox.outbox import sent_things
from sandbox.parsing import text, upsert_person
from sandbox.protocol import loosely
from sandbox.simulator import act
from sandbox.taking import Data, taking, world_of
from sandbox.world import World

LONGEST_WAIT_S = 60.0


async def health(request: Request) -> Response:
    """Is it there, and has anybody been introduced?"""
    state = world_of(request).state
    return JSONResponse({"status": "ok", "accounts": len(state.accounts), "users": len(state.people)})


def _put_account(world: World, data: Data) -> Data:
    return {"ok": True, "account": _account(upsert_account(world.state, data))}


def _put_user(world: World, data: Data) -> Data:
    return {"ok": True, "user": _person(upsert_person(world.state, data))}


def _change_account(world: World, data: Data) -> Data:
    return {"ok": True, "account": _account(change_account(world.state, data))}


def _inject(world: World, data: Data) -> Data:
    action = data.get("action")
    if isinstance(action, dict) and isinstance(action.get("change"), dict):
        check_change(action["change"])
    return {"ok": True, "rule": world.state.rules.add(data).shown()}


def _set_clock(world: World, data: Data) -> Data:
    clock = world.state.clock
    for name in ("offset_s", "now"):
        if name in data and (not isinstance(data[name], int | float) or isinstance(data[name], bool)):
            raise ValueError(f"{name} is a number of seconds")
    if "frozen" in data:
        clock.freeze(bool(data["frozen"]))
    clock.offset_s = float(data.get("offset_s", clock.offset_s if {"frozen", "now"} & set(data) else 0))
    if "now" in data:
        clock.set(float(data["now"]))
    return _clock(world)


def _clock(world: World) -> Data:
    clock = world.state.clock
    return {"offset_s": clock.offset_s, "now": clock.now(), "frozen": clock.frozen}


def _reset(world: World, data: Data) -> Data:
    world.state.reset(seed=int(data.get("seed") or 1))
    world.pusher.forget()
    return {"ok": True}


async def read_clock(request: Request) -> Response:
    """What time the sandbox believes it is."""
    return JSONResponse(_clock(world_of(request)))


async def accounts(request: Request) -> Response:
    """Every account, without its secrets."""
    return JSONResponse([_account(account) for account in world_of(request).state.accounts.values()])


async def users(request: Request) -> Response:
    """Every person."""
    return JSONResponse([_person(person) for person in world_of(request).state.people.values()])


async def outbox(request: Request) -> Response:
    """What reached its people, oldest first."""
    try:
        return JSONResponse(sent_things(world_of(request).state, request.query_params))
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)


async def calls(request: Request) -> Response:
    """The API calls, oldest first, secrets masked."""
    noted = list(world_of(request).state.calls)
    wanted = {name: request.query_params.get(name, "") for name in ("appid", "path")}
    return JSONResponse([call for call in noted if all(v in ("", call[n]) for n, v in wanted.items())])


async def pushes(request: Request) -> Response:
    """The callbacks and their attempts; `settle_s` waits until none is on its way."""
    world, query = world_of(request), request.query_params
    if query.get("settle_s"):
        await world.pusher.settle(min(float(query["settle_s"]), LONGEST_WAIT_S))
    shown = [push.shown() for push in world.pusher.pushes]
    wanted = {name: query.get(name, "") for name in ("appid", "openid", "name")}
    return JSONResponse([push for push in shown if all(v in ("", push[n]) for n, v in wanted.items())])


async def rules(request: Request) -> Response:
    """GET lists the injected failures, DELETE takes them all back."""
    state = world_of(request).state
    if request.method == "DELETE":
        state.rules.all.clear()
    return JSONResponse([rule.shown() for rule in state.rules.all])


async def verify(request: Request) -> Response:
    """Ask the account's callback for its echostr, as when it is set up."""
    world, data = world_of(request), loosely(await request.body()) or {}
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
        "subscribe_templates": list(account.subscribe_templates),
        "menu": account.menu,
        "standing": asdict(account.standing),
    }


def _person(person: Person) -> Data:
    return {**asdict(person), "follows": [asdict(follow) for follow in person.follows.values()]}


routes = [
    Route("/_sandbox/health", health),
    Route("/_sandbox/accounts", accounts),
    Route("/_sandbox/accounts", taking(_put_account), methods=["POST"]),
    Route("/_sandbox/accounts/change", taking(_change_account), methods=["POST"]),
    Route("/_sandbox/users", users),
    Route("/_sandbox/users", taking(_put_user), methods=["POST"]),
    Route("/_sandbox/outbox", outbox),
    Route("/_sandbox/calls", calls),
    Route("/_sandbox/pushes", pushes),
    Route("/_sandbox/inject", rules, methods=["GET", "DELETE"]),
    Route("/_sandbox/inject", taking(_inject), methods=["POST"]),
    Route("/_sandbox/act", taking(act), methods=["POST"]),
    Route("/_sandbox/verify", verify, methods=["POST"]),
    Route("/_sandbox/clock", read_clock),
    Route("/_sandbox/clock", taking(_set_clock), methods=["POST"]),
    Route("/_sandbox/reset", taking(_reset), methods=["POST"]),
]
