"""What a person does on the phone besides reading: scan, send, allow and refuse."""

import base64
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import templating
from sandbox.browser import remember
from sandbox.models import Account, Person, Template
from sandbox.phone_parts import account_of, counts, nobody, person_of
from sandbox.qrcodes import SceneCode
from sandbox.simulator import act
from sandbox.state import State
from sandbox.taking import world_of

BACK_TO = {"me": "/me", "scan": "/scan"}
CODES_SHOWN = 30


async def deed(request: Request) -> Response:
    """POST /phone/<user_id>/act: the forms of the phone; the same deeds as /_sandbox/act."""
    person = person_of(request)
    if person is None:
        return nobody()
    form = await _form(request)
    home = f"/phone/{person.user_id}"
    query = urlencode({"appid": form.get("appid", "")})
    try:
        act(world_of(request), form | {"user_id": person.user_id, "root": str(request.base_url).rstrip("/")})
    except ValueError as error:
        return nobody(str(error), back=f"{home}?{query}", status_code=400)
    where = BACK_TO.get(form.get("from", ""), "")
    return RedirectResponse(f"{home}{where}?{query}", status_code=303)


async def me(request: Request) -> Response:
    """GET /phone/<user_id>/me: where the person is, what they allow, which accounts they follow."""
    return _page(request, "me.html")


async def scan(request: Request) -> Response:
    """GET /phone/<user_id>/scan: paste what a code says, or pick one that the account has made."""
    return _page(request, "scan.html")


async def media(request: Request) -> Response:
    """GET /phone/media/<media_id>: a picture of a chat, which is also the PicUrl the product is told."""
    found = world_of(request).state.media.get(request.path_params["media_id"])
    if found is None:
        return nobody("没有这张图片")
    return Response(found.content, media_type=found.content_type, headers={"X-Content-Type-Options": "nosniff"})


def beside(state: State, person: Person, account: Account | None) -> dict[str, Any]:
    """What a phone's page needs to show codes and switches."""
    codes = state.qrcodes.of(account.appid)[:CODES_SHOWN] if account else []
    return {
        "codes": [_code(state, code) for code in codes],
        "cards": [_card(state, person, account, it) for it in account.templates.values()] if account else [],
        "notices": [_notice(state, person, account, it) for it in account.subscribe_templates.values()]
        if account
        else [],
        "asks": state.consents.is_on(_openid(state, person, account)) if account else True,
        "counts": counts(state, person),
    }


async def _form(request: Request) -> dict[str, Any]:
    """The fields; a picture in base64, as /_sandbox/act takes it."""
    form: dict[str, Any] = {}
    for name, value in (await request.form()).items():
        if isinstance(value, UploadFile):
            form[name] = base64.b64encode(await value.read()).decode()
        else:
            form[name] = value
    return form


def _page(request: Request, name: str) -> Response:
    person = person_of(request)
    if person is None:
        return nobody()
    state = world_of(request).state
    account = account_of(request, person)
    accounts = list(state.accounts.values())
    response = templating.page(
        name, person=person, accounts=accounts, account=account, **beside(state, person, account)
    )
    remember(response, person)
    return response


def _openid(state: State, person: Person, account: Account) -> str:
    return state.know(person, account.appid).openid


def _code(state: State, code: SceneCode) -> dict[str, Any]:
    left = None if code.expires_at is None else int(code.expires_at - state.clock.now())
    return {"scene": code.scene, "ticket": code.ticket, "left": left, "live": state.qrcodes.is_live(code)}


def _card(state: State, person: Person, account: Account, template: Template) -> dict[str, Any]:
    refused = (_openid(state, person, account), template.template_id) in state.refusals
    return {"id": template.template_id, "title": template.title, "refused": refused}


def _notice(state: State, person: Person, account: Account, template: Template) -> dict[str, Any]:
    openid = _openid(state, person, account)
    return {
        "id": template.template_id,
        "title": template.title,
        "left": state.consents.left(openid, template.template_id),
        "kept": state.consents.kept(openid, template.template_id) or "",
    }


routes = [
    Route("/phone/media/{media_id}", media),
    Route("/phone/{user_id}/me", me),
    Route("/phone/{user_id}/scan", scan),
    Route("/phone/{user_id}/act", deed, methods=["POST"]),
]
