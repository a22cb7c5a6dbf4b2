"""The addresses of WeCom: its API below /qyapi, and its part of the control API."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.protocol import route
from sandbox.taking import Data, taking, world_of
from sandbox.wecom import api
from sandbox.wecom.parsing import shown, upsert_corp
from sandbox.world import World


async def corps(request: Request) -> Response:
    """Every company, without its secrets."""
    return JSONResponse([shown(corp) for corp in world_of(request).state.wecom.corps.values()])


def _put_corp(world: World, data: Data) -> Data:
    return {"ok": True, "corp": shown(upsert_corp(world.state.wecom, data))}


routes = [
    route("/qyapi/cgi-bin/gettoken", api.token, "GET", identify=api.identify),
    route("/qyapi/cgi-bin/message/send", api.send, identify=api.identify),
    route("/qyapi/cgi-bin/webhook/send", api.robot_send, identify=api.identify),
    route("/qyapi/{rest:path}", api.unknown, "GET", "POST", identify=api.identify),
    Route("/_sandbox/wecom", corps),
    Route("/_sandbox/wecom", taking(_put_corp), methods=["POST"]),
]
