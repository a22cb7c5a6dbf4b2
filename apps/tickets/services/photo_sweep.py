"""What nobody named goes at night: the row, its file and its thumbnail; and files that belong to no row."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from apps.tickets.models import Photo
from apps.tickets.services.photos import folder
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

KEPT_UNNAMED = timedelta(days=1)
PLACES_KEPT = timedelta(days=90)  # raw positions of people (domain.md §1.4); the picture itself stays
BATCH = 200


def sweep_photos() -> int:
    """Every night: what nobody named within a day goes, and files that belong to nothing; how many went."""
    before = clock.now() - KEPT_UNNAMED
    return _drop_unnamed(before) + _drop_strays(before)


def sweep_places() -> int:
    """Every night: where a camera said it was is forgotten after PLACES_KEPT; how many. One statement."""
    old = Photo.objects.filter(uploaded_at__lt=clock.now() - PLACES_KEPT, taken_lat__isnull=False)
    return old.update(taken_lat=None, taken_lng=None)


def _drop_unnamed(before: datetime) -> int:
    gone = 0
    while _unnamed(before).exists():
        key = f"unnamed-photos:{clock.now().timestamp()}:{gone}"
        dropped = drop_unnamed_photos(before=before, by=SYSTEM, key=key).facts["dropped"]
        if not dropped:  # somebody else is at them
            break
        gone += dropped
    return gone


@command("tickets.drop_unnamed_photos")
def drop_unnamed_photos(*, before: datetime, by: Actor) -> Receipt:
    """A batch of files that hang on no ticket and are older than `before`; they go from the disk after the commit."""
    if by.kind != "system":
        raise NotAllowed
    rows = _unnamed(before).select_for_update(skip_locked=True).order_by("id")
    found = list(rows.values_list("id", "path", "thumb_path")[:BATCH])
    Photo.objects.filter(id__in=[pk for pk, *_ in found]).delete()
    for path in _named(paths for _, *paths in found):
        transaction.on_commit(partial(default_storage.delete, path), robust=True)
    return Receipt("photo", 0, facts={"dropped": len(found)})


def _unnamed(before: datetime) -> QuerySet[Photo]:
    return Photo.objects.filter(ticket__isnull=True, uploaded_at__lt=before)


def _drop_strays(before: datetime) -> int:
    """Files of the branch's folder without a row; a young one may belong to a transaction that is still open."""
    here = folder()
    if not default_storage.exists(here):
        return 0
    known = _named(Photo.objects.values_list("path", "thumb_path"))
    files = {f"{here}/{name}" for name in default_storage.listdir(here)[1]}
    strays = [path for path in files - known if default_storage.get_modified_time(path) < before]
    for path in strays:
        default_storage.delete(path)
    return len(strays)


def _named(paths: Iterable[Iterable[str]]) -> set[str]:
    """Every file that a row names."""
    return set(filter(None, chain.from_iterable(paths)))
