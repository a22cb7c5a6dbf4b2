"""工单记录: every column of the tickets of a period, by when they were reported or closed."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.exports.columns import Column, Page, Source, Span
from apps.exports.sources import register
from apps.tickets import records_read
from apps.tickets.permissions import CONSOLE
from steppe.kernel.actors import Actor
from steppe.kernel.tables import Key

COLUMNS = (
    Column("ticket_no", pgettext_lazy("export", "Ticket number"), width=18),
    Column("type", pgettext_lazy("export", "Type"), width=12),
    Column("status", pgettext_lazy("export", "State"), width=10),
    Column("priority", pgettext_lazy("export", "Priority"), "int", 8),
    Column("channel", pgettext_lazy("export", "Came by"), width=12),
    Column("description", pgettext_lazy("export", "What was reported"), width=30, private=True),
    Column("contact_name", pgettext_lazy("export", "Contact"), width=12, private=True, usual=False),
    Column("contact_phone", pgettext_lazy("export", "Phone"), width=14, private=True, usual=False),
    Column("account_no", pgettext_lazy("export", "Account number"), width=16, private=True, usual=False),
    Column("address", pgettext_lazy("export", "Address"), width=28, private=True),
    Column("area_class", pgettext_lazy("export", "Area class"), width=8, usual=False),
    Column("grid", pgettext_lazy("export", "Grid"), width=14),
    Column("department", pgettext_lazy("export", "Department"), width=14, usual=False),
    Column("technician", pgettext_lazy("export", "Technician"), width=12),
    Column("helpers", pgettext_lazy("export", "Helpers"), width=16, usual=False),
    Column("reported_at", pgettext_lazy("export", "Reported at"), "moment", 19),
    Column("pooled_at", pgettext_lazy("export", "In the pool at"), "moment", 19, usual=False),
    Column("assigned_at", pgettext_lazy("export", "Dispatched at"), "moment", 19, usual=False),
    Column("accepted_at", pgettext_lazy("export", "Accepted at"), "moment", 19),
    Column("contacted_at", pgettext_lazy("export", "Customer contacted at"), "moment", 19, usual=False),
    Column("appointment_start", pgettext_lazy("export", "Appointment from"), "moment", 19, usual=False),
    Column("appointment_end", pgettext_lazy("export", "Appointment until"), "moment", 19, usual=False),
    Column("arrived_at", pgettext_lazy("export", "Arrived at"), "moment", 19, usual=False),
    Column("finished_at", pgettext_lazy("export", "Finished at"), "moment", 19),
    Column("closed_at", pgettext_lazy("export", "Closed at"), "moment", 19),
    Column("accept_due_at", pgettext_lazy("export", "Accept by"), "moment", 19, usual=False),
    Column("resolve_due_at", pgettext_lazy("export", "Promised by"), "moment", 19, usual=False),
    Column("was_overdue", pgettext_lazy("export", "Overdue (1 = yes)"), "int", 10, total=True),
    Column("remote", pgettext_lazy("export", "Handled remotely (1 = yes)"), "int", 10, total=True, usual=False),
    Column("hold_class", pgettext_lazy("export", "Reason of the hold"), width=12, usual=False),
    Column("solution", pgettext_lazy("export", "What was done"), width=30, private=True),
    Column("close_code", pgettext_lazy("export", "Result"), width=10),
    Column("symptom_code", pgettext_lazy("export", "Symptom code"), width=14, usual=False),
    Column("cause_code", pgettext_lazy("export", "Cause code"), width=14, usual=False),
    Column("responsibility", pgettext_lazy("export", "Responsibility code"), width=14, usual=False),
    Column("satisfaction", pgettext_lazy("export", "Satisfaction"), "int", 8),
    Column("charges_fen", pgettext_lazy("export", "Charges (yuan)"), "money", 12, total=True),
    Column("urge_count", pgettext_lazy("export", "Urged"), "int", 8, total=True, usual=False),
    Column("return_count", pgettext_lazy("export", "Returned"), "int", 8, total=True, usual=False),
    Column("reassign_count", pgettext_lazy("export", "Reassigned"), "int", 8, total=True, usual=False),
    Column("transfer_count", pgettext_lazy("export", "Transferred"), "int", 8, total=True, usual=False),
    Column("reopen_count", pgettext_lazy("export", "Reopened"), "int", 8, total=True, usual=False),
    Column("node_code", pgettext_lazy("export", "Network node"), width=14, usual=False),
    Column("public_id", pgettext_lazy("export", "Public id"), width=18, usual=False),
)
PERIODS = (
    ("reported", pgettext_lazy("export", "When it was reported")),
    ("closed", pgettext_lazy("export", "When it was closed")),
)


def count(actor: Actor, span: Span) -> int:
    return records_read.how_many(actor, span.by, span.start, span.end)


def read(
    actor: Actor, span: Span, codes: Sequence[str], after: Key | None = None, written: Collection[str] = ()
) -> Iterator[Page]:
    return records_read.records(actor, span.by, span.start, span.end, codes, after, written)


TICKETS = Source("tickets", _("Ticket records"), CONSOLE, PERIODS, COLUMNS, count, read, writes=True)


def register_them() -> None:
    register(TICKETS)
