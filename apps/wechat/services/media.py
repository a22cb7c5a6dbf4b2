"""A picture that lies at WeChat becomes one of ours: fetched by the server, judged and written anew like any upload."""

import hashlib

from apps.tickets.errors import PictureTooLarge
from apps.tickets.services import upload_photo
from apps.wechat import selectors
from apps.wechat.calls.client import client_for
from apps.wechat.chat_errors import MediaGone, NotYourMedia, TooMuch
from apps.wechat.errors import WeChatAway, WeChatError
from apps.wechat.models import TakenMedia, WxAccount
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import policy

GONE = {40007, 40004, 41006}  # invalid media_id, invalid type, none
STAGES = ("report", "finish")


def keep_media(*, media_id: str, stage: str, by: Actor, account: WxAccount | None = None) -> str:
    """Fetch and keep it; our name of the picture. Again the same is the same picture.

    Whoever names a picture first has it. Raises NotYourMedia, MediaGone, WeChatAway, PictureTooLarge, NotAPicture and
    its kin, NoAccount, NotAllowed. One call to WeChat, outside of any transaction.
    """
    if by.kind not in {"customer", "staff"} or stage not in STAGES:
        raise NotAllowed
    account = account or selectors.required_account()
    mine = _mine(account, media_id, by)
    if mine.photo:
        return mine.photo
    content = _fetched(account, media_id)
    key = f"wx-media-{mine.media_sum[:48]}"
    photo = upload_photo(content=content, stage=stage, by=by, key=key).public_id
    TakenMedia.objects.filter(pk=mine.pk).update(photo=photo)
    return photo


def _mine(account: WxAccount, media_id: str, by: Actor) -> TakenMedia:
    named = hashlib.sha256(media_id.encode()).hexdigest()
    row, _made = TakenMedia.objects.get_or_create(
        account=account, media_sum=named, defaults={"whom": by.ref, "at": clock.now()}
    )
    if row.whom != by.ref:
        raise NotYourMedia
    return row


def _fetched(account: WxAccount, media_id: str) -> bytes:
    limit = policy().photo_max_mb
    try:
        return client_for(account).media_get(media_id, most=limit * 1024 * 1024)
    except TooMuch:
        raise PictureTooLarge(mb=limit) from None
    except WeChatError as error:
        raise (MediaGone if error.errcode in GONE else WeChatAway) from None
