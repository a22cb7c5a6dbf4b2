"""What a type asks at completion: readings, serials, pictures; the ticket's own version decides."""

from typing import Any

import pytest

from apps.tickets import services
from apps.tickets.errors import BadAnswers, FileStays, PhotosMissing
from apps.tickets.models import Photo, Ticket
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid
from tests.cast import Branch
from tests.make import actor, key, make_ticket, picture
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of
from tests.tickets.types import publish

DBM = {"key": "dbm", "kind": "number", "zh": "光功率", "stage": "finish", "required": True, "least": -40, "most": 10}
AFTER = {"key": "after", "kind": "photo", "zh": "修复后", "stage": "finish", "required": True}
BEFORE = {"key": "before", "kind": "photo", "zh": "修复前", "stage": "finish", "required": True}
SIGNED = {"key": "signed", "kind": "signature", "zh": "签名", "stage": "finish", "required": True}


def in_work(*fields: dict[str, Any], **more: Any) -> Ticket:
    """A ticket in progress whose type asks this."""
    publish("fault_bb", *fields, **more)
    return make_ticket(status="in_progress")


def shot(wu: Actor) -> str:
    return services.upload_photo(content=picture(), stage="finish", by=wu, key=key()).public_id


def told(ticket: Ticket, error: type[Invalid] = BadAnswers, **more: Any) -> set[str]:
    """What the refusal names; nothing has changed."""
    named: set[str] = set()
    with refused(error):
        try:
            do("complete", ticket.public_id, **more)
        except Invalid as refusal:
            named = set(refusal.fields)
            raise
    return named


def test_a_common_fault_needs_a_sentence_and_takes_more(lotus_db: Branch) -> None:
    do("complete", make_ticket(status="in_progress").public_id)
    ticket = make_ticket(status="in_progress")
    outcome = {"cause": "connector", "responsibility": "line", "power_dbm": -19.5, "serial_in": "ZTEG12345678"}
    do("complete", ticket.public_id, outcome=outcome)
    found = now_of(ticket)
    assert (found.outcome, found.cause_code, found.responsibility) == (outcome, "connector", "line")


def test_what_is_missing_unknown_or_cannot_be_is_named(lotus_db: Branch, wu: Actor) -> None:
    ticket = in_work(DBM)
    assert told(ticket) == {"outcome.dbm"}
    assert told(ticket, outcome={"dbm": -80}) == {"outcome.dbm"}
    assert told(ticket, outcome={"dbm": -19, "colour": "red"}) == {"outcome.colour"}
    assert (load_of(wu), now_of(ticket).status) == (1, "in_progress")
    do("complete", ticket.public_id, outcome={"dbm": -19})
    assert now_of(ticket).outcome == {"dbm": -19}


def test_the_ticket_is_asked_by_the_version_it_was_opened_with(lotus_db: Branch) -> None:
    old = make_ticket(status="in_progress")
    new = in_work(DBM)
    do("complete", old.public_id)
    assert told(new) == {"outcome.dbm"}


def test_so_many_pictures_of_the_work(lotus_db: Branch, wu: Actor) -> None:
    ticket = in_work(photos=2)
    assert told(ticket, PhotosMissing) == {"photos"}
    one, two = shot(wu), shot(wu)
    assert told(ticket, PhotosMissing, photos=(one,)) == {"photos"}
    do("complete", ticket.public_id, photos=(one, two))
    assert Photo.objects.filter(ticket=ticket, stage="finish").count() == 2


def test_a_strangers_picture_does_not_count(lotus_db: Branch, bo: Actor) -> None:
    ticket = in_work(photos=1)
    assert told(ticket, PhotosMissing, photos=(shot(bo),)) == {"photos"}


