"""A field of every kind at the desk: made in the editor, filled in with a call, read on the ticket's page."""

from typing import Any

import pytest

from apps.tickets.models import Photo, Ticket
from apps.tickets.rules.definitions import CHOICE_KINDS, FIELD_KINDS, STAGES
from apps.tickets.services import upload_photo
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.console.test_new_ticket import NEW, entry
from tests.console.test_types_page import EDIT, ENGLISH, Entered, newest, opened, send
from tests.make import client_at, key, picture
from tests.tickets import kinds
from tests.tickets.types import publish


def made(branch: Branch, stage: str, kind: str) -> dict[str, Any]:
    """The editor's form after “add a field” of this kind, everything filled in."""
    answer = send(branch, opened(branch) | {f"add_{stage}": kind}, f"add:{stage}")
    form = dict(Entered(answer.content.decode()).values)
    head = f"field-{int(form['field_count'][0]) - 1}-"
    assert form[f"{head}kind"] == [kind]
    more = {f"{head}option-{place}-zh": name for place, name in enumerate("甲乙")} if kind in CHOICE_KINDS else {}
    more |= {f"{head}unit": "dBm", f"{head}least": "-50", f"{head}most": "10"} if kind == "number" else {}
    return form | more | {f"{head}zh": "新字段", f"{head}key": "added", f"{head}required": "1"}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", FIELD_KINDS)
def test_the_editor_makes_it_for_either_stage(lotus_db: Branch, kind: str, stage: str) -> None:
    form = made(lotus_db, stage, kind)
    answer = send(lotus_db, form)
    assert answer.status_code == 303
    [field] = [one for one in newest().definition.at(stage) if one.key == "added"]
    assert (field.kind, field.zh, field.required, field.unit) == (kind, "新字段", True, "dBm" * (kind == "number"))
    page = client_at(lotus_db, lotus_db.bai).get(EDIT, headers=ENGLISH).content.decode()
    assert 'class="preview"' in page and page.count("新字段") > 2  # the row, its input, the preview


def sent(by: Actor) -> dict[str, str]:
    """A picture for each kind that is one, sent before the form."""
    return {
        kind: upload_photo(content=picture(size=(side, 30)), stage="report", by=by, key=key()).public_id
        for kind, side in (("photo", 40), ("signature", 50))
    }


def test_a_call_answers_every_kind_and_the_page_of_the_ticket_reads_it_out(lotus_db: Branch) -> None:
    publish("fault_bb", *kinds.asked("report"))
    client, pictures = client_at(lotus_db, lotus_db.cai), sent(lotus_db.cai)
    asked = client.get("/console/new/fields/", {"type_code": "fault_bb"}, headers=ENGLISH).content.decode()
    assert all(f'name="asked-{name}' in asked for name in (*kinds.TEXTS, "location-lat"))
    assert 'data-name="asked-photo"' in asked and 'data-name="asked-signature"' in asked and "dBm" in asked

    told = entry() | kinds.typed("asked") | {f"asked-{name}": one for name, one in pictures.items()}
    answer = client.post(NEW, told)
    assert answer.status_code == 303, answer.content.decode()
    ticket = Ticket.objects.get()
    assert ticket.fields == kinds.kept(pictures)
    assert set(Photo.objects.filter(ticket=ticket).values_list("label", flat=True)) == {"photo", "signature"}
    page = client_at(lotus_db, lotus_db.lin).get(f"/console/t/{ticket.public_id}/", headers=ENGLISH).content.decode()
    assert all(words in page for words in kinds.SHOWN)


def test_what_is_left_out_is_named_at_its_field_and_what_was_typed_is_still_there(lotus_db: Branch) -> None:
    publish("fault_bb", *kinds.asked("report"))
    client = client_at(lotus_db, lotus_db.cai)
    answer = client.post(NEW, entry() | {"asked-text": "still here", "asked-number": "much"}, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Ticket.objects.exists()
    assert page.count('class="field-error"') >= len(FIELD_KINDS) - 1 and "still here" in page and "much" in page
