"""Orders of a search, and the mark by which its next page goes on where this one ended (keyset)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.tickets.models import Ticket
from steppe.kernel.errors import Invalid


@dataclass(frozen=True)
class Order:
    """A moment of the ticket; without it the report's. Equal moments stand in the order of their ids."""

    column: str
    descending: bool = False

    def placed(self, rows: "QuerySet[Ticket]", *, sorted_anew: bool) -> tuple["QuerySet[Ticket]", str]:
        """The rows, and by which name they have the moment. `sorted_anew`: as an expression that no index has in its
        order, so that none is walked; else a column as it is, which is also the cheapest to write.
        """
        instead = self.column if self.column in {"reported_at", "closed_at"} else "reported_at"
        if instead == self.column and not sorted_anew:
            return rows, self.column
        return rows.annotate(place=Coalesce(self.column, instead)), "place"

    def mark(self, ticket: Ticket) -> str:
        """What `beyond` goes on from."""
        moment: datetime = getattr(ticket, self.column) or ticket.reported_at
        return f"{moment.isoformat()}|{ticket.pk}"

    def beyond(self, place: str, mark: str) -> Q:
        """What comes after the marked row. Raises Invalid for a mark that we never gave."""
        at, last = _read(mark)
        way = "lt" if self.descending else "gt"
        # "not before" says nothing more, but lets an index begin at the mark
        return Q(**{f"{place}__{way}e": at}) & (Q(**{f"{place}__{way}": at}) | Q(**{f"id__{way}": last}))

    def sorting(self, place: str) -> tuple[str, str]:
        """For `order_by`."""
        return (f"-{place}", "-id") if self.descending else (place, "id")


_DUE = {"pooled": Order("accept_due_at"), "awaiting_callback": Order("callback_due_at")}
_ORDERS = {
    "newest": Order("reported_at", descending=True),
    "oldest": Order("reported_at"),
    "ended": Order("closed_at", descending=True),
}


def order_of(tab: str, sort: str) -> Order:
    """Which clock a ticket has least time left of depends on its tab."""
    return _DUE.get(tab, Order("resolve_due_at")) if sort == "due" else _ORDERS[sort]


def _read(mark: str) -> tuple[datetime, int]:
    try:
        moment, pk = mark.replace(" ", "+").rsplit("|", 1)
        at, last = datetime.fromisoformat(moment), int(pk)
        if at.tzinfo is None or not 2000 <= at.year <= 3000 or not 0 < last < 2**63:
            raise ValueError
    except ValueError as error:
        raise Invalid({"after": [_("This page of the list cannot be found. Please start again.")]}) from error
    return at, last
