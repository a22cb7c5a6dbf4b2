"""The picture of an item: decoded and written anew as a ticket's photo is, kept below the branch's own folder.

A file is older than its row and outlives it: written before the commit, the old one removed after it.
"""

import uuid
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from apps.inventory.errors import ItemNotFound
from apps.inventory.models import Item
from apps.inventory.permissions import ITEM_KEEPERS
from apps.tickets.services import read_picture
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command, if_undone
from tenants.context import current_branch


@command("inventory.set_item_picture")
def set_item_picture(*, code: str, content: bytes, by: Actor) -> Receipt:
    """Another picture. Raises NotAPicture, PictureIsHeic, PictureTooLarge, ItemNotFound. Locks the item."""
    item = _locked(code, by)
    kept = read_picture(content)
    name = uuid.uuid4().hex
    return _changed(item, _store(f"{name}.jpg", kept.body), _store(f"{name}.small.jpg", kept.thumb))


@command("inventory.remove_item_picture")
def remove_item_picture(*, code: str, by: Actor) -> Receipt:
    """No picture any more. Raises ItemNotFound. Locks the item."""
    return _changed(_locked(code, by), "", "")


def _locked(code: str, by: Actor) -> Item:
    require(by, ITEM_KEEPERS)
    item = Item.objects.select_for_update().filter(code=code).first()
    if item is None:
        raise ItemNotFound
    return item


def _changed(item: Item, picture: str, small: str) -> Receipt:
    for old in filter(None, (item.picture, item.picture_small)):
        transaction.on_commit(partial(default_storage.delete, old), robust=True)
    item.picture, item.picture_small = picture, small
    item.version += 1
    item.save(update_fields=["picture", "picture_small", "version"])
    return Receipt("stock_item", item.pk, public_id=item.code, version=item.version)


def _store(name: str, content: bytes) -> str:
    path = default_storage.save(f"{current_branch().uuid}/stock/{name}", ContentFile(content))
    if_undone(partial(default_storage.delete, path))
    return path
