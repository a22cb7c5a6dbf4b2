"""工单记录: tickets of a period as rows to take away, any column of them, in the actor's scope and with their rights.

Read in pages by moment and id: one page is in memory, however long the period, and no statement runs for long. A page
is a list of columns, each as long as the page. Money is fen, moments have their zone.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, F, Q, QuerySet, Sum, Value, When
from django.utils.translation import get_language, pgettext_lazy

from apps.people import selectors as people
from apps.tickets import labels
from apps.tickets.models import Assignment, Charge, Ticket, TicketType
from apps.tickets.selectors import revealed, visible_tickets
from apps.tickets.states import LABELS
from apps.tickets.words import Among
from steppe.kernel.actors import Actor
from steppe.kernel.tables import PAGE, Key, Part, keyset

PERIODS = {"reported": "reported_at", "closed": "closed_at"}
# Columns of the ticket as they stand there, and codes that have a word.
PLAIN = {
    code: code
    for code in (
        "ticket_no", "public_id", "priority", "area_class", "reported_at", "pooled_at", "assigned_at",
        "accepted_at", "contacted_at", "arrived_at", "finished_at", "closed_at", "appointment_start",
        "appointment_end", "accept_due_at", "resolve_due_at", "symptom_code", "cause_code",
        "responsibility", "satisfaction", "urge_count", "return_count", "reassign_count", "transfer_count",
        "reopen_count", "node_code",
    )
}  # fmt: skip
CHANNELS: labels.Labels = {
    "wechat_oa": pgettext_lazy("channel", "WeChat"),
    "h5": pgettext_lazy("channel", "Phone page"),
    "shop": pgettext_lazy("channel", "Shop"),
    "hotline_96066": pgettext_lazy("channel", "Hotline 96066"),
    "local_line": pgettext_lazy("channel", "Branch telephone"),
    "tech_direct": pgettext_lazy("channel", "Told to a technician"),
    "noc": pgettext_lazy("channel", "Network monitoring"),
}
WORDED: dict[str, tuple[str, labels.Labels]] = {
    "status": ("status", {state.value: word for state, word in LABELS.items()}),
    "channel": ("channel", CHANNELS),
    "close_code": ("close_code", labels.CLOSE_CODES),
    "hold_class": ("hold_class", labels.HOLDS),
}
FLAGS = {"was_overdue": "was_overdue", "remote": "remote"}
POINTING = {"type": "type_id", "grid": "grid_id", "department": "department_id", "technician": "technician_id"}
# Who a customer is, and what people wrote: callers tell names, numbers and doors.
PRIVATE = {code: code for code in ("contact_name", "contact_phone", "account_no", "description", "solution")}
DOOR = "address"
BESIDE = ("helpers", "charges_fen")
Columns = list[list[Any]]


def how_many(actor: Actor, by: str, start: datetime, end: datetime) -> int:
    """How many of the actor's tickets have this moment from `start` until before `end`. One query."""
    return _rows(actor, by, start, end).count()


def records(
    actor: Actor, by: str, start: datetime, end: datetime, codes: Sequence[str], after: Key | None = None,
    written: Collection[str] = (),
) -> Iterator[Part]:  # fmt: skip
    """These columns of those tickets, page by page, the earliest first. One to four queries a page, three before.

    `by`: one of PERIODS; moments of `written` are text. Name, phone, account number and what people wrote are empty,
    and the address is the coarse one, where the actor may not see them (selectors.may_reveal).
    """
    reading = _Reading(codes)
    rows = _rows(actor, by, start, end).annotate(revealed=_revealed(actor))
    names = ("revealed", *reading.fields)
    for page, last in keyset(rows, names, (PERIODS[by], "id"), after=after, size=PAGE, written=written):
        yield Part(reading.columns(page), last)


def _rows(actor: Actor, by: str, start: datetime, end: datetime) -> "QuerySet[Ticket]":
    within = {f"{PERIODS[by]}__gte": start, f"{PERIODS[by]}__lt": end}
    return visible_tickets(actor).select_related(None).order_by().filter(**within)


