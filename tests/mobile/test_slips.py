"""核定单 on the phone: the own month, confirmed, disputed, gone on with; a colleague's is not there."""

import pytest

from apps.costing.models import Dispute, WorkPointEntry
from tests.costing import months as m
from tests.make import client_at, key

AT = f"/w/slips/{m.MONTH}"


@pytest.fixture
def phone(lotus_db):
    with m.on(2):
        yield {
            name: client_at(lotus_db, lotus_db.people[name], HTTP_ACCEPT_LANGUAGE="en") for name in ("wu", "bo", "xi")
        }


def say(client, what, **form):
    return client.post(AT, {"do": what, "idempotency_key": key(), **form})


def test_before_anything_is_published_there_is_nothing(phone):
    m.earn("wu", "10")
    m.priced()
    m.calculate()
    assert "No month is published yet." in phone["wu"].get("/w/slips").content.decode()
    assert phone["wu"].get(AT).status_code == 404


def test_the_own_month_is_read_and_confirmed(phone):
    m.published()
    assert "350.00" in phone["wu"].get("/w/slips").content.decode()
    body = phone["wu"].get(AT).content.decode()
    assert "100.00 points × 3.5 yuan" in body and "It is right" in body
    assert say(phone["wu"], "confirm").status_code == 303
    body = phone["wu"].get(AT).content.decode()
    assert m.line("wu").state == "confirmed" and "It is right" not in body and "This is not right" not in body


def test_an_entry_is_disputed_answered_and_gone_on_with(phone):
    m.published()
    entry = WorkPointEntry.objects.get(technician=m.technician("wu"))
    assert say(phone["wu"], "dispute", entry=entry.pk, text="too little", wanted="2,5").status_code == 303
    one = Dispute.objects.get()
    assert (one.wanted, one.entry) == (m.Decimal("2.5"), entry)
    m.answer(one.public_id, False, text="it was easy")
    assert "it was easy" in phone["wu"].get(AT).content.decode()
    assert say(phone["wu"], "appeal", name=one.public_id, version=2, text="it was not").status_code == 303
    assert m.the_dispute(one.public_id).state == "appealed"


def test_a_refusal_says_why_and_keeps_what_was_typed(phone):
    m.published()
    answer = say(phone["wu"], "dispute", entry="", text="too little", wanted="much")
    body = answer.content.decode()
    assert answer.status_code == 422 and "as a number" in body and "too little" in body
    assert say(phone["wu"], "dispute", entry="999999", text="x").status_code == 404
    assert say(phone["wu"], "nonsense").status_code == 404
    assert not Dispute.objects.exists()


def test_taken_back_and_accepted(phone):
    m.published()
    name = m.dispute("wu")
    say(phone["wu"], "withdraw", name=name, version=1)
    assert m.the_dispute(name).state == "withdrawn"
    name = m.dispute("wu")
    m.answer(name, False)
    say(phone["wu"], "accept", name=name, version=2)
    assert m.the_dispute(name).state == "lost"


def test_nobody_sees_or_touches_a_colleagues(phone):
    m.published("wu")
    name = m.dispute("wu")
    assert phone["bo"].get(AT).status_code == 404
    for what in ("withdraw", "accept", "appeal"):
        assert say(phone["bo"], what, name=name, text="x").status_code == 404
    assert m.the_dispute(name).state == "raised"


def test_get_changes_nothing(phone):
    m.published()
    phone["wu"].get(f"{AT}?do=confirm")
    assert m.line("wu").state == "open"