def test_named_pictures_and_the_signature_hang_under_their_fields(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = in_work(AFTER, SIGNED, photos=1)
    assert told(ticket) == {"outcome.after", "outcome.signed"}
    after, signed = shot(wu), shot(wu)
    assert told(ticket, outcome={"after": [after], "signed": shot(bo)}) == {"outcome.signed"}
    do("complete", ticket.public_id, outcome={"after": [after], "signed": signed})
    labels = dict(Photo.objects.filter(ticket=ticket).values_list("public_id", "label"))
    assert labels == {after: "after", signed: "signed"}


def test_a_signature_is_no_picture_of_the_work(lotus_db: Branch, wu: Actor) -> None:
    ticket = in_work(SIGNED, photos=1)
    assert told(ticket, PhotosMissing, outcome={"signed": shot(wu)}) == {"photos"}
    do("complete", ticket.public_id, photos=(shot(wu),), outcome={"signed": shot(wu)})


def test_one_picture_does_not_answer_two_fields(lotus_db: Branch, wu: Actor) -> None:
    ticket, one = in_work(BEFORE, AFTER), shot(wu)
    assert told(ticket, outcome={"before": [one], "after": [one]}) == {"outcome.after"}
    do("complete", ticket.public_id, outcome={"before": [one], "after": [shot(wu)]})


def test_a_document_is_no_picture(lotus_db: Branch, wu: Actor) -> None:
    ticket, name = in_work(AFTER), shot(wu)
    Photo.objects.filter(public_id=name).update(kind="pdf")
    assert told(ticket, outcome={"after": [name]}) == {"outcome.after"}


def test_done_from_afar_shows_no_pictures_but_tells_its_readings(lotus_db: Branch) -> None:
    ticket = in_work(AFTER, DBM, photos=2, remote_allowed=True)
    Ticket.objects.filter(id=ticket.pk).update(remote=True)
    assert told(ticket) == {"outcome.dbm"}
    do("complete", ticket.public_id, outcome={"dbm": -19})
    assert now_of(ticket).status == "awaiting_callback"


def sent_back(ticket: Ticket) -> None:
    do("callback_reject", ticket.public_id)
    do("check_in", ticket.public_id)


def test_sent_back_it_is_shown_anew(lotus_db: Branch, wu: Actor) -> None:
    ticket, loose, after = in_work(AFTER, photos=2), shot(wu), shot(wu)
    do("complete", ticket.public_id, photos=(loose,), outcome={"after": [after]})
    sent_back(ticket)
    assert told(ticket, photos=(loose, shot(wu)), outcome={"after": [after]}) == {"outcome.after"}
    assert told(ticket, PhotosMissing, photos=(loose,), outcome={"after": [shot(wu)]}) == {"photos"}
    do("complete", ticket.public_id, photos=(shot(wu),), outcome={"after": [shot(wu)]})
    assert Photo.objects.filter(ticket=ticket, stage="finish").count() == 4


def test_a_picture_added_along_the_way_becomes_the_proof_and_stays(lotus_db: Branch, wu: Actor) -> None:
    ticket, name = in_work(AFTER), shot(wu)
    services.attach_files(public_id=ticket.public_id, photos=(name,), by=wu, key=key())
    do("complete", ticket.public_id, outcome={"after": [name]})
    with refused(FileStays):
        services.take_off_file(public_id=ticket.public_id, photo=name, reason="wrong", by=wu, key=key())
    sent_back(ticket)
    assert told(ticket, outcome={"after": [name]}) == {"outcome.after"}


def test_the_customers_picture_of_the_fault_is_no_proof_of_its_end(lotus_db: Branch) -> None:
    ticket, name = in_work(AFTER), shot(actor("cai"))
    Photo.objects.filter(public_id=name).update(ticket=ticket, stage="report")
    assert told(ticket, outcome={"after": [name]}) == {"outcome.after"}


def test_the_same_key_completes_once(lotus_db: Branch) -> None:
    ticket = in_work(DBM)
    sent_twice(lambda once: do("complete", ticket.public_id, outcome={"dbm": -19}, key=once))


@pytest.mark.parametrize("words", ["", "  "])
def test_what_was_done_must_still_be_said(lotus_db: Branch, words: str) -> None:
    assert told(make_ticket(status="in_progress"), Invalid, solution=words) == {"solution"}
