"""Who did what: every try leaves a row, nobody rewrites it, nothing personal stands in it."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.people.errors import WrongPassword
from apps.people.signing_in import sign_in
from apps.tickets import services
from apps.tickets.errors import AddressMissing
from steppe.kernel.actors import Actor
from steppe.kernel.journal_store import AUDIT_LIMIT, PERSONAL
from tenants.context import in_branch
from tests.cast import PASSWORD, Branch
from tests.kernel.conftest import UseCase
from tests.make import key, make_ticket, report
from tests.rules import audited

CANARIES = {
    "contact_phone": "13955550777", "contact_name": "Canary-Name", "address": "Birch Canary-Street 9-1-101",
    "account_no": "ACC-CANARY-1",
}  # fmt: skip
POINT = {"lat": 43.934567, "lng": 116.087654}


def everything_written() -> str:
    return json.dumps(list(audited().values_list()), default=str, ensure_ascii=False)


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_auditentry SET outcome = 'done'", "DELETE FROM journal_auditentry"]
)
def test_the_audit_is_append_only(lotus_db: Branch, write: UseCase, lin: Actor, statement: str) -> None:
    write(word="w-1", by=lin, key=key())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audited().get().actor == lin.ref


@pytest.mark.parametrize("schema", ["public", "lotus", "maple"])
def test_nothing_that_only_grows_can_be_emptied(committed: Any, lotus: Branch, maple: Branch, schema: str) -> None:
    """TRUNCATE passes by the triggers that stand on rows."""
    name = {"public": "public", "lotus": lotus.tenant.schema_name, "maple": maple.tenant.schema_name}[schema]
    tables = ["journal_auditentry"] + (["tickets_ticketevent"] if schema != "public" else [])
    for table in tables:
        for more in ("", " CASCADE"):
            with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(f'TRUNCATE "{name}".{table}{more}')


def test_emptying_the_tickets_does_not_empty_their_history(committed: Any, lotus: Branch) -> None:
    with in_branch(lotus.tenant), pytest.raises(IntegrityError, match="append-only"):
        connection.cursor().execute("TRUNCATE tickets_ticket CASCADE")


def test_the_history_of_a_ticket_is_append_only(lotus_db: Branch) -> None:
    ticket = make_ticket()
    for change in (lambda: ticket.history.update(reason="x"), lambda: ticket.history.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_a_report_leaves_no_personal_field(lotus_db: Branch, cai: Actor) -> None:
    services.open_ticket(report=report(**CANARIES, **POINT), channel="shop", by=cai, key=key())
    written = everything_written()
    assert "fault_bb" in written
    for canary in (*CANARIES.values(), *map(str, POINT.values())):
        assert canary not in written


def test_a_refused_report_leaves_none_either(lotus_db: Branch, cai: Actor) -> None:
    nowhere = CANARIES | {"address": "  ", "lat": None, "lng": None}
    with pytest.raises(AddressMissing):
        services.open_ticket(report=report(**nowhere), channel="shop", by=cai, key=key())
    assert AddressMissing.code in everything_written()
    assert "13955550777" not in everything_written() and "Canary" not in everything_written()


@pytest.mark.parametrize("field", sorted(PERSONAL))
def test_a_personal_field_is_struck_however_deep_it_stands(
    lotus_db: Branch, lin: Actor, a_command: Any, field: str
) -> None:
    from tests.kernel.conftest import write_down

    a_command(write_down)(word="w-1", deep={"rows": [{field: "canary-1"}]}, **{field: "canary-2"}, by=lin, key=key())
    details = audited().get().details["args"]
    assert "canary" not in details and field in details and "w-1" in details


def test_long_arguments_are_cut(lotus_db: Branch, write: UseCase, lin: Actor) -> None:
    write(word="w-1", note="x" * 9000, by=lin, key=key())
    assert len(audited().get().details["args"]) == AUDIT_LIMIT


def test_a_photo_is_not_written_into_the_audit(lotus_db: Branch, lin: Actor) -> None:
    from tests.make import picture

    services.upload_photo(content=picture(), stage="report", by=lin, key=key())
    assert len(audited().get().details["args"]) < 200


def test_every_sign_in_is_noted_without_the_password(lotus_db: Branch) -> None:
    sign_in(username="lin", password=PASSWORD, address="10.0.0.1")
    with pytest.raises(WrongPassword):
        sign_in(username="lin", password="canary-password", address="10.0.0.1")
    done, failed = audited().order_by("id")
    assert (done.outcome, failed.outcome) == ("done", WrongPassword.code)
    assert PASSWORD not in everything_written() and "canary-password" not in everything_written()
