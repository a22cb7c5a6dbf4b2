"""How the control API takes an object and answers one."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.protocol import loosely
from sandbox.world import World

Data = dict[str, Any]


def world_of(request: Request) -> World:
    """The sandbox that is asked."""
    world: World = request.app.state.world
    return world


def taking(work: Callable[[World, Data], Data]) -> Callable[[Request], Awaitable[Response]]:
    """A POST that takes an object and answers one; what it cannot take is a 400 with a sentence."""

    async def endpoint(request: Request) -> Response:
        data = loosely(await request.body() or b"{}")
        try:
            if data is None:
                raise ValueError("the body is not a JSON object")
            with world_of(request).state.lock:
                return JSONResponse(work(world_of(request), data))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return endpoint
