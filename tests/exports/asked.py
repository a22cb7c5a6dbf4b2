"""Exports as the tests ask for them: by the real command, made in this process, read back from where they lie."""

from datetime import date, timedelta

from django.core.files.storage import default_storage

from apps.exports import services
from apps.exports.models import ExportJob
from apps.exports.sources import SOURCES
from steppe.kernel import clock
from tests.make import actor, key

EVERY = [one.code for one in SOURCES["tickets"].columns]
NARROW = ["ticket_no", "type", "contact_phone", "address", "reported_at", "charges_fen", "was_overdue"]


def today():
    return clock.now().astimezone(clock.BUSINESS_ZONE).date()


def ask(who="bai", form="csv", columns=EVERY, source="tickets", period="reported", first=None, last=None, **more):
    """The public id of an export of these days around today."""
    return services.ask_export(
        source=source, form=form, period=period, first=first or today() - timedelta(days=2), last=last or today(),
        columns=columns, by=actor(who), key=more.get("key") or key(),
    ).public_id  # fmt: skip


def job(public_id):
    return ExportJob.objects.get(public_id=public_id)


def made(**asked):
    """The row of an export that is done, and its bytes."""
    public_id = ask(**asked)
    assert services.make(public_id) == "done", job(public_id).refusal
    row = job(public_id)
    with default_storage.open(row.path) as file:
        return row, file.read()


NEVER = date(2001, 1, 1)
