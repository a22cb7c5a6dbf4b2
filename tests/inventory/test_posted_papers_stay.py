"""The database itself refuses to change a paper that is in the books, whoever writes: lines, numbers, places, kind."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from apps.inventory import services
from apps.inventory.models import Document, Line, LineSerial
from tenants.context import in_branch
from tests.inventory import stock
from tests.make import actor, key


def refused(statement: str, **told: object) -> None:
    """Refused by the database, and nothing is changed."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, told)


@pytest.fixture
def posted(lotus_db):
    stock.item()
    stock.cable()
    stock.store("east")
    return stock.document(stock.receive(stock.boxes("SN0001", "SN0002"), stock.metres(100)))


LINES = (
    "UPDATE inventory_line SET quantity = 1 WHERE document_id = %(id)s",
    "UPDATE inventory_line SET unit_cost = 1 WHERE document_id = %(id)s",
    "UPDATE inventory_line SET received = 0 WHERE document_id = %(id)s",
    "DELETE FROM inventory_lineserial WHERE line_id IN (SELECT id FROM inventory_line WHERE document_id = %(id)s)",
    "UPDATE inventory_lineserial SET number = 'X' || number",
    "UPDATE inventory_lineserial SET arrived = true",
    "INSERT INTO inventory_lineserial (line_id, number) SELECT min(id), 'SN0009' FROM inventory_line",
    (
        "INSERT INTO inventory_line (document_id, item_id, quantity)"
        " SELECT %(id)s, id, 1 FROM inventory_item WHERE code = 'other'"
    ),
    "TRUNCATE inventory_lineserial",
    "TRUNCATE inventory_document CASCADE",
)
PAPER = (
    "kind = 'issue'", "number = 'RK-1'", "source_id = target_id", "ticket = 'T1'", "made_by = 'staff:77'",
    "approved_by = 'staff:77'", "posted_by = 'staff:77'", "posted_at = now()", "state = 'draft'", "state = 'approved'",
)  # fmt: skip


def test_no_line_and_no_number_of_a_posted_paper_is_changed_added_or_removed(posted):
    stock.item("other", "quantity")
    for statement in LINES:
        refused(statement, id=posted.pk)
    assert sorted(LineSerial.objects.values_list("number", flat=True)) == ["SN0001", "SN0002"]


def test_what_a_posted_paper_says_of_itself_stays_also_when_it_was_taken_back(posted):
    for change in PAPER:
        refused(f"UPDATE inventory_document SET {change} WHERE id = %(id)s", id=posted.pk)
    services.reverse_document(number=posted.number, reason="wrong", by=actor("ku"), key=key())
    for change in (*PAPER, "state = 'posted'", "reversed_because = 'x'"):
        refused(f"UPDATE inventory_document SET {change} WHERE id = %(id)s", id=posted.pk)
    refused("DELETE FROM inventory_document WHERE id = %(id)s", id=posted.pk)
    refused("UPDATE inventory_line SET quantity = 1 WHERE document_id = %(id)s", id=posted.pk)


def test_a_line_does_not_move_to_another_paper(posted):
    draft = stock.document(stock.write("receipt", stock.metres(3), target="main"))
    refused("UPDATE inventory_line SET document_id = %(id)s WHERE document_id = %(from)s", **{
        "id": posted.pk, "from": draft.pk,
    })  # fmt: skip


def test_of_a_shipped_transfer_only_what_arrived_is_written(posted):
    number = stock.write("transfer", stock.boxes("SN0001"), stock.metres(5), source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    paper = stock.document(number)
    for statement in (LINES[0], LINES[3], LINES[7]):
        stock.item("other", "quantity")
        refused(statement, id=paper.pk)
    refused("UPDATE inventory_document SET target_id = source_id WHERE id = %(id)s", id=paper.pk)
    refused("UPDATE inventory_document SET state = 'withdrawn' WHERE id = %(id)s", id=paper.pk)
    services.receive_transfer(number=number, scanned=[], by=actor("bai"), key=key())
    assert Line.objects.get(document=paper, item__code="stb").received == 0
    refused("UPDATE inventory_line SET received = 1 WHERE document_id = %(id)s", id=paper.pk)


def test_a_draft_is_still_free(posted):
    draft = stock.document(stock.write("receipt", stock.boxes("SN0003"), target="main"))
    services.change_document(number=draft.number, told=[stock.metres(4)], by=actor("ku"), key=key())
    assert draft.lines.get().quantity == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=draft.pk).update(number="RK-2026-999999")


def test_who_writes_a_line_while_the_paper_is_posted_comes_too_late(committed, lotus):
    """Without FOR SHARE in the trigger the line would slip in: its writer saw a draft and waited for nobody."""
    with in_branch(lotus.tenant):
        stock.cable()
        stock.item("other", "quantity")
        draft = stock.document(stock.write("receipt", stock.metres(5), target="main"))
        told, wrote = threading.Event(), threading.Event()

        def late() -> str:
            try:
                with in_branch(lotus.tenant), connection.cursor() as cursor:
                    told.wait(timeout=20)
                    wrote.set()
                    cursor.execute(LINES[7], {"id": draft.pk})
                    return "written"
            except IntegrityError:
                return "refused"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            outcome = pool.submit(late)
            Document.objects.filter(pk=draft.pk).update(state="posted")
            told.set()
            assert wrote.wait(timeout=20)
            connection.cursor().execute("SELECT pg_sleep(0.5)")
        assert outcome.result(timeout=20) == "refused"
        assert Line.objects.filter(document=draft).count() == 1
