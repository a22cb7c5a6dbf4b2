"""A document is told by its content and looked through before it is kept; it is kept as it came."""

import hashlib

import pytest
from django.core.files.storage import default_storage

from apps.tickets import services
from apps.tickets.errors import (
    DocumentIsLocked,
    DocumentRunsSomething,
    FileTooLarge,
    NotADocument,
    NotAPicture,
    PictureIsHeic,
    TooManyFiles,
)
from apps.tickets.models import Photo
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.errors import DomainError
from tests import files, make
from tests.cast import Branch
from tests.make import key, make_ticket, picture
from tests.rules import refused, sent_twice


def upload(content: bytes, by: Actor, **more: str) -> Photo:
    receipt = services.upload_photo(content=content, stage="report", by=by, key=key(), **more)
    return Photo.objects.get(public_id=receipt.public_id)


def kept(photo: Photo) -> bytes:
    with default_storage.open(photo.path) as file:
        return file.read()


def test_it_is_kept_as_it_came(lotus_db: Branch, cai: Actor) -> None:
    photo = upload(files.pdf(), cai, name="C:\\letters\\complaint.pdf")
    assert (photo.kind, photo.name, photo.thumb_path, photo.size) == ("pdf", "complaint.pdf", "", len(files.pdf()))
    assert photo.path.startswith(f"{lotus_db.tenant.uuid}/photos/") and photo.path.endswith(".pdf")
    assert kept(photo) == files.pdf() and photo.sha256 == hashlib.sha256(files.pdf()).hexdigest()


def test_sent_twice_it_is_kept_once(lotus_db: Branch, cai: Actor) -> None:
    sent_twice(lambda once: services.upload_photo(content=files.pdf(), stage="report", by=cai, key=once))
    assert Photo.objects.count() == 1


def test_it_hangs_on_the_ticket_like_a_picture(lotus_db: Branch, cai: Actor) -> None:
    names = (upload(files.pdf(), cai).public_id, upload(picture(), cai).public_id)
    ticket = make_ticket(photos=names)
    assert list(ticket.photos.order_by("id").values_list("kind", flat=True)) == ["pdf", "picture"]


def test_packed_as_modern_programs_write_it_is_fine(lotus_db: Branch, cai: Actor) -> None:
    assert upload(files.PACKED, cai).kind == "pdf"


@pytest.mark.parametrize("what", files.DANGEROUS)
def test_what_runs_or_carries_something_is_refused(lotus_db: Branch, cai: Actor, what: str) -> None:
    with refused(DocumentRunsSomething):
        upload(files.DANGEROUS[what], cai)


@pytest.mark.parametrize("content", [files.LOCKED, files.LOCKED_FOR_CHANGES], ids=["to read", "to change"])
def test_what_is_locked_is_refused(lotus_db: Branch, cai: Actor, content: bytes) -> None:
    with refused(DocumentIsLocked):
        upload(content, cai)


@pytest.mark.parametrize("what", files.BROKEN)
def test_what_is_broken_or_something_else_as_well_is_refused(lotus_db: Branch, cai: Actor, what: str) -> None:
    with refused(NotADocument):
        upload(files.BROKEN[what], cai)


def test_a_name_does_not_make_a_document(lotus_db: Branch, cai: Actor) -> None:
    with refused(NotAPicture):
        upload(b"MZ, a program", cai, name="letter.pdf")
    photo = upload(files.pdf(), cai, name="holiday.jpg")
    assert (photo.kind, photo.name) == ("pdf", "holiday.jpg.pdf")  # saved under that name it opens
    assert upload(files.pdf(), cai, name="BILL.PDF").name == "BILL.PDF"
    assert len(upload(files.pdf(), cai, name="x" * 300).name) == 120


def test_a_picture_with_a_document_behind_it_is_only_the_picture(lotus_db: Branch, cai: Actor) -> None:
    photo = upload(picture() + files.pdf(), cai)
    assert photo.kind == "picture" and b"%PDF" not in kept(photo)


def test_too_large_is_refused_with_the_branchs_limit(lotus_db: Branch, cai: Actor) -> None:
    lotus_db.tenant.policy = {"document_max_mb": 1}
    with refused(FileTooLarge, mb=1):
        upload(files.pdf() + b"\n" * (1024 * 1024), cai)


def test_too_many_objects_are_refused(lotus_db: Branch, cai: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.tickets.services._documents.MOST_OBJECTS", 2)
    with refused(NotADocument):
        upload(files.pdf(), cai)


def test_a_document_that_takes_too_long_is_refused(
    lotus_db: Branch, cai: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.tickets.services._documents.MOST_SECONDS", -1)
    with refused(NotADocument):
        upload(files.pdf(), cai)


@pytest.mark.parametrize("who", ["mei", "nobody"])
def test_a_customer_sends_pictures_only(lotus_db: Branch, mei: Actor, who: str) -> None:
    by, more = (mei, {}) if who == "mei" else (ANONYMOUS, {"owner": "session:a"})
    with refused(NotAPicture):
        upload(files.pdf(), by, **more)


def test_a_branch_may_take_no_documents_and_not_every_kind_of_picture(lotus_db: Branch, cai: Actor) -> None:
    lotus_db.tenant.policy = {"attachment_types": ["jpeg"]}
    assert upload(picture("JPEG"), cai).kind == "picture"
    for content in (files.pdf(), picture("PNG"), picture("WEBP")):
        with refused(NotAPicture):
            upload(content, cai)


def test_a_heic_picture_is_refused_with_what_to_do(lotus_db: Branch, cai: Actor) -> None:
    with refused(PictureIsHeic):
        upload(b"\0\0\0\x18ftypheic" + bytes(60), cai)


@pytest.mark.parametrize("content", [b"no picture", files.LOCKED, files.DANGEROUS["a file inside"]])
def test_the_refusal_names_the_field(lotus_db: Branch, cai: Actor, content: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        upload(content, cai)
    assert refusal.value.fields == {"photo": [refusal.value.sentence]}  # type: ignore[attr-defined]


def test_a_ticket_holds_only_so_many_files(lotus_db: Branch, cai: Actor) -> None:
    lotus_db.tenant.policy = {"attachments_max": 2}
    names = tuple(upload(picture(), cai).public_id for _ in range(3))
    with refused(TooManyFiles, most=2):
        make_ticket(photos=names)
    assert make_ticket(photos=names[:2]).photos.count() == 2


def test_a_customers_report_holds_fewer(lotus_db: Branch, mei: Actor) -> None:
    lotus_db.tenant.policy = {"report_photos_max": 1}
    names = tuple(upload(picture(), mei).public_id for _ in range(2))
    with refused(TooManyFiles, most=1):
        services.open_ticket(report=make.report(photos=names), channel="h5", by=mei, key=key())


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("letter.pdf", "letter.pdf"), ("投诉信.pdf", "投诉信.pdf"), ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"), ("invoice\u202efdp.exe", "invoicefdp.exe"), ("...", ""),
        ("x" * 300, "x" * 120),
    ],
)  # fmt: skip
def test_a_name_is_made_plain(told: str, shown: str) -> None:
    from apps.tickets.services.photos import plain_name

    assert plain_name(told) == shown
