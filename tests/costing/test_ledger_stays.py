"""The ledger cannot be falsified: whoever may write the tables may add to them and nothing else."""

import pytest
from django.db import Error, connection, transaction

from apps.costing.models import TeamDecision, WorkPointEntry
from steppe.kernel import clock
from tests.cast import Branch
from tests.costing.ledger import entries, worked

TABLES = (
    "costing_workpointentry", "costing_teamdecision", "costing_periodstep", "costing_disputestep",
    "costing_accountversion",
)  # fmt: skip
CHANGES = ("UPDATE {} SET points = 99", "DELETE FROM {}", "UPDATE {} SET period = '2020-01'")


def refused(statement: str) -> str:
    with pytest.raises(Error) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


@pytest.mark.parametrize("statement", CHANGES)
def test_an_entry_stays_as_it_was_booked(lotus_db: Branch, statement: str) -> None:
    before = entries(worked())
    assert "append-only" in refused(statement.format("costing_workpointentry"))
    assert list(WorkPointEntry.objects.order_by("id")) == before


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_what_happened_can_be_emptied(lotus_db: Branch, table: str) -> None:
    assert "append-only" in refused(f"TRUNCATE {table} CASCADE")


def test_a_decision_about_shares_stays(lotus_db: Branch) -> None:
    TeamDecision.objects.create(ticket="t", shares={"1": 100}, reason="x", by="staff:1", by_name="x", at=clock.now())
    assert "append-only" in refused("UPDATE costing_teamdecision SET reason = 'y'")


def test_the_models_are_refused_too(lotus_db: Branch) -> None:
    [entry, *_] = entries(worked())
    entry.points = 99
    for attempt in (entry.save, entry.delete):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            attempt()
