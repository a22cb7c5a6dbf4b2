"""Making codes with a scene and showing them (WeChat doc: §1.9)."""

import io
from typing import Any

import segno
from starlette.responses import HTMLResponse, Response

from sandbox.errors import WxError
from sandbox.protocol import Call
from sandbox.qrcodes import PERMANENT, SceneCode

USUAL_S, LONGEST_S = 60, 2_592_000
LARGEST_TEMPORARY, LARGEST_PERMANENT = 2**32 - 1, 100_000
SCENE_CHARS = 64
SCALE = 12


def create(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/qrcode/create: a temporary or a permanent code for a number or a text."""
    account, data = call.account, call.json()
    name, scene = str(data.get("action_name") or ""), _scene(data)
    if name in ("QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        most = account.standing.limits.get("permanent_codes", PERMANENT)
        return _shown(call.state.qrcodes.permanent(account.appid, scene, most))
    seconds = _seconds(data)
    return _shown(call.state.qrcodes.temporary(account.appid, scene, seconds)) | {"expire_seconds": seconds}


def show(call: Call) -> Response:
    """GET /cgi-bin/showqrcode?ticket=: the picture, without any token; 404 for a ticket that is not good."""
    code = call.state.qrcodes.by_ticket(call.query.get("ticket", ""))
    if code is None:
        return HTMLResponse("<h1>404 Not Found</h1>", status_code=404)
    return Response(picture(code.url), media_type="image/png")


def picture(text: str) -> bytes:
    """The text as a QR code, PNG."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=SCALE, border=4)
    return out.getvalue()


def _shown(code: SceneCode) -> dict[str, Any]:
    return {"ticket": code.ticket, "url": code.url}


def _seconds(data: dict[str, Any]) -> int:
    seconds = data.get("expire_seconds", USUAL_S)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 1 <= seconds <= LONGEST_S:
        raise WxError(40053, "invalid action info: expire_seconds")
    return seconds


def _scene(data: dict[str, Any]) -> str:
    """The scene as text, fit for its kind of code: 40052 or 40053."""
    name, info = data.get("action_name"), data.get("action_info")
    scene = info.get("scene") if isinstance(info, dict) else None
    if name not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        raise WxError(40052)
    if not isinstance(scene, dict):
        raise WxError(40053)
    return _text(scene) if "STR" in name else _number(scene, permanent="LIMIT" in name)


def _text(scene: dict[str, Any]) -> str:
    text = scene.get("scene_str")
    if not isinstance(text, str) or not 1 <= len(text) <= SCENE_CHARS:
        raise WxError(40053, "invalid action info: scene_str")
    return text


def _number(scene: dict[str, Any], *, permanent: bool) -> str:
    number = scene.get("scene_id")
    largest = LARGEST_PERMANENT if permanent else LARGEST_TEMPORARY
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= largest:
        raise WxError(40053, "invalid action info: scene_id")
    return str(number)
