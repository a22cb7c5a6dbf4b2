"""The simulated phones: who there is, each one's chats, and the way into the product's pages."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import phone_settings, templating
from sandbox.browser import BESIDE, Browser, remember
from sandbox.hosts import is_local_origin
from sandbox.models import Account, Entry, Person
from sandbox.outbox import find_letter, letters_of
from sandbox.phone_parts import INBOXES, account_of, newest, nobody, person_of
from sandbox.simulator import act, find_card
from sandbox.taking import world_of
from sandbox.world import World

GROUPS = {"customer": "客户", "technician": "维修人员"}
NO_GROUP = "其他人"


async def people(request: Request) -> Response:
    """GET /phone: whose phone is it? `q`: only who has this in the name, id, number or account."""
    world, asked = world_of(request), request.query_params.get("q", "").strip()[:60]
    holder = Browser.of(request).holder(world.state)
    return templating.page(
        "people.html", groups=_grouped(world, asked), holder=holder, asked=asked, anybody=bool(world.state.people)
    )


async def chat(request: Request) -> Response:
    """GET /phone/<user_id>: the chats of one person; from now on this browser is that phone."""
    person = person_of(request)
    if person is None:
        return nobody()
    world, account = world_of(request), account_of(request, person)
    known = [world.state.accounts[appid] for appid in person.follows if appid in world.state.accounts]
    response = templating.page(
        "chat.html",
        person=person,
        account=account,
        known=known,
        follow=person.follows.get(account.appid) if account else None,
        entries=_entries(world, person, account),
        previous=None,
        last_seq=newest(world.state, person, account.appid) if account else 0,
        **phone_settings.beside(world.state, person, account),
    )
    remember(response, person)
    return response


async def feed(request: Request) -> Response:
    """GET /phone/<user_id>/feed: what is new in a chat since bubble number `since`."""
    person = person_of(request)
    account = account_of(request, person) if person else None
    if person is None or account is None:
        return JSONResponse({"last": 0, "html": ""}, status_code=404)
    world, since = world_of(request), int(request.query_params.get("since") or 0)
    entries = _entries(world, person, account)
    new = [entry for entry in entries if entry.seq > since]
    previous = next((entry for entry in reversed(entries) if entry.seq <= since), None)
    html = templating.render("entries.html", entries=new, previous=previous, person=person, account=account)
    return JSONResponse({"last": new[-1].seq if new else since, "html": html if new else ""})


async def go(request: Request) -> Response:
    """GET /phone/<user_id>/go: tap a card or a menu item; a page of the product opens in this tab."""
    person = person_of(request)
    account = account_of(request, person) if person else None
    if person is None or account is None:
        return nobody()
    try:
        url = _tapped(world_of(request), person, account, request.query_params)
    except ValueError as error:
        return nobody(str(error), back=_home(person, account))
    browser = Browser.of(request)
    world_of(request).state.remember_holder(appid=account.appid, agent=browser.agent, user_id=person.user_id)
    target = browser.way_to(url, person) if url else _home(person, account)
    response = RedirectResponse(target, status_code=303)
    remember(response, person)
    return response


async def inbox(request: Request) -> Response:
    """GET /phone/<user_id>/sms and /wecom: the messages of the other two apps."""
    person = person_of(request)
    if person is None:
        return nobody()
    world, view = world_of(request), request.url.path.rpartition("/")[2]
    account = account_of(request, person)
    response = templating.page(
        "inbox.html",
        person=person,
        letters=letters_of(world.state, person.user_id, INBOXES[view]),
        view=view,
        account=account,
        **phone_settings.beside(world.state, person, account),
    )
    remember(response, person)
    return response


async def pass_by(request: Request) -> Response:
    """GET /phone/pass under the name beside the product's: leave the cookie there and go on."""
    person = world_of(request).state.people.get(request.query_params.get("user_id", ""))
    target = request.query_params.get("to", "")
    if person is None or not is_local_origin(target):
        return nobody()
    response = RedirectResponse(target, status_code=303)
    remember(response, person)
    return response


async def hold(request: Request) -> Response:
    """GET /phone/hold: the answer to "who is holding the phone?", then on to where it was asked."""
    person = world_of(request).state.people.get(request.query_params.get("user_id", ""))
    again = request.query_params.get("again", "")
    if person is None or not again.startswith("/connect/"):
        return nobody()
    response = RedirectResponse(again, status_code=303)
    remember(response, person)
    return response


async def place(request: Request) -> Response:
    """GET /phone/map: what wx.openLocation shows."""
    return templating.page("map.html", place=request.query_params)


def _entries(world: World, person: Person, account: Account | None) -> list[Entry]:
    return list(world.state.chat(person.user_id, account.appid)) if account else []


def _tapped(world: World, person: Person, account: Account, query: Any) -> str:
    if query.get("letter"):
        return find_letter(world.state, person, query["letter"]).url
    if query.get("msgid"):
        return find_card(world, person, query["msgid"]).url
    wish = {"user_id": person.user_id, "appid": account.appid, "action": "menu_click"}
    return str(act(world, {**wish, "button": query.get("button", "")}).get("url", ""))


def _home(person: Person, account: Account) -> str:
    return f"/phone/{person.user_id}?{urlencode({'appid': account.appid})}"


def _grouped(world: World, asked: str = "") -> dict[str, list[tuple[Person, list[str]]]]:
    """People by what they are; those of no group by the account they follow."""
    groups: dict[str, list[tuple[Person, list[str]]]] = {title: [] for title in GROUPS.values()}
    for person in sorted(world.state.people.values(), key=lambda person: person.user_id):
        names = list(_account_names(world, person))
        if asked.lower() not in " ".join((person.name, person.user_id, person.phone, *names)).lower():
            continue
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
    *phone_settings.routes,
    Route("/phone/{user_id}", chat),
    Route("/phone/{user_id}/feed", feed),
    Route("/phone/{user_id}/go", go),
    Route("/phone/{user_id}/sms", inbox),
    Route("/phone/{user_id}/wecom", inbox),
]
