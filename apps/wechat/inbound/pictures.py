"""Pictures sent to the account: fetched by a worker at once, because WeChat keeps them for three days only."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from apps.people import selectors as people
from apps.wechat.errors import WeChatAway
from apps.wechat.inbound import answers, words
from apps.wechat.models import Draft
from apps.wechat.services import drafts
from apps.wechat.services.media import keep_media
from steppe.kernel import clock
from steppe.kernel.errors import DomainError

MOST_TRIES = 8
log = logging.getLogger("steppe.wechat.pictures")
Picture = dict[str, Any]


def anything_due() -> bool:
    """Is there a picture to fetch now? One query, small: a draft lives for a day."""
    return next(_due(), None) is not None


def fetch_due() -> int:
    """Fetch every picture that is due; how many were looked at. No transaction is open while WeChat is asked."""
    found = list(_due())
    for draft, picture in found:
        _fetch(draft, picture)
    return len(found)


def _due() -> Iterator[tuple[Draft, Picture]]:
    young = Draft.objects.filter(
        changed_at__gte=clock.now() - drafts.LIFE, media__contains=[{"photo": "", "wrong": ""}]
    )
    for draft in young.select_related("identity__account").order_by("id"):
        for picture in drafts.waiting_in(draft):
            if not picture["next"] or datetime.fromisoformat(picture["next"]) <= clock.now():
                yield draft, picture


def _fetch(draft: Draft, picture: Picture) -> None:
    """Twice at the same time is one picture: the second finds it named already."""
    customer = people.actor_for_customer(draft.identity.customer_id)
    if customer is None:
        return drafts.settle_picture(draft.pk, picture["id"], wrong="nobody")
    try:
        photo = keep_media(media_id=picture["id"], stage="report", by=customer, account=draft.identity.account)
    except WeChatAway:
        return _later(draft, picture)
    except DomainError as refusal:
        return _lost(draft, picture, refusal.code)
    return drafts.settle_picture(draft.pk, picture["id"], photo=photo)


def _later(draft: Draft, picture: Picture) -> None:
    tries = picture["tries"] + 1
    if tries >= MOST_TRIES:
        return _lost(draft, picture, WeChatAway.code)
    again = (clock.now() + timedelta(seconds=5 * 2**tries)).isoformat()
    return drafts.settle_picture(draft.pk, picture["id"], tries=tries, next=again)


def _lost(draft: Draft, picture: Picture, why: str) -> None:
    """The person is told once; the report can be sent without it."""
    log.warning("picture was not kept", extra={"draft": draft.pk, "why": why})
    drafts.settle_picture(draft.pk, picture["id"], wrong=why)
    who = draft.identity
    with override("zh-hans"):
        text = words.picture_lost(draft.public_id)
    answers.write(
        account=who.account, openid=who.openid, cause=hashlib.sha256(f"lost {picture['id']}".encode()).hexdigest(),
        about="picture_lost", text=text, until=clock.now() + answers.AFTER_MESSAGE,
    )  # fmt: skip
