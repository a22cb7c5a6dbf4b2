"""The sandbox as one ASGI program: `granian --interface asgi sandbox.app:app`, one worker, all in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import (
    control,
    hostile,
    jssdk,
    media_api,
    menu_api,
    oauth,
    phone,
    qrcode_api,
    quota_api,
    service_api,
    sns_api,
    subscribe_api,
    template_api,
    templating,
    token_api,
    user_api,
)
from sandbox.hosts import is_local_origin
from sandbox.protocol import route
from sandbox.pusher import Pusher
from sandbox.sms import app as sms
from sandbox.state import State
from sandbox.wecom import app as wecom
from sandbox.world import World

TEXT = "text/plain"

api_routes = [
    route("/cgi-bin/token", token_api.token, "GET"),
    route("/cgi-bin/stable_token", token_api.stable_token),
    route("/cgi-bin/clear_quota", quota_api.clear),
    route("/cgi-bin/clear_quota/v2", quota_api.clear_v2),
    route("/cgi-bin/openapi/quota/get", quota_api.quota),
    route("/cgi-bin/openapi/rid/get", quota_api.request),
    route("/cgi-bin/get_api_domain_ip", token_api.domain_ips, "GET"),
    route("/cgi-bin/callback/check", token_api.check_callback),
    route("/cgi-bin/ticket/getticket", token_api.ticket, "GET"),
    route("/cgi-bin/getcallbackip", token_api.callback_ips, "GET"),
    route("/cgi-bin/message/template/send", template_api.send),
    route("/cgi-bin/message/subscribe/bizsend", subscribe_api.send),
    route("/cgi-bin/message/custom/send", service_api.send),
    route("/cgi-bin/template/api_add_template", template_api.add_template),
    route("/cgi-bin/template/del_private_template", template_api.delete_template),
    route("/wxaapi/newtmpl/getcategory", subscribe_api.categories, "GET"),
    route("/wxaapi/newtmpl/getpubtemplatetitles", subscribe_api.titles, "GET"),
    route("/wxaapi/newtmpl/getpubtemplatekeywords", subscribe_api.keywords, "GET"),
    route("/wxaapi/newtmpl/addtemplate", subscribe_api.add_template),
    route("/wxaapi/newtmpl/gettemplate", subscribe_api.list_templates, "GET"),
    route("/wxaapi/newtmpl/deltemplate", subscribe_api.delete_template),
    route("/cgi-bin/qrcode/create", qrcode_api.create),
    route("/cgi-bin/showqrcode", qrcode_api.show, "GET"),
    route("/cgi-bin/template/get_all_private_template", template_api.list_templates, "GET", "POST"),
    route("/cgi-bin/menu/create", menu_api.create),
    route("/cgi-bin/menu/get", menu_api.get, "GET"),
    route("/cgi-bin/menu/delete", menu_api.delete, "GET"),
    route("/cgi-bin/get_current_selfmenu_info", menu_api.current, "GET"),
    route("/cgi-bin/user/info", user_api.info, "GET"),
    route("/cgi-bin/user/info/batchget", user_api.batch),
    route("/cgi-bin/user/get", user_api.followers, "GET"),
    route("/cgi-bin/media/upload", media_api.upload),
    route("/cgi-bin/media/get", media_api.get, "GET"),
    route("/cgi-bin/{rest:path}", token_api.unknown, "GET", "POST"),
    route("/connect/oauth2/authorize", oauth.authorize, "GET"),
    route("/sns/oauth2/access_token", sns_api.access_token, "GET", "POST", media_type=TEXT),
    route("/sns/oauth2/refresh_token", sns_api.refresh_token, "GET", "POST", media_type=TEXT),
    route("/sns/userinfo", sns_api.userinfo, "GET", media_type=TEXT),
    route("/sns/auth", sns_api.check, "GET", media_type=TEXT),
    route("/sns/{rest:path}", token_api.unknown, "GET", "POST", media_type=TEXT),
]

jssdk_routes = [
    Route("/open/js/jweixin-1.6.0.js", jssdk.script),
    Route("/_sandbox/jssdk/verify", jssdk.verify, methods=["POST"]),
    Route("/_sandbox/jssdk/location", jssdk.location, methods=["GET"]),
    Route("/_sandbox/jssdk/upload", jssdk.upload, methods=["POST"]),
    Route("/_sandbox/jssdk/question", jssdk.question, methods=["GET"]),
    Route("/_sandbox/jssdk/answers", jssdk.answers, methods=["POST"]),
    Route("/_sandbox/jssdk/{rest:path}", jssdk.preflight, methods=["OPTIONS"]),
]


async def home(request: Request) -> Response:
    """The phones are what a person comes here for."""
    return RedirectResponse("/phone", status_code=303)


class LocalPagesOnly:
    """A page from the internet may not set the scene through the browser of whoever develops here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn away writes whose Origin is another machine."""
        if scope["type"] == "http" and scope["method"] in ("POST", "DELETE"):
            origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
            own = scope["path"].startswith(("/_sandbox/", "/phone/"))
            if own and origin and not is_local_origin(origin):
                await PlainTextResponse("not from there", status_code=403)(scope, receive, send)
                return
        await self.app(scope, receive, send)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await app.state.world.pusher.close()


def create_app(world: World | None = None) -> Starlette:
    """A sandbox of its own; tests hand in a world with a clock or a network of theirs."""
    app = Starlette(
        routes=[
            Route("/", home),
            *api_routes,
            *wecom.routes,
            *sms.routes,
            *jssdk_routes,
            *control.routes,
            *hostile.routes,
            *phone.routes,
            Mount("/static", StaticFiles(directory=templating.STATIC)),
        ],
        lifespan=_lifespan,
    )
    app.add_middleware(LocalPagesOnly)
    if world is None:
        state = State()
        world = World(state, Pusher(state))
    app.state.world = world
    return app


app = create_app()
