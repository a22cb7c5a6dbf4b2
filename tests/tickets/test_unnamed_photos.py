"""A picture nobody names goes after a day, row and file; a file without a row goes too. Nothing else goes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.tickets import services
from apps.tickets.models import Photo
from apps.tickets.services import photo_sweep, sweep_photos
from steppe.kernel import clock, journal_store
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, key, make_ticket, picture
from tests.rules import refused

DAY = timedelta(hours=25)


def upload(by: Actor) -> Photo:
    receipt = services.upload_photo(content=picture(), stage="report", by=by, key=key())
    return Photo.objects.get(public_id=receipt.public_id)


def paths(photo: Photo) -> tuple[str, str]:
    assert photo.thumb_path
    return photo.path, photo.thumb_path


def files(branch: Branch) -> set[str]:
    folder = f"{branch.tenant.uuid}/photos"
    return set(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else set()


@pytest.fixture(autouse=True)
def _empty_folder(lotus: Branch) -> None:
    """Files outlive the transaction of the test that wrote them."""
    for name in files(lotus):
        default_storage.delete(f"{lotus.tenant.uuid}/photos/{name}")


@contextmanager
def the_next_night() -> Iterator[None]:
    with clock.frozen(clock.now() + DAY):
        yield


def test_what_nobody_named_goes_with_its_file(committed: Database, lotus: Branch, maple: Branch) -> None:
    with in_branch(maple.tenant):
        theirs = upload(actor("cai"))
    with in_branch(lotus.tenant):
        cai = actor("cai")
        unnamed, named = upload(cai), upload(cai)
        make_ticket(photos=(named.public_id,))
        assert sweep_photos() == 0
        with the_next_night():
            assert sweep_photos() == 1 and sweep_photos() == 0
        assert list(Photo.objects.values_list("public_id", flat=True)) == [named.public_id]
        for gone, stays, other in zip(paths(unnamed), paths(named), paths(theirs), strict=True):
            assert default_storage.exists(stays) and not default_storage.exists(gone) and default_storage.exists(other)


def test_many_go_in_batches(lotus_db: Branch, cai: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_sweep, "BATCH", 2)
    for _ in range(5):
        upload(cai)
    assert photo_sweep._drop_unnamed(clock.now() + DAY) == 5
    assert not Photo.objects.exists()


def test_the_file_stays_as_long_as_the_row_may_come_back(lotus_db: Branch, cai: Actor) -> None:
    """This test's transaction never commits, so no file may go."""
    photo = upload(cai)
    assert photo_sweep._drop_unnamed(clock.now() + DAY) == 1 and not Photo.objects.exists()
    assert default_storage.exists(photo.path)


def test_when_the_upload_fails_no_file_stays(lotus_db: Branch, cai: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(lotus_db)

    def fails(*args: object) -> None:
        assert files(lotus_db) - before  # written already
        raise RuntimeError

    monkeypatch.setattr(journal_store, "write_outcome", fails)
    with pytest.raises(RuntimeError):
        upload(cai)
    assert files(lotus_db) == before and not Photo.objects.exists()


def test_a_file_without_a_row_goes_but_not_a_young_one(lotus_db: Branch, cai: Actor) -> None:
    kept, folder = upload(cai), f"{lotus_db.tenant.uuid}/photos"
    old, young = (default_storage.save(f"{folder}/{name}.jpg", ContentFile(b"x")) for name in ("old", "young"))
    long_ago = (clock.now() - DAY).timestamp()
    for path in (old, *paths(kept)):
        os.utime(default_storage.path(path), (long_ago, long_ago))
    assert sweep_photos() == 1
    assert not default_storage.exists(old) and default_storage.exists(young)
    assert all(map(default_storage.exists, paths(kept)))


def test_only_the_system_tidies_up(lotus_db: Branch, bai: Actor) -> None:
    with refused(NotAllowed):
        photo_sweep.drop_unnamed_photos(before=clock.now(), by=bai, key=key())
