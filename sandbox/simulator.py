"""What people do with their phones, and the events the product hears of it (WeChat doc: §1.2, §4.2)."""

import base64
import binascii

from sandbox import choosing, media_api
from sandbox.callbacks import event
from sandbox.hand import Data, Deed, Hand, pushed
from sandbox.models import Button, Card, Person
from sandbox.parsing import point, text
from sandbox.pictures import jpeg
from sandbox.windows import MENU_EVENTS
from sandbox.world import World


def act(world: World, data: Data) -> Data:
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


def _follow(hand: Hand, data: Data) -> Data:
    if hand.follow.following:
        return {}
    return pushed(hand.begin("", ""))


def _unfollow(hand: Hand, data: Data) -> Data:
    if not hand.follow.following:
        return {}
    hand.follow.following = False
    hand.world.state.windows.shut(hand.account.appid, hand.follow.openid)
    return pushed(hand.push(event("unsubscribe", {"EventKey": ""})))


def _scan(hand: Hand, data: Data) -> Data:
    """Scan a code of the account, told by scene, ticket or address: a follower sends SCAN, others follow by it."""
    scene, ticket = text(data, "scene"), str(data.get("ticket") or "sandbox-ticket")
    code = hand.world.state.qrcodes.seen(hand.account.appid, scene)
    if code:
        scene, ticket = code.scene, code.ticket
    if not hand.follow.following:
        push = hand.begin(scene, ticket)
    else:
        push = hand.push(event("SCAN", {"EventKey": scene, "Ticket": ticket}, answered=True))
    hand.open_window("scan")
    return pushed(push)


def _menu_click(hand: Hand, data: Data) -> Data:
    """Tap a menu item, found by its name, key or url; a page's address comes back as `url`."""
    button = find_button(hand.account.menu, text(data, "button"))
    if button["type"] == "view":
        push = hand.push(event("VIEW", {"EventKey": button["url"], "MenuId": 430000001}))
        return pushed(push) | {"url": button["url"]}
    name = "CLICK" if button["type"] == "click" else str(button["type"])
    if name in MENU_EVENTS:
        hand.open_window("menu")
    scanned = {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": str(data.get("result") or "")}}
    more = scanned if name.startswith("scancode") else {}
    return pushed(hand.push(event(name, {"EventKey": button["key"], **more}, answered=True)))


def _text(hand: Hand, data: Data) -> Data:
    content = text(data, "content")
    return hand.say("text", content, {"Content": content})


def _image(hand: Hand, data: Data) -> Data:
    """Send a picture, given in base64 as `image`; PicUrl leads to the sandbox, `root` says under which name."""
    try:
        body = base64.b64decode(text(data, "image"), validate=True)
    except binascii.Error as error:
        raise ValueError("image is a picture in base64") from error
    media = media_api.keep(
        hand.world.state, appid=hand.account.appid, kind="image", content=jpeg(body), content_type="image/jpeg"
    )
    url = f"{data.get('root') or 'http://localhost:8002'}/phone/media/{media.media_id}"
    return hand.say("image", "[图片]", {"PicUrl": url, "MediaId": media.media_id}, picture=media.media_id)


def _location(hand: Hand, data: Data) -> Data:
    """Send a position as a message: the given one, or where the person is."""
    lat, lng = point(data) if "lat" in data else (hand.person.lat, hand.person.lng)
    label = str(data.get("label") or "")
    where = {"Location_X": f"{lat:.6f}", "Location_Y": f"{lng:.6f}", "Scale": "16", "Label": label}
    return hand.say("location", f"[位置] {label or f'{lat:.5f}, {lng:.5f}'}", {**where})


def _enter(hand: Hand, data: Data) -> Data:
    """Open the chat of an account that asks for positions: the LOCATION event."""
    where = {"Latitude": hand.person.lat, "Longitude": hand.person.lng, "Precision": 30.0}
    return pushed(hand.push(event("LOCATION", where)))


def _move(hand: Hand, data: Data) -> Data:
    """Walk somewhere else; nobody is told."""
    hand.person.lat, hand.person.lng = point(data)
    return {}


def _open_card(hand: Hand, data: Data) -> Data:
    """Tap a card: its address comes back as `url`."""
    return {"url": find_card(hand.world, hand.person, text(data, "msgid")).url}


DEEDS: dict[str, Deed] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "scan": _scan,
    "menu_click": _menu_click,
    "text": _text,
    "image": _image,
    "location": _location,
    "enter": _enter,
    "move": _move,
    "open_card": _open_card,
    "consent": choosing.consent,
    "keep_choice": choosing.keep_choice,
    "notices": choosing.switch_notices,
    "refuse_template": choosing.refuse_template,
    "allow_template": choosing.allow_template,
    "location_permission": choosing.location_permission,
    "phone": choosing.change_phone,
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
