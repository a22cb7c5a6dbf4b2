"""The simulated phones: who there is, each one's chats, and the way into the product's pages."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import templating
from sandbox.browser import BESIDE, Browser, remember
from sandbox.hosts import is_local_origin
from sandbox.models import Account, Entry, Person
from sandbox.simulator import act, find_card
from sandbox.state import State
from sandbox.world import World

GROUPS = {"customer": "客户", "technician": "维修人员"}
NO_GROUP = "其他人"


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def people(request: Request) -> Response:
    """GET /phone: whose phone is it?"""
    world = _world(request)
    return templating.page("people.html", groups=_grouped(world), holder=Browser.of(request).holder(world.state))


async def chat(request: Request) -> Response:
    """GET /phone/<user_id>: the chats of one person; from now on this browser is that phone."""
    person = _person(request)
    if person is None:
        return _nobody()
    world, account = _world(request), _account(request, person)
    known = [world.state.accounts[appid] for appid in person.follows if appid in world.state.accounts]
    response = templating.page(
        "chat.html",
        person=person,
        account=account,
        known=known,
        follow=person.follows.get(account.appid) if account else None,
        entries=_entries(world, person, account),
        previous=None,
        last_seq=_newest(world.state, person, account.appid) if account else 0,
    )
    remember(response, person)
    return response


async def feed(request: Request) -> Response:
    """GET /phone/<user_id>/feed: what is new in a chat since bubble number `since`."""
    person = _person(request)
    account = _account(request, person) if person else None
    if person is None or account is None:
        return JSONResponse({"last": 0, "html": ""}, status_code=404)
    world, since = _world(request), int(request.query_params.get("since") or 0)
    entries = _entries(world, person, account)
    new = [entry for entry in entries if entry.seq > since]
    previous = next((entry for entry in reversed(entries) if entry.seq <= since), None)
    html = templating.render("entries.html", entries=new, previous=previous, person=person, account=account)
    return JSONResponse({"last": new[-1].seq if new else since, "html": html if new else ""})


async def go(request: Request) -> Response:
    """GET /phone/<user_id>/go: tap a card or a menu item; a page of the product opens in this tab."""
    person = _person(request)
    account = _account(request, person) if person else None
    if person is None or account is None:
        return _nobody()
    try:
        url = _tapped(_world(request), person, account, request.query_params)
    except ValueError as error:
        return templating.page("nobody.html", reason=str(error), status_code=404)
    browser = Browser.of(request)
    _world(request).state.remember_holder(appid=account.appid, agent=browser.agent, user_id=person.user_id)
    target = browser.way_to(url, person) if url else _home(person, account)
    response = RedirectResponse(target, status_code=303)
    remember(response, person)
    return response


async def pass_by(request: Request) -> Response:
    """GET /phone/pass under the name beside the product's: leave the cookie there and go on."""
    person = _world(request).state.people.get(request.query_params.get("user_id", ""))
    target = request.query_params.get("to", "")
    if person is None or not is_local_origin(target):
        return _nobody()
    response = RedirectResponse(target, status_code=303)
    remember(response, person)
    return response


async def deed(request: Request) -> Response:
    """POST /phone/<user_id>/act: the forms of the phone; the same deeds as /_sandbox/act."""
    person = _person(request)
    if person is None:
        return _nobody()
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    try:
        act(_world(request), {**form, "user_id": person.user_id})
    except ValueError as error:
        return templating.page("nobody.html", reason=str(error), status_code=400)
    where = "/me" if form.get("from") == "me" else ""
    query = urlencode({"appid": form.get("appid", "")})
    return RedirectResponse(f"/phone/{person.user_id}{where}?{query}", status_code=303)


async def me(request: Request) -> Response:
    """GET /phone/<user_id>/me: where the person is and which accounts they follow."""
    person = _person(request)
    if person is None:
        return _nobody()
    accounts = list(_world(request).state.accounts.values())
    return templating.page("me.html", person=person, accounts=accounts, account=_account(request, person))


async def hold(request: Request) -> Response:
    """GET /phone/hold: the answer to "who is holding the phone?", then on to where it was asked."""
    person = _world(request).state.people.get(request.query_params.get("user_id", ""))
    again = request.query_params.get("again", "")
    if person is None or not again.startswith("/connect/"):
        return _nobody()
    response = RedirectResponse(again, status_code=303)
    remember(response, person)
    return response


async def place(request: Request) -> Response:
    """GET /phone/map: what wx.openLocation shows."""
    return templating.page("map.html", place=request.query_params)


def _person(request: Request) -> Person | None:
    return _world(request).state.people.get(request.path_params["user_id"])


def _account(request: Request, person: Person) -> Account | None:
    """The account in the address, or the one with the newest bubble, or the first one followed."""
    state = _world(request).state
    asked = state.accounts.get(request.query_params.get("appid", ""))
    if asked:
        return asked
    known = [follow for follow in person.follows.values() if follow.appid in state.accounts]
    best = max(known, default=None, key=lambda it: (it.following, _newest(state, person, it.appid)))
    return state.accounts[best.appid] if best else None


def _newest(state: State, person: Person, appid: str) -> int:
    """The number of the newest bubble of a chat."""
    return max((entry.seq for entry in state.chat(person.user_id, appid)), default=0)


def _entries(world: World, person: Person, account: Account | None) -> list[Entry]:
    return list(world.state.chat(person.user_id, account.appid)) if account else []


def _tapped(world: World, person: Person, account: Account, query: Any) -> str:
    if query.get("msgid"):
        return find_card(world, person, query["msgid"]).url
    wish = {"user_id": person.user_id, "appid": account.appid, "action": "menu_click"}
    return str(act(world, {**wish, "button": query.get("button", "")}).get("url", ""))


def _home(person: Person, account: Account) -> str:
    return f"/phone/{person.user_id}?{urlencode({'appid': account.appid})}"


def _nobody() -> Response:
    return templating.page("nobody.html", reason="没有这个人", status_code=404)


def _grouped(world: World) -> dict[str, list[tuple[Person, list[str]]]]:
    """People by what they are; those of no group by the account they follow."""
    groups: dict[str, list[tuple[Person, list[str]]]] = {title: [] for title in GROUPS.values()}
    for person in sorted(world.state.people.values(), key=lambda person: person.user_id):
        names = list(_account_names(world, person))
        title = GROUPS.get(person.group) or person.group or (names[0] if names else NO_GROUP)
        groups.setdefault(title, []).append((person, names))
    return {title: members for title, members in groups.items() if members}


def _account_names(world: World, person: Person) -> Iterable[str]:
    return (world.state.accounts[appid].name for appid in person.follows if appid in world.state.accounts)


routes = [
    Route("/phone", people),
    Route("/phone/hold", hold),
    Route("/phone/map", place),
    Route(BESIDE, pass_by),
    Route("/phone/{user_id}", chat),
    Route("/phone/{user_id}/feed", feed),
    Route("/phone/{user_id}/go", go),
    Route("/phone/{user_id}/me", me),
    Route("/phone/{user_id}/act", deed, methods=["POST"]),
]
