"""Moments come out of the database in UTC, by the driver's own loader."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import timezone
from psycopg.pq import Format

from steppe.kernel.postgres.moments import OID, Moments

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 2, 28, 12, 0, 0, 123456, tzinfo=UTC)


def _asked(statement: str, *params: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()[0]


def test_the_drivers_loader_is_in_charge():
    connection.ensure_connection()
    assert connection.connection.adapters.get_loader(OID, Format.TEXT) is Moments


@pytest.mark.parametrize("zone", ["+00", "+08", "-03:30"])
def test_a_moment_is_the_same_wherever_it_was_written(zone):
    there = f"2026-02-28 12:00:00.123456{zone}"
    found = _asked("SELECT %s::timestamptz", there)
    assert found.tzinfo is UTC and found == datetime.fromisoformat(there.replace("-03:30", "-0330"))


def test_what_is_kept_comes_back_and_nothing_stays_nothing():
    assert _asked("SELECT %s::timestamptz", NOON) == NOON
    assert _asked("SELECT NULL::timestamptz") is None


def test_another_zone_of_the_reader_changes_no_moment():
    with timezone.override("Asia/Shanghai"):
        assert _asked("SELECT %s::timestamptz", NOON).utcoffset().total_seconds() == 0
