"""Files on the ticket's page: added with and without scripts, taken off with a reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.tickets import services
from apps.tickets.models import Photo, Ticket
from steppe.kernel.actors import Actor
from tests import files
from tests.cast import Branch
from tests.make import actor, client_at, key, make_ticket, picture

ROLES = ("lin", "cai", "an", "hui", "yun", "de", "bai")


def at(ticket: Ticket, part: str = "") -> str:
    return f"/console/t/{ticket.public_id}/{part}"


def sent(content: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(branch: Branch, ticket: Ticket, who: str = "lin", **form: object):  # type: ignore[no-untyped-def]
    client = client_at(branch, getattr(branch, who))
    return client.post(at(ticket, "files/"), {"idempotency_key": key(), **form})


def added(ticket: Ticket, by: Actor, content: bytes | None = None) -> Photo:
    made = services.upload_photo(content=content or picture(), stage="report", name="a.pdf", by=by, key=key())
    services.attach_files(public_id=ticket.public_id, photos=(made.public_id,), by=by, key=key())
    return Photo.objects.get(public_id=made.public_id)


def test_without_scripts_the_files_come_with_the_form(lotus_db: Branch) -> None:
    ticket = make_ticket()
    answer = add(lotus_db, ticket, photo_files=[sent(picture()), sent(files.pdf(), "letter.pdf")])
    assert (answer.status_code, answer["Location"]) == (303, at(ticket) + "?done=attach")
    assert list(ticket.photos.order_by("id").values_list("kind", "name")) == [("picture", ""), ("pdf", "letter.pdf")]
    page = client_at(lotus_db, lotus_db.lin).get(answer["Location"]).content.decode()
    assert "letter.pdf" in page and "banner-good" in page


def test_with_scripts_they_were_sent_before(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    client = client_at(lotus_db, lin)
    made = client.post("/api/v1/photos", {"photo": sent(files.pdf(), "letter.pdf")}, key=key()).json()
    assert add(lotus_db, ticket, photos=made["id"]).status_code == 303
    assert ticket.photos.get().name == "letter.pdf"


def test_the_same_form_again_adds_nothing_more(lotus_db: Branch) -> None:
    ticket, same = make_ticket(), key()
    for _ in range(2):
        answer = add(lotus_db, ticket, photo_files=sent(picture()), idempotency_key=same)
        assert answer.status_code == 303
    assert ticket.photos.count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ, a program", "tickets.not_a_picture"),
        (files.LOCKED, "tickets.document_is_locked"),
        (files.DANGEROUS["a script on opening"], "tickets.document_runs_something"),
    ],
)
def test_a_bad_file_is_refused_in_words_on_the_page(lotus_db: Branch, content: bytes, code: str) -> None:
    ticket = make_ticket()
    answer = add(lotus_db, ticket, photo_files=sent(content, "a.pdf"))
    assert (answer.status_code, answer["X-Refusal"]) == (422, code)
    assert 'role="alert"' in answer.content.decode() and not ticket.photos.exists()


def test_a_large_file_is_refused_before_it_is_read(lotus_db: Branch) -> None:
    ticket = make_ticket()
    answer = add(lotus_db, ticket, photo_files=sent(b"%PDF-1.4" + b"\n" * (11 * 1024 * 1024), "a.pdf"))
    assert (answer.status_code, answer["X-Refusal"]) == (422, "tickets.file_too_large")


def test_no_file_is_said(lotus_db: Branch) -> None:
    assert add(lotus_db, make_ticket())["X-Refusal"] == "tickets.no_file_chosen"


def test_the_form_is_there_for_who_may_add_only(lotus_db: Branch) -> None:
    ticket = make_ticket()
    for who in (*ROLES, "ji"):
        page = client_at(lotus_db, getattr(lotus_db, who)).get(at(ticket)).content.decode()
        assert (at(ticket, "files/") in page) == (who != "ji"), who
    assert add(lotus_db, ticket, "ji", photo_files=sent(picture())).status_code == 403
    assert add(lotus_db, ticket, "gao", photo_files=sent(picture())).status_code == 404


@pytest.mark.parametrize("who", ROLES)
def test_who_can_take_a_file_off_has_the_button_and_nobody_else(lotus_db: Branch, cai: Actor, who: str) -> None:
    ticket = make_ticket()
    photo = added(ticket, cai)
    client = client_at(lotus_db, actor(who))
    shown = at(ticket, "files/take-off/") in client.get(at(ticket)).content.decode()
    body = {"photo": photo.public_id, "reason": "twice", "idempotency_key": key()}
    answer = client.post(at(ticket, "files/take-off/"), body)
    assert (answer.status_code == 303) == shown == (not ticket.photos.exists())


def test_what_proves_the_work_has_no_button(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    photo = added(ticket, lin)
    Photo.objects.filter(pk=photo.pk).update(stage="finish")
    client = client_at(lotus_db, lin)
    assert "take-off" not in client.get(at(ticket)).content.decode()
    body = {"photo": photo.public_id, "reason": "twice", "idempotency_key": key()}
    assert client.post(at(ticket, "files/take-off/"), body)["X-Refusal"] == "tickets.file_stays"


def test_over_the_api_it_is_the_same(lotus_db: Branch, lin: Actor) -> None:
    ticket, client = make_ticket(), client_at(lotus_db, lin)
    made = client.post("/api/v1/photos", {"photo": sent(files.pdf(), "letter.pdf")}, key=key()).json()
    base = f"/api/v1/tickets/{ticket.public_id}/files"
    assert client.api("POST", base, {"photos": [made["id"]]}).json()["documents"] == 1
    assert client.api("POST", base, {"photos": [made["id"]], "tiket": 7}).status_code == 422
    refused = client.api("POST", f"{base}/take-off", {"photo": made["id"], "reason": " "})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
    assert client.api("POST", f"{base}/take-off", {"photo": made["id"], "reason": "twice"}).status_code == 200
    assert client.api("POST", f"{base}/take-off", {"photo": made["id"], "reason": "twice"}).status_code == 404
