"""Files on their way: pictures from the JS-SDK and from the API, kept for three days (WeChat doc: §1.9)."""

import secrets
from typing import Any

from starlette.responses import Response

from sandbox.errors import WxError
from sandbox.models import Media
from sandbox.protocol import Call
from sandbox.state import State

KINDS = {"image", "voice", "video", "thumb"}
LARGEST = 10 * 1024 * 1024


def upload(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/media/upload?type=image: one file under the name `media`."""
    account, kind = call.account, call.query.get("type", "")
    if kind not in KINDS:
        raise WxError(40004)
    file = call.files.get("media")
    if file is None or not file.content:
        raise WxError(41005)
    media = keep(call.state, appid=account.appid, kind=kind, content=file.content, content_type=file.content_type)
    return {"type": kind, "media_id": media.media_id, "created_at": media.created_at}


def get(call: Call) -> Response:
    """GET /cgi-bin/media/get: the bytes; an error is JSON with HTTP 200."""
    account, media_id = call.account, call.query.get("media_id", "")
    if not media_id:
        raise WxError(41006)
    media = call.state.live_media(account.appid, media_id)
    suffix = media.content_type.rpartition("/")[2]
    headers = {"Content-disposition": f'attachment; filename="{media.media_id}.{suffix}"'}
    return Response(media.content, media_type=media.content_type, headers=headers)


def keep(state: State, *, appid: str, kind: str, content: bytes, content_type: str) -> Media:
    """Store a file and give it an id of this account."""
    if len(content) > LARGEST:
        raise WxError(40009)
    media = Media(
        media_id=secrets.token_urlsafe(48),
        appid=appid,
        kind=kind,
        content_type=content_type,
        content=content,
        created_at=state.clock.seconds(),
    )
    state.media[media.media_id] = media
    return media
