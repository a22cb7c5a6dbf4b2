"""The addresses of the SMS gateway: its API at /sms, and its part of the control API."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.parsing import items, text
from sandbox.protocol import route
from sandbox.sms import api
from sandbox.sms.memory import USUAL_DAILY, SmsApp
from sandbox.taking import Data, taking, world_of
from sandbox.world import World


async def apps(request: Request) -> Response:
    """Every app, without its key."""
    return JSONResponse([_shown(app) for app in world_of(request).state.sms.apps.values()])


def _put_app(world: World, data: Data) -> Data:
    known = world.state.sms.apps.get(text(data, "sdk_app_id"))
    app = SmsApp(
        sdk_app_id=text(data, "sdk_app_id"),
        secret_id=text(data, "secret_id"),
        secret_key=text(data, "secret_key"),
        signs=tuple(map(str, items(data, "signs"))),
        templates=dict(map(_template, items(data, "templates"))),
        daily_limit=int(data.get("daily_limit") or USUAL_DAILY),
        reports=known.reports if known else [],
    )
    world.state.sms.apps[app.sdk_app_id] = app
    return {"ok": True, "app": _shown(app)}


def _template(data: Any) -> tuple[str, str]:
    if not isinstance(data, dict):
        raise ValueError("templates: each is an object with template_id and content")
    return text(data, "template_id"), text(data, "content")


def _shown(app: SmsApp) -> Data:
    return {
        "sdk_app_id": app.sdk_app_id,
        "signs": list(app.signs),
        "templates": app.templates,
        "daily_limit": app.daily_limit,
        "reports": len(app.reports),
    }


routes = [
    route("/sms", api.answer, identify=api.identify),
    route("/sms/", api.answer, identify=api.identify),
    Route("/_sandbox/sms", apps),
    Route("/_sandbox/sms", taking(_put_app), methods=["POST"]),
]