def _revealed(actor: Actor) -> Any:
    seen = revealed(actor)
    return Case(When(seen, then=True), default=False, output_field=BooleanField()) if seen else Value(True)


class _Reading:
    """What is asked for, and the names that rows point to: few enough to be known beforehand."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = codes
        english = (get_language() or "").startswith("en")
        kinds = TicketType.objects.values_list("id", "name_en" if english else "name_zh")
        units = {one.pk: one.name for one in people.org_tree()}
        self.names = {"type": dict(kinds), "grid": units, "department": units}
        worded = [code for code in codes if code in WORDED]
        self.words = {code: {key: str(word) for key, word in WORDED[code][1].items()} for code in worded}
        self.crew: dict[int | None, str] = {}
        self.fields = [column for code in codes for column in _columns_of(code)]

    def columns(self, page: dict[str, list[Any]]) -> Columns:
        """The page as the reader asked for it."""
        return [self._column(code, page) for code in self.codes]

    def _column(self, code: str, page: dict[str, list[Any]]) -> list[Any]:
        if code in PLAIN:
            return page[code]
        if code in WORDED:
            return [self.words[code].get(one, one) for one in page[WORDED[code][0]]]
        if code in FLAGS:
            return [int(one) for one in page[code]]
        if code in PRIVATE:
            return [one if seen else "" for one, seen in zip(page[code], page["revealed"], strict=True)]
        if code in self.names:
            return [self.names[code].get(one, "") for one in page[POINTING[code]]]
        return _SPECIAL[code](self, page)

    def technician(self, page: dict[str, list[Any]]) -> list[str]:
        """Who is new on this page is asked for; most were on one before."""
        ids = page["technician_id"]
        new = set(ids) - self.crew.keys() - {None}
        self.crew |= {pk: one.user.name for pk, one in people.technicians_named(new).items()} if new else {}
        return [self.crew.get(pk, "") for pk in ids]

    def address(self, page: dict[str, list[Any]]) -> list[str]:
        both = zip(page["address"], page["coarse_address"], page["revealed"], strict=True)
        return [whole if seen else coarse for whole, coarse, seen in both]

    def helpers(self, page: dict[str, list[Any]]) -> list[str]:
        """Who assists, in the order they were entered."""
        rows = Assignment.objects.filter(_of(page), ended_at__isnull=True).exclude(role="main")
        found: dict[int, list[str]] = {}
        for ticket, name in rows.order_by("id").values_list("ticket_id", "technician__user__name"):
            found.setdefault(ticket, []).append(name)
        return ["、".join(found.get(one, ())) for one in page["id"]]

    def charges_fen(self, page: dict[str, list[Any]]) -> list[int]:
        """What the customer pays, without what was let off."""
        rows = Charge.objects.filter(_of(page), waived=False).order_by().values_list("ticket_id")
        found = dict(rows.annotate(Sum("amount_fen")))
        return [int(found.get(one, 0)) for one in page["id"]]


def _of(page: dict[str, list[Any]]) -> Q:
    """Rows of these tickets: their ids as one text of an array; a parameter for each took longer than all the rest."""
    return Q(Among(F("ticket_id"), Value(f"{{{','.join(map(str, page['id']))}}}")))


_SPECIAL: dict[str, Callable[[_Reading, dict[str, list[Any]]], list[Any]]] = {
    "technician": _Reading.technician,
    DOOR: _Reading.address,
    "helpers": _Reading.helpers,
    "charges_fen": _Reading.charges_fen,
}


def _columns_of(code: str) -> tuple[str, ...]:
    """What a column needs of the ticket's own."""
    if code == DOOR:
        return "address", "coarse_address"
    if code in WORDED:
        return (WORDED[code][0],)
    if code in BESIDE:
        return ("id",)
    return ((PLAIN | FLAGS | POINTING | PRIVATE)[code],)
