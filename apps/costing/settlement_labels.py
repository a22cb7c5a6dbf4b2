"""Words for the small codes of the settlement: how far a month is, what was done, what a line or a dispute is."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Labels = Mapping[str, "str | Promise"]

STATES: Labels = {
    "open": pgettext_lazy("settlement month", "Open"),
    "calculated": pgettext_lazy("settlement month", "Calculated"),
    "published": pgettext_lazy("settlement month", "Published"),
    "reviewed": pgettext_lazy("settlement month", "Reviewed"),
    "approved": pgettext_lazy("settlement month", "Approved"),
    "locked": pgettext_lazy("settlement month", "Locked"),
    "exported": pgettext_lazy("settlement month", "Handed to payroll"),
}
STEPS: Labels = {
    "terms": pgettext_lazy("settlement step", "said what a point is worth"),
    "preview": pgettext_lazy("settlement step", "had a look before the end of the month"),
    "calculate": pgettext_lazy("settlement step", "calculated it"),
    "publish": pgettext_lazy("settlement step", "published it"),
    "silence": pgettext_lazy("settlement step", "confirmed those who said nothing"),
    "correct": pgettext_lazy("settlement step", "corrected it after a dispute"),
    "grid_leader": pgettext_lazy("settlement step", "looked at lines as grid leader"),
    "dept_manager": pgettext_lazy("settlement step", "looked at lines as department manager"),
    "accountant": pgettext_lazy("settlement step", "looked at lines as accountant"),
    "review": pgettext_lazy("settlement step", "finished the review"),
    "approve": pgettext_lazy("settlement step", "approved it"),
    "lock": pgettext_lazy("settlement step", "locked it"),
    "export": pgettext_lazy("settlement step", "handed it to payroll"),
    "unlock": pgettext_lazy("settlement step", "opened it anew"),
}
LEVELS: Labels = {
    "grid_leader": pgettext_lazy("settlement look", "Grid leader"),
    "dept_manager": pgettext_lazy("settlement look", "Department manager"),
    "accountant": pgettext_lazy("settlement look", "Accountant"),
}
LINES: Labels = {
    "open": pgettext_lazy("settlement line", "Not confirmed yet"),
    "confirmed": pgettext_lazy("settlement line", "Confirmed"),
    "disputed": pgettext_lazy("settlement line", "Disputed"),
}
DISPUTES: Labels = {
    "raised": pgettext_lazy("dispute", "Waits for the grid leader"),
    "refused": pgettext_lazy("dispute", "Refused; may go on to the manager"),
    "appealed": pgettext_lazy("dispute", "Waits for the department manager"),
    "won": pgettext_lazy("dispute", "Won"),
    "lost": pgettext_lazy("dispute", "Lost"),
    "withdrawn": pgettext_lazy("dispute", "Taken back"),
}
DISPUTE_STEPS: Labels = {
    "raise": pgettext_lazy("dispute step", "disputed it"),
    "grant": pgettext_lazy("dispute step", "granted it"),
    "refuse": pgettext_lazy("dispute step", "refused it"),
    "appeal": pgettext_lazy("dispute step", "went on to the manager"),
    "go_up": pgettext_lazy("dispute step", "nobody answered in time; it went on to the manager"),
    "accept": pgettext_lazy("dispute step", "accepted the answer"),
    "withdraw": pgettext_lazy("dispute step", "took it back"),
}
RUNS: Labels = {
    "waiting": pgettext_lazy("calculation", "Waits for its turn"),
    "running": pgettext_lazy("calculation", "At work"),
    "done": pgettext_lazy("calculation", "Done"),
    "cancelled": pgettext_lazy("calculation", "Cancelled"),
    "failed": pgettext_lazy("calculation", "Did not come to its end"),
}
MEASURES: Labels = {
    "timely": pgettext_lazy("measure", "In time"),
    "first_fix": pgettext_lazy("measure", "Mended at the first visit"),
    "satisfaction": pgettext_lazy("measure", "Satisfied customers"),
    "data": pgettext_lazy("measure", "Visits proved by the check-in"),
    "stock": pgettext_lazy("measure", "Van as in the books"),
}


def word(labels: Labels, code: str) -> str:
    """The word in the reader's language; a code nobody knows stays as it is."""
    return str(labels.get(code, code))


def state_word(state: str) -> str:
    """How far a month is."""
    return word(STATES, state)
