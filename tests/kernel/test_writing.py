"""Rows written and read past the ORM are the rows that the ORM writes and reads."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError
from django.db.models import Model

from apps.people.models import Customer, OrgUnit
from apps.tickets.models import Ticket, TicketEvent, TicketType, TypeVersion
from steppe.kernel.db import rows_of
from steppe.kernel.light import columns, whole
from steppe.kernel.writing import write
from tests.cast import Branch

AT = datetime(2026, 11, 30, 7, 8, 9, 123456, tzinfo=UTC)
WORDS = "“王芳” \\ ' \" 🐎 \t第二行\n"


def a_ticket(number: int, **more: Any) -> Ticket:
    version = TypeVersion.objects.select_related("type").first()
    assert version is not None
    return Ticket(
        id=number, public_id=f"p{number}", ticket_no=f"T-{number}", type=version.type, type_version=version,
        status="pooled", contact_phone="13900000000", address=WORDS, description=WORDS, created_by="staff:1",
        lat=0.1 + 0.2, lng=-1e-7, fields={"deep": [1, 2.5, None, {"词": WORDS}]}, overdue_clocks=["accept", "legal"],
        reported_at=AT, changed_at=AT, channel="shop", **more,
    )  # fmt: skip


def columns_in(row: Model) -> dict[str, Any]:
    kept = type(row)._default_manager.get(pk=row.pk)
    return {field.attname: getattr(kept, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_the_one_that_save_would_write(lotus_db: Branch) -> None:
    ours, django_s = a_ticket(900_001), a_ticket(900_002)
    write(ours)
    django_s.save(force_insert=True)
    theirs = columns_in(django_s) | {name: getattr(ours, name) for name in ("id", "public_id", "ticket_no")}
    assert columns_in(ours) == theirs


def test_two_rows_go_in_one_statement_the_second_may_point_to_the_first(
    lotus_db: Branch, django_assert_num_queries: Any
) -> None:
    ticket = a_ticket(900_003)
    step = TicketEvent(ticket_id=ticket.pk, version=1, action="submit", after="pooled", actor="staff:1", at=AT)
    with django_assert_num_queries(1):
        write(ticket, step)
    kept = TicketEvent.objects.get(ticket_id=ticket.pk)
    assert (kept.pk > 0, kept.at, kept.data, step.pk) == (True, AT, {}, None)


def test_what_was_written_is_saved_afterwards_not_written_again(lotus_db: Branch) -> None:
    ticket = a_ticket(900_004)
    write(ticket)
    ticket.description = "changed"
    ticket.save()
    assert Ticket.objects.get(pk=ticket.pk).description == "changed"


@pytest.mark.parametrize(("value", "refusal"), [({"status": "elsewhere"}, IntegrityError), ({}, DataError)])
def test_the_database_s_rules_hold(lotus_db: Branch, value: dict[str, str], refusal: type[Exception]) -> None:
    ticket = a_ticket(900_005)
    ticket.status = value.get("status", "far too long for the column")
    with pytest.raises(refusal):
        write(ticket)


def test_what_has_no_json_is_refused(lotus_db: Branch) -> None:
    with pytest.raises(TypeError, match="object has no JSON"):
        write(a_ticket(900_006, outcome={"a": object()}))


@pytest.mark.parametrize("model", [TicketType, TypeVersion, OrgUnit, Customer])
def test_a_whole_row_is_the_one_that_the_orm_reads(lotus_db: Branch, model: type[Model]) -> None:
    if model is Customer:
        Customer.objects.create(name="王芳", phone="13900000000", lat=1.5)
    table = model._meta.db_table
    rows = rows_of(f"SELECT {columns(model, 't')} FROM {table} t ORDER BY t.id")
    ours, theirs = [whole(model, row) for row in rows], list(model._default_manager.order_by("id"))
    assert ours and [_told(one) for one in ours] == [_told(one) for one in theirs]


def _told(row: Model) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}
