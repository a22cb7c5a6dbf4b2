"""What people do with their phones, and the events the product hears of it (WeChat doc: §1.2, §4.2)."""

from collections.abc import Callable
from typing import Any

from sandbox.callbacks import Message, event
from sandbox.models import Account, Button, Card, Person
from sandbox.parsing import point, text
from sandbox.pusher import Push
from sandbox.world import World

Deed = Callable[["Hand", dict[str, Any]], "dict[str, Any]"]


class Hand:
    """One person with the chat of one account open."""

    def __init__(self, world: World, person: Person, account: Account) -> None:
        self.world, self.person, self.account = world, person, account
        self.follow = world.state.know(person, account.appid)

    def push(self, message: Message) -> Push:
        """Let WeChat tell the account."""
        return self.world.pusher.push(
            self.account,
            openid=self.follow.openid,
            message=message,
            created=self.world.state.clock.seconds(),
        )

    def say(self, kind: str, words: str, fields: dict[str, str | int | float]) -> dict[str, Any]:
        """Send a message to the account; it shows in the person's own chat at once."""
        state = self.world.state
        state.add_entry(person=self.person, appid=self.account.appid, kind="said", text=words)
        return _pushed(self.push(Message(kind, {**fields, "MsgId": state.next_msgid()})))

    def begin(self, key: str, ticket: str) -> Push:
        """Follow the account: the chat begins, and the account hears of it."""
        self.follow.following = True
        self.follow.since = self.world.state.clock.seconds()
        words = f"你已关注“{self.account.name}”"
        self.world.state.add_entry(person=self.person, appid=self.account.appid, kind="notice", text=words)
        return self.push(event("subscribe", {"EventKey": key, **({"Ticket": ticket} if ticket else {})}))


def act(world: World, data: dict[str, Any]) -> dict[str, Any]:
    """One deed of one person; ValueError if there is no such person, account or deed."""
    with world.state.lock:
        person = world.state.people.get(text(data, "user_id"))
        account = world.state.accounts.get(text(data, "appid"))
        deed = DEEDS.get(text(data, "action"))
        if person is None or account is None:
            raise ValueError("no such user_id or appid")
        if deed is None:
            raise ValueError(f"unknown action; known: {', '.join(DEEDS)}")
        return {"ok": True, **deed(Hand(world, person, account), data)}


def _follow(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    if hand.follow.following:
        return {}
    return _pushed(hand.begin("", ""))


def _unfollow(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    if not hand.follow.following:
        return {}
    hand.follow.following = False
    return _pushed(hand.push(event("unsubscribe", {"EventKey": ""})))


def _scan(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Scan the account's QR code: a follower sends SCAN, everybody else follows by it."""
    scene, ticket = text(data, "scene"), str(data.get("ticket") or "sandbox-ticket")
    if hand.follow.following:
        return _pushed(hand.push(event("SCAN", {"EventKey": scene, "Ticket": ticket}, answered=True)))
    return _pushed(hand.begin(f"qrscene_{scene}", ticket))


def _menu_click(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Tap a menu item, found by its name, key or url; a page's address comes back as `url`."""
    button = find_button(hand.account.menu, text(data, "button"))
    if button["type"] == "view":
        pushed = _pushed(hand.push(event("VIEW", {"EventKey": button["url"], "MenuId": 430000001})))
        return pushed | {"url": button["url"]}
    name = "CLICK" if button["type"] == "click" else str(button["type"])
    return _pushed(hand.push(event(name, {"EventKey": button["key"]}, answered=True)))


def _text(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    content = text(data, "content")
    return hand.say("text", content, {"Content": content})


def _location(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Send a position as a message: the given one, or where the person is."""
    lat, lng = point(data) if "lat" in data else (hand.person.lat, hand.person.lng)
    label = str(data.get("label") or "")
    where = {"Location_X": f"{lat:.6f}", "Location_Y": f"{lng:.6f}", "Scale": "16", "Label": label}
    return hand.say("location", f"[位置] {label or f'{lat:.5f}, {lng:.5f}'}", {**where})


def _enter(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Open the chat of an account that asks for positions: the LOCATION event."""
    where = {"Latitude": hand.person.lat, "Longitude": hand.person.lng, "Precision": 30.0}
    return _pushed(hand.push(event("LOCATION", where)))


def _move(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Walk somewhere else; nobody is told."""
    hand.person.lat, hand.person.lng = point(data)
    return {}


def _open_card(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Tap a card: its address comes back as `url`."""
    return {"url": find_card(hand.world, hand.person, text(data, "msgid")).url}


def _refuse(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Switch a template off; no event tells of it (WeChat doc: §1.2)."""
    hand.world.state.refusals.add((hand.follow.openid, text(data, "template_id")))
    return {}


def _allow(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    hand.world.state.refusals.discard((hand.follow.openid, text(data, "template_id")))
    return {}


def _location_permission(hand: Hand, data: dict[str, Any]) -> dict[str, Any]:
    """Let pages know the position, or not."""
    hand.person.location_allowed = bool(data.get("allowed"))
    return {}


DEEDS: dict[str, Deed] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "scan": _scan,
    "menu_click": _menu_click,
    "text": _text,
    "location": _location,
    "enter": _enter,
    "move": _move,
    "open_card": _open_card,
    "refuse_template": _refuse,
    "allow_template": _allow,
    "location_permission": _location_permission,
}


def find_button(menu: list[Button], wanted: str) -> Button:
    """The menu item with this name, key or url, at the top or below."""
    leaves: list[Button] = [leaf for button in menu for leaf in (button["sub_button"] or [button])]
    for leaf in leaves:
        if wanted in (leaf["name"], leaf.get("key"), leaf.get("url")):
            return leaf
    raise ValueError(f"no menu item {wanted!r}")


def find_card(world: World, person: Person, msgid: str) -> Card:
    """A card this person has received."""
    for card in world.state.cards:
        if str(card.msgid) == msgid and card.user_id == person.user_id and card.delivered:
            return card
    raise ValueError(f"no card {msgid}")


def _pushed(push: Push) -> dict[str, Any]:
    return {"push_id": push.push_id}
