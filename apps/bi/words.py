"""What the page 连接 says: the sets by name, and what was done."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SETS = {
    "Tickets": pgettext_lazy("bi", "Tickets"),
    "Assignments": pgettext_lazy("bi", "Who had which ticket"),
    "Steps": pgettext_lazy("bi", "Steps of tickets"),
    "Breaches": pgettext_lazy("bi", "Clocks that ran out"),
    "Callbacks": pgettext_lazy("bi", "Callbacks and ratings"),
    "StockBalances": pgettext_lazy("bi", "Stock balances"),
    "StockMoves": pgettext_lazy("bi", "Stock movements"),
    "Points": pgettext_lazy("bi", "Ledger of work points"),
    "AccountLines": pgettext_lazy("bi", "Costs and revenue, line by line"),
    "Types": pgettext_lazy("bi", "Ticket types"),
    "Grids": pgettext_lazy("bi", "Organisation and grids"),
    "Staff": pgettext_lazy("bi", "Technicians by number"),
    "Branches": pgettext_lazy("bi", "Branches"),
    "BranchDays": pgettext_lazy("bi", "Counts by branch and day"),
    "DailyFacts": pgettext_lazy("bi", "Figures by branch and day"),
    "BranchMonths": pgettext_lazy("bi", "Sums by branch and month"),
    "BranchStates": pgettext_lazy("bi", "Tickets by branch and state"),
}
DONE = {
    "revoked": _("Revoked. It is refused from now on."),
    "ended": _("The reader is gone, and whoever was signed in with it is out."),
}
