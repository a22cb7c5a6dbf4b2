"""A field of every kind on the phone: at the customer's report and at completion, without any script."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.tickets.models import Photo, Ticket
from apps.tickets.rules.definitions import FIELD_KINDS
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import client_at, make_ticket, picture
from tests.mobile.test_report import URL, told
from tests.mobile.test_work import ENGLISH, do, look
from tests.tickets import kinds, steps
from tests.tickets.types import publish


def files(prefix: str) -> dict[str, Any]:
    """Photo and signature as a browser without scripts sends them."""
    sides = {"photo": 40, "signature": 50}
    return {
        f"{prefix}-{kind}-files": SimpleUploadedFile(f"{kind}.jpg", picture(size=(side, 30)), "image/jpeg")
        for kind, side in sides.items()
    }


def hung(ticket: Ticket) -> dict[str, str]:
    """The ticket's pictures by the field they answer."""
    return dict(Photo.objects.filter(ticket=ticket).values_list("label", "public_id"))


def test_a_customer_answers_every_kind(lotus_db: Branch, mei: Actor) -> None:
    publish("fault_bb", *kinds.asked("report"))
    client = client_at(lotus_db, mei)
    page = client.get(URL, headers=ENGLISH).content.decode()
    assert all(f'name="fault_bb-{kind}' in page or f'data-name="fault_bb-{kind}' in page for kind in FIELD_KINDS)

    answer = client.post(URL, told() | kinds.typed("fault_bb") | files("fault_bb"), headers=ENGLISH)
    assert answer.status_code == 303, answer.content.decode()
    ticket = Ticket.objects.get()
    assert ticket.fields == kinds.kept(hung(ticket))


def test_a_technician_answers_every_kind(lotus_db: Branch, wu: Actor) -> None:
    publish("fault_bb", *kinds.asked("finish"))
    ticket = make_ticket(status="in_progress")
    page = look(lotus_db, wu, ticket)
    assert all(f'name="asked-{kind}' in page or f'data-name="asked-{kind}' in page for kind in FIELD_KINDS)

    answer = do(lotus_db, wu, ticket, "complete", solution="new plug", **kinds.typed("asked"), **files("asked"))
    assert answer.status_code == 303, answer.content.decode()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome) == ("awaiting_callback", kinds.kept(hung(ticket)))
    desk = client_at(lotus_db, lotus_db.lin).get(f"/console/t/{ticket.public_id}/", headers=ENGLISH).content.decode()
    assert all(words in desk for words in kinds.SHOWN)


def test_what_is_left_out_is_named_and_nothing_that_was_typed_is_lost(lotus_db: Branch, wu: Actor) -> None:
    publish("fault_bb", *kinds.asked("finish"))
    ticket = make_ticket(status="in_progress")
    told = {"solution": "new plug", "asked-text": "still here", "asked-number": "much"}
    answer = do(lotus_db, wu, ticket, "complete", **told)
    page = answer.content.decode()
    ticket.refresh_from_db()
    assert answer.status_code == 422 and ticket.status == "in_progress"
    assert page.count("cell-error") >= len(FIELD_KINDS) - 1 and "still here" in page and "much" in page


def test_sent_back_every_kind_is_filled_in_as_it_was_told(lotus_db: Branch, wu: Actor) -> None:
    publish("fault_bb", *kinds.asked("finish"))
    ticket = make_ticket(status="in_progress")
    do(lotus_db, wu, ticket, "complete", solution="new plug", **kinds.typed("asked"), **files("asked"))
    for action in ("callback_reject", "check_in"):
        steps.do(action, ticket.public_id)
    page = look(lotus_db, wu, ticket)
    assert all(told in page for told in ("皮线 drop", '"-19.5"', '"ZTEG1234"', '"2026-03-02T10:00"', '"43.95"'))
