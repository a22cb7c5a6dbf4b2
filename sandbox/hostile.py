"""/_sandbox/hostile: fire what an attacker or a confused WeChat might send, and tell what was answered."""

import asyncio
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.forging import KINDS, Forger, Kind
from sandbox.parsing import text
from sandbox.protocol import loosely
from sandbox.pusher import REPLY_KEPT, Attempt
from sandbox.taking import Data, world_of
from sandbox.world import World


async def kinds(request: Request) -> Response:
    """Every kind, and what a good receiver does with it."""
    return JSONResponse({name: {"should": kind.should, "statuses": kind.statuses} for name, kind in KINDS.items()})


async def fire(request: Request) -> Response:
    """Fire one kind, or `all` of them one after the other."""
    world, data = world_of(request), loosely(await request.body()) or {}
    try:
        names = [name for name in KINDS if name != "raw"] if data.get("kind") == "all" else [text(data, "kind")]
        reports = [await _fired(world, name, data) for name in names]
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    if data.get("kind") == "all":
        return JSONResponse({"ok": True, "as_expected": all(it["as_expected"] for it in reports), "reports": reports})
    return JSONResponse(reports[0])


async def _fired(world: World, name: str, data: Data) -> Data:
    kind = KINDS.get(name)
    if kind is None:
        raise ValueError(f"unknown kind; known: {', '.join(KINDS)}")
    with world.state.lock:
        forger = _forger(world, data)
        if name == "out_of_order":
            _unfollowed(world, forger)
    attempts = await _delivered(world, forger, kind)
    return {
        "ok": True,
        "kind": name,
        "should": kind.should,
        "as_expected": all(attempt.status in kind.statuses for attempt in attempts),
        "msgid": str(forger.msgid),
        "answers": [asdict(attempt) | {"reply": attempt.reply[:REPLY_KEPT]} for attempt in attempts],
    }


def _forger(world: World, data: Data) -> Forger:
    state = world.state
    account, person = state.accounts.get(text(data, "appid")), state.people.get(text(data, "user_id"))
    if account is None or person is None:
        raise ValueError("no such appid or user_id")
    return Forger(
        account=account,
        openid=state.know(person, account.appid).openid,
        now=state.clock.seconds(),
        data=data,
        msgid=state.next_msgid(),
        other=state.accounts.get(str(data.get("other") or "")),
    )


def _unfollowed(world: World, forger: Forger) -> None:
    """What the two events say in their own order."""
    person = world.state.person_by_openid(forger.account.appid, forger.openid)
    if person:
        person.follows[forger.account.appid].following = False


async def _delivered(world: World, forger: Forger, kind: Kind) -> list[Attempt]:
    deliveries = kind.make(forger)
    sending: list[Any] = [world.pusher.send(forger.account, it.query, body=it.body) for it in deliveries]
    if kind.at_once:
        return list(await asyncio.gather(*sending))
    return [await one for one in sending]


routes = [
    Route("/_sandbox/hostile", kinds),
    Route("/_sandbox/hostile", fire, methods=["POST"]),
]
