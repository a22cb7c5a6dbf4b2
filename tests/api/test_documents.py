"""Documents and thumbnails over the wire: only who may see the contact gets them, and a document is only ever saved."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.tickets.models import Photo
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import files
from tests.cast import NEAR, Branch
from tests.make import BranchClient, client_at, key, make_ticket

PAIR = ("", "/small")


def upload(client: BranchClient, content: bytes, name: str = "a.jpg", **more: str):  # type: ignore[no-untyped-def]
    return client.post("/api/v1/photos", {"photo": SimpleUploadedFile(name, content), **more}, key=key())


def address(photo: object, part: str = "") -> str:
    return f"/files/photos/{photo}{part}"


def body(response) -> bytes:  # type: ignore[no-untyped-def]
    return b"".join(response.streaming_content)


def test_a_document_is_saved_never_shown(lotus_db: Branch, cai: Actor) -> None:
    client = client_at(lotus_db, cai)
    made = upload(client, files.pdf(), "投诉信.pdf").json()
    assert (made["kind"], made["width"]) == ("pdf", 0)
    got = client.get(address(made["id"]))
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert got["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got["Cache-Control"].startswith("private") and body(got) == files.pdf()


def test_it_may_be_the_body_itself(lotus_db: Branch, cai: Actor) -> None:
    made = client_at(lotus_db, cai).generic(
        "POST", "/api/v1/photos", files.pdf(), content_type="application/pdf", key=key()
    )
    assert (made.status_code, made.json()["kind"]) == (201, "pdf")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (files.LOCKED, "tickets.document_is_locked"),
        (files.DANGEROUS["a script by name"], "tickets.document_runs_something"),
        (files.DANGEROUS["a file inside"], "tickets.document_runs_something"),
        (files.BROKEN["with an archive behind"], "tickets.not_a_document"),
        (b"%PDF-1.4" + b"\n" * (11 * 1024 * 1024), "tickets.file_too_large"),
        (b"", "tickets.not_a_picture"),
    ],
)
def test_a_refusal_says_which_rule_and_names_the_field(lotus_db: Branch, cai: Actor, content: bytes, code: str) -> None:
    answer = upload(client_at(lotus_db, cai), content, "a.pdf")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert code == "tickets.file_too_large" or list(answer.json()["fields"]) == ["photo"]
    assert not Photo.objects.exists()


def test_a_field_nobody_knows_is_refused_not_ignored(lotus_db: Branch, cai: Actor) -> None:
    answer = upload(client_at(lotus_db, cai), files.pdf(), tiket="7")
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["tiket"])


def test_a_thumbnail_is_small_and_says_nothing_of_the_camera(lotus_db: Branch, cai: Actor) -> None:
    client = client_at(lotus_db, cai)
    made = upload(client, files.taken_picture(*NEAR, clock.now())).json()
    got = client.get(address(made["id"], "/small"))
    picture = Image.open(io.BytesIO(body(got)))
    assert (got["Content-Type"], picture.size, dict(picture.getexif())) == ("image/jpeg", (320, 240), {})
    assert got["X-Content-Type-Options"] == "nosniff" and got["Cache-Control"].startswith("private")


def test_a_document_has_no_thumbnail_and_an_old_picture_shows_itself(lotus_db: Branch, cai: Actor) -> None:
    client = client_at(lotus_db, cai)
    assert client.get(address(upload(client, files.pdf()).json()["id"], "/small")).status_code == 404
    old = upload(client, files.taken_picture()).json()["id"]
    Photo.objects.filter(public_id=old).update(thumb_path="")
    assert Image.open(io.BytesIO(body(client.get(address(old, "/small"))))).size == (640, 480)


@pytest.mark.parametrize("part", PAIR)
def test_it_goes_with_the_contact_of_its_ticket(
    lotus_db: Branch, cai: Actor, wu: Actor, bo: Actor, gao: Actor, ji: Actor, part: str
) -> None:
    name = upload(client_at(lotus_db, cai), files.taken_picture()).json()["id"]
    ticket = make_ticket(photos=(name,), status="accepted")
    asked = {who.name: client_at(lotus_db, who).get(address(name, part)).status_code for who in (cai, wu, bo, gao, ji)}
    assert asked == {"Cai": 200, "Wu": 200, "Bo": 404, "Gao": 404, "Ji": 404}
    assert client_at(lotus_db).get(address(name, part)).status_code == 302
    assert ticket.photos.count() == 1


@pytest.mark.parametrize("part", PAIR)
def test_a_free_one_is_its_owners_only(lotus_db: Branch, cai: Actor, lin: Actor, part: str) -> None:
    name = upload(client_at(lotus_db, cai), files.taken_picture()).json()["id"]
    assert client_at(lotus_db, lin).get(address(name, part)).status_code == 404
    assert client_at(lotus_db, cai).get(address(name, part)).status_code == 200


def test_of_two_branches_with_the_same_name_each_gets_the_own_file(
    lotus_db: Branch, maple: Branch, lin: Actor, chen: Actor
) -> None:
    for branch, words in ((lotus_db, b"of Lotus"), (maple, b"of Maple")):
        with in_branch(branch.tenant):
            facts = {"width": 1, "height": 1, "sha256": "", "uploaded_at": clock.now(), "owner": lin.ref}
            paths = {
                name: default_storage.save(f"{branch.tenant.uuid}/photos/twin", ContentFile(words))
                for name in ("path", "thumb_path")
            }
            Photo.objects.create(public_id="one-name-in-both", **facts, **paths)
    for part in PAIR:
        assert body(client_at(lotus_db, lin).get(address("one-name-in-both", part))) == b"of Lotus"
        assert body(client_at(maple, chen).get(address("one-name-in-both", part))) == b"of Maple"


def test_a_file_that_is_gone_from_the_disk_is_not_found(lotus_db: Branch, cai: Actor) -> None:
    client = client_at(lotus_db, cai)
    name = upload(client, files.taken_picture()).json()["id"]
    default_storage.delete(Photo.objects.get().path)
    assert client.get(address(name)).status_code == 404


def test_the_ticket_tells_the_check_to_staff_only(lotus_db: Branch, mei: Actor, lin: Actor) -> None:
    name = upload(client_at(lotus_db, mei), files.taken_picture(44.58, 117.61, clock.now())).json()["id"]
    ticket = make_ticket(by=mei, photos=(name,), contact_phone="13900001001")
    shown = client_at(lotus_db, lin).get(f"/api/v1/tickets/{ticket.public_id}").json()["photos"][0]
    assert shown["check"]["far"] and shown["check"]["metres"] > 100_000 and shown["check"]["early_minutes"] is None
    assert shown["small_url"] == address(name, "/small")
    hers = client_at(lotus_db, mei).get(f"/api/v1/tickets/{ticket.public_id}").json()["photos"][0]
    assert hers["check"] is None and hers["url"] == address(name)
