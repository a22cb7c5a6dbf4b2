"""An export is asked for: what is refused, who may, and how many at once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from apps.exports import services
from apps.exports.errors import BadExport, Over, SourceNotFound, TooManyAtOnce, TooManyRows
from apps.exports.models import ExportJob
from apps.exports.writers import FORMS
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.exports.asked import EVERY, ask, job, today
from tests.make import actor, key, make_ticket


def test_what_is_asked_for_stands_in_the_row_and_in_the_audit(lotus_db):
    make_ticket()
    row = job(ask(columns=["contact_phone", "ticket_no"]))
    assert (row.state, row.total, row.columns) == ("asked", 1, ["ticket_no", "contact_phone"])
    entry = AuditEntry.objects.filter(action="exports.ask_export").latest("id")
    assert entry.actor == row.asked_by and "contact_phone" in str(entry.details)


def test_asked_twice_with_one_key_is_one_export(lotus_db):
    same = key()
    assert ask(key=same) == ask(key=same)
    assert ExportJob.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"form": "doc"}, "form"),
        ({"period": "born"}, "period"),
        ({"columns": []}, "columns"),
        ({"columns": ["ticket_no", "password"]}, "columns"),
        ({"form": "pdf", "columns": EVERY}, "columns"),
        ({"first": today() + timedelta(days=1)}, "last"),
        ({"first": today() - timedelta(days=4000)}, "last"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(lotus_db, wrong, field):
    with pytest.raises(BadExport) as refusal:
        ask(**wrong)
    assert list(refusal.value.fields) == [field]
    assert not ExportJob.objects.exists()


def test_a_table_that_is_not_theirs_is_not_there(lotus_db):
    with pytest.raises(SourceNotFound):
        ask("lin", source="stock_movements", columns=["item"], period="moved")
    with pytest.raises(SourceNotFound):
        ask("ku")
    with pytest.raises(SourceNotFound):
        ask(source="passwords")


def test_more_rows_than_paper_bears_are_refused_with_their_number(lotus_db, monkeypatch):
    make_ticket()
    make_ticket()
    monkeypatch.setitem(FORMS, "pdf", FORMS["pdf"].__class__("pdf", "PDF", "application/pdf", "paper", most=1, wide=12))
    with pytest.raises(TooManyRows) as refusal:
        ask(form="pdf", columns=["ticket_no"])
    assert "2" in refusal.value.sentence and "1" in refusal.value.sentence


def test_nobody_has_more_than_five_waiting(lotus_db):
    first, *_others = [ask() for _ in range(5)]
    with pytest.raises(TooManyAtOnce):
        ask()
    ask("lin")
    services.cancel_export(public_id=first, by=actor("bai"), key=key())
    ask()


def test_two_at_once_do_not_slip_past_the_limit(committed, lotus):
    with in_branch(lotus.tenant):
        for _ in range(4):
            ask()
    ready, told = Barrier(2), []

    def try_it():
        try:
            with in_branch(lotus.tenant):
                ready.wait()
                ask()
                told.append("asked")
        except TooManyAtOnce:
            told.append("refused")
        finally:
            connections.close_all()

    both = [Thread(target=try_it) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(told) == ["asked", "refused"]


def test_what_is_over_cannot_be_called_off(lotus_db):
    public_id = ask()
    services.cancel_export(public_id=public_id, by=actor("bai"), key=key())
    with pytest.raises(Over):
        services.cancel_export(public_id=public_id, by=actor("bai"), key=key())


def test_a_technician_takes_nothing_away(lotus_db):
    with pytest.raises((NotAllowed, SourceNotFound)):
        ask("wu")
