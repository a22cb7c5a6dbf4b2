"""What the pages of a binding show: of the person a masked name and four digits, of the phone a number to compare."""

from typing import Any

import segno
from django.http import HttpRequest

from apps.wechat import binding_reads as reads
from apps.wechat.models import BindCode
from apps.wechat.rules import codes
from apps.wechat.services import binding_codes
from apps.wechat.sums import keyed
from steppe.kernel.actors import Actor

KEY = "wx_bind"  # in the session: which code this browser showed, and the key that makes it again
CHECK = 3
ALIVE = ("shown", "claimed", "waiting")


def remember(request: HttpRequest, code_id: int, key: str) -> None:
    """This browser shows this code."""
    request.session[KEY] = {"code": code_id, "key": key}


def words_of(request: HttpRequest, code: BindCode | None, actor: Actor) -> dict[str, Any]:
    """The code, its picture and how it stands. No query."""
    stand = reads.stand_of(code)
    shown = _shown(request, code, actor) if code and stand in ALIVE else ""
    drawn = code.scene.url if code and code.scene and stand == "shown" and shown else ""
    return {
        "code": code, "stand": stand, "shown": codes.spoken(shown) if shown else "", "picture": _picture(drawn),
        "person": person_of(code) if code else {}, "check": check_of(code) if code and code.openid else "",
        "alive": stand in ALIVE,
    }  # fmt: skip


def person_of(code: BindCode) -> dict[str, str]:
    """Whose code it is, as a phone that may be a stranger's is told. No query."""
    return {"name": masked(code.user.name), "tail": code.user.phone[-4:], "full_name": code.user.name}


def masked(name: str) -> str:
    """王** for 王小明."""
    return f"{name[0]}**" if name else "**"


def check_of(code: BindCode) -> str:
    """Three digits that stand on both screens: the person sees that it is their own phone that asks."""
    return codes.digits_of(keyed("bind.check", code.pk, code.openid))[:CHECK]


def prefilled(request: HttpRequest, actor: Actor) -> str:
    """The code that this very browser shows on another page of ours: nobody has to type it on the same phone."""
    kept = request.session.get(KEY) or {}
    return codes.spoken(binding_codes.code_behind(kept["key"], actor)) if kept and actor.kind == "staff" else ""


def _shown(request: HttpRequest, code: BindCode, actor: Actor) -> str:
    kept = request.session.get(KEY) or {}
    return binding_codes.code_behind(kept["key"], actor) if kept.get("code") == code.pk else ""


def _picture(url: str) -> str:
    """WeChat's address as a QR code, in the page itself."""
    return str(segno.make(url, error="m", micro=False).png_data_uri(scale=6, border=2)) if url else ""
