"""Pictures over the API: only pictures come in, only who may see the ticket gets them out."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.tickets.models import Photo
from apps.tickets.services import attach_files
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import BranchClient, client_at, key, make_ticket, picture


def upload(client: BranchClient, content: bytes, name: str = "a.jpg", **more: str) -> "object":
    return client.post("/api/v1/photos", {"photo": SimpleUploadedFile(name, content), **more}, key=key())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_a_clean_jpeg(lotus_db: Branch, cai: Actor, form: str) -> None:
    client = client_at(lotus_db, cai)
    made = upload(client, picture(form))
    assert made.status_code == 201 and made.json()["id"] == made.json()["public_id"]
    got = client.get(f"/files/photos/{made.json()['public_id']}")
    assert got["Content-Type"] == "image/jpeg" and got["X-Content-Type-Options"] == "nosniff"
    assert got["Cache-Control"].startswith("private")
    assert Image.open(io.BytesIO(b"".join(got.streaming_content))).size == (40, 30)


def test_a_raw_body_works_too(lotus_db: Branch, cai: Actor) -> None:
    made = client_at(lotus_db, cai).generic("POST", "/api/v1/photos", picture(), content_type="image/jpeg", key=key())
    assert made.status_code == 201


def test_place_and_device_are_dropped(lotus_db: Branch, cai: Actor) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "CNRY-phone-maker", {1: "N", 2: (43.0, 56.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG", exif=exif)
    client = client_at(lotus_db, cai)
    got = client.get(f"/files/photos/{upload(client, out.getvalue()).json()['id']}")
    content = b"".join(got.streaming_content)
    assert b"CNRY" not in content and not Image.open(io.BytesIO(content)).getexif()


NOT_PICTURES = {
    "empty": b"", "html": b"<script>alert(1)</script>", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "gif": b"GIF89a" + b"\0" * 40, "half a jpeg": picture()[:80], "zip": b"PK\x03\x04" + b"\0" * 60,
    "text": "ü".encode() * 40, "png head only": b"\x89PNG\r\n\x1a\n",
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_PICTURES)
def test_what_is_no_picture_is_refused(lotus_db: Branch, cai: Actor, name: str) -> None:
    answer = upload(client_at(lotus_db, cai), NOT_PICTURES[name], "../../evil.jpg")
    assert (answer.status_code, answer.json()["code"]) == (422, "tickets.not_a_picture")
    assert not Photo.objects.exists()


@pytest.mark.parametrize("side", [9000, 20_000])
def test_a_bomb_of_pixels_is_refused(lotus_db: Branch, cai: Actor, side: int) -> None:
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    answer = upload(client_at(lotus_db, cai), out.getvalue())
    assert (answer.status_code, answer.json()["code"]) == (422, "tickets.picture_too_large")


def test_a_file_beyond_the_limit_is_refused(lotus_db: Branch, cai: Actor) -> None:
    answer = upload(client_at(lotus_db, cai), b"\xff\xd8" + b"\0" * (9 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (422, "tickets.picture_too_large")


def test_a_free_picture_is_only_its_owners(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    name = upload(client_at(lotus_db, cai), picture()).json()["id"]
    assert client_at(lotus_db, cai).get(f"/files/photos/{name}").status_code == 200
    assert client_at(lotus_db, lin).get(f"/files/photos/{name}").status_code == 404
    assert client_at(lotus_db).get(f"/files/photos/{name}").status_code == 302


def test_a_tickets_picture_follows_the_contact(lotus_db: Branch, cai: Actor, wu: Actor, gao: Actor, bo: Actor) -> None:
    name = upload(client_at(lotus_db, cai), picture()).json()["id"]
    ticket = make_ticket(photos=(name,))
    assert Photo.objects.get().ticket_id == ticket.pk
    for who, status in ((cai, 200), (gao, 404), (wu, 404)):
        assert client_at(lotus_db, who).get(f"/files/photos/{name}").status_code == status
    assert client_at(lotus_db, wu).get(f"/api/v1/tickets/{ticket.public_id}").json()["photos"] == []
    client_at(lotus_db, wu).api("post", f"/api/v1/tickets/{ticket.public_id}/grab", {})
    assert client_at(lotus_db, wu).get(f"/files/photos/{name}").status_code == 200
    shown = client_at(lotus_db, wu).get(f"/api/v1/tickets/{ticket.public_id}").json()["photos"]
    assert shown[0]["url"] == f"/files/photos/{name}"


def test_a_customer_sees_the_report_and_the_work_but_not_what_staff_added_for_each_other(
    lotus_db: Branch, mei: Actor, lin: Actor
) -> None:
    theirs, reports = client_at(lotus_db, mei), upload(client_at(lotus_db, mei), picture()).json()["id"]
    ticket = make_ticket(by=mei, photos=(reports,))
    ours = upload(client_at(lotus_db, lin), picture(size=(8, 8))).json()["id"]
    attach_files(public_id=ticket.public_id, photos=(ours,), by=lin, key=key())
    for client, sees in ((client_at(lotus_db, lin), {reports, ours}), (theirs, {reports})):
        shown = client.get(f"/api/v1/tickets/{ticket.public_id}").json()["photos"]
        assert {one["public_id"] for one in shown} == sees
    for name, status in ((reports, 200), (ours, 404)):
        assert theirs.get(f"/files/photos/{name}").status_code == status
        assert theirs.get(f"/files/photos/{name}/small").status_code == status


def test_somebody_elses_picture_cannot_be_hung_on_a_ticket(lotus_db: Branch, lin: Actor) -> None:
    name = upload(client_at(lotus_db, lin), picture()).json()["id"]
    make_ticket(photos=(name,))
    assert Photo.objects.get().ticket_id is None


def test_a_picture_of_another_branch_is_not_found(lotus_db: Branch, maple: Branch, cai: Actor, chen: Actor) -> None:
    name = upload(client_at(lotus_db, cai), picture()).json()["id"]
    assert client_at(maple, maple.cai).get(f"/files/photos/{name}").status_code == 404
    assert client_at(maple, chen).get(f"/files/photos/{name}").status_code == 404
