"""Drafts: what a person wrote, sent and scanned in the chat, until the report is sent. One per person, for a day.

Every write locks the person's draft. Pictures stand in `media` as {"id", "photo", "tries", "next", "wrong"}: WeChat's
name of it, and ours once a worker has fetched it.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.tickets.begun import Begun
from apps.wechat.models import CustomerIdentity, Draft, Scene
from steppe.kernel import clock
from steppe.kernel.actors import Actor

LIFE = timedelta(days=1)
TEXT, ADDRESS = 500, 200
BLANK: dict[str, Any] = {
    "text": "", "address": "", "lat": None, "lng": None, "datum": "", "media": [], "scene": None, "answered_at": None,
}  # fmt: skip


def draft_of(identity: CustomerIdentity) -> Draft:
    """The person's draft, locked; a new one when there was none or it was too old. Inside a transaction."""
    fresh = {"public_id": secrets.token_urlsafe(12), "changed_at": clock.now()}
    Draft.objects.get_or_create(identity=identity, defaults=fresh)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("scene").get(identity=identity)
    if draft.changed_at < clock.now() - LIFE:
        for name, value in {**BLANK, "media": [], **fresh}.items():
            setattr(draft, name, value)
    return draft


def add_words(draft: Draft, words: str) -> bool:
    """Put a line below what stands there; False when it did not fit as a whole."""
    whole = f"{draft.text}\n{words}".strip() if draft.text else words.strip()
    _keep(draft, text=whole[:TEXT])
    return len(whole) <= TEXT


def put_place(draft: Draft, *, lat: float, lng: float, datum: str, address: str) -> None:
    """The place as received; what the person said of the address before is not lost to an empty label."""
    _keep(draft, lat=lat, lng=lng, datum=datum, address=address[:ADDRESS] or draft.address)


def put_scene(draft: Draft, scene: Scene, *, address: str, words: str) -> None:
    """What a scanned code says. One without a point (a grid's) leaves no point of another place behind."""
    text = draft.text if words and words in draft.text else f"{words}\n{draft.text}".strip()[:TEXT]
    place: dict[str, Any] = {}
    if scene.kind != "technician":
        place = {"address": address[:ADDRESS], "lat": scene.lat, "lng": scene.lng}
        place["datum"] = "wgs84" if scene.lat is not None else ""
    _keep(draft, scene=scene, text=text, **place)


def add_picture(draft: Draft, media_id: str, *, most: int) -> bool:
    """Note a picture to be fetched; False when there are `most` already."""
    if any(one["id"] == media_id for one in draft.media):
        return True
    if len(draft.media) >= most:
        return False
    new = {"id": media_id, "photo": "", "tries": 0, "next": "", "wrong": ""}
    _keep(draft, media=[*draft.media, new])
    return True


def answered(draft: Draft) -> None:
    """The link to it was given just now."""
    draft.answered_at = clock.now()
    draft.save(update_fields=["answered_at"])


def settle_picture(draft_id: int, media_id: str, **changes: Any) -> None:
    """What became of a picture. One transaction; nothing happens when the draft is gone."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
        if draft is None:
            return
        draft.media = [one | changes if one["id"] == media_id else one for one in draft.media]
        draft.save(update_fields=["media"])


def waiting_in(draft: Draft) -> list[dict[str, Any]]:
    """Its pictures that are not here yet and may still come."""
    return [one for one in draft.media if not one["photo"] and not one["wrong"]]


def forget_old() -> None:
    """A day old it is gone."""
    Draft.objects.filter(changed_at__lt=clock.now() - LIFE).delete()


class ChatDrafts:
    """The beginnings that this room keeps (apps.tickets.begun)."""

    def open(self, by: Actor, public_id: str) -> Begun | None:
        """The person's own draft; it stays until the report is sent. One transaction."""
        with transaction.atomic():
            draft = _own(by, public_id)
            return _begun(draft) if draft else None

    def close(self, by: Actor, public_id: str) -> None:
        """The report was sent."""
        with transaction.atomic():
            if draft := _own(by, public_id):
                draft.delete()


def _own(by: Actor, public_id: str) -> Draft | None:
    if by.kind != "customer" or not by.id:
        return None
    rows = Draft.objects.select_for_update(of=("self",)).select_related("scene")
    young = rows.filter(changed_at__gte=clock.now() - LIFE)
    return young.filter(public_id=public_id[:16], identity__customer_id=by.id).first()


def _begun(draft: Draft) -> Begun:
    photos = tuple(one["photo"] for one in draft.media if one["photo"])
    by_code = draft.scene is not None and draft.lat == draft.scene.lat
    source = "" if draft.lat is None else "code" if by_code else "message"
    return Begun(
        text=draft.text, address=draft.address, lat=draft.lat, lng=draft.lng, datum=draft.datum, source=source,
        photos=photos, waiting=len(waiting_in(draft)),
    )  # fmt: skip


def _keep(draft: Draft, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.changed_at = clock.now()
    draft.save()
