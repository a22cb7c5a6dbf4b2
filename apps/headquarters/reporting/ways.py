"""Where the links of a page of figures lead: the same page stands at headquarters' site and at a branch's own."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Ways:
    """Names of the addresses. `ticket` leads to one ticket; at headquarters it names the branch too."""

    home: str
    home_word: str | Promise
    index: str
    kpi: str
    tickets: str
    ticket: str
    across: bool  # are there several branches?

    def named(self, home_word: str) -> "Ways":
        """With what the whole is called here."""
        return replace(self, home_word=home_word)

    def to_home(self) -> str:
        return reverse(self.home)

    def to_index(self) -> str:
        return reverse(self.index)

    def to_kpi(self, code: str) -> str:
        return reverse(self.kpi, args=[code])

    def to_tickets(self, code: str) -> str:
        return reverse(self.tickets, args=[code])

    def to_ticket(self, branch: str, public_id: str) -> str:
        return reverse(self.ticket, args=[branch, public_id] if self.across else [public_id])


HEADQUARTERS = Ways(
    "headquarters:overview", _("All branches"), "headquarters:kpis", "headquarters:kpi",
    "headquarters:kpi-tickets", "headquarters:ticket", True,
)  # fmt: skip
