"""The words of the search page: tabs, filters, orders."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.console.forms import CHANNELS
from apps.tickets.states import TAB_LABELS

Words = str | Promise

OVERDUE: tuple[tuple[str, Words], ...] = (
    ("now", pgettext_lazy("search", "overdue now")),
    ("ever", pgettext_lazy("search", "was overdue")),
)
DAYS: tuple[tuple[int, Words], ...] = ((1, _("Today")), (7, _("7 days")), (30, _("30 days")), (90, _("90 days")))
PERIODS: tuple[tuple[str, Words], ...] = (
    ("reported", pgettext_lazy("search", "reported")),
    ("closed", pgettext_lazy("search", "closed")),
)
PRIORITIES = ((0, "P0"), (1, "P1"), (2, "P2"), (3, "P3"))
SORTS: tuple[tuple[str, Words], ...] = (
    ("newest", _("newest first")),
    ("oldest", _("oldest first")),
    ("due", _("least time left first")),
    ("ended", _("ended last first")),
)


def tabs() -> list[tuple[str, Words]]:
    """All of them first."""
    return [("", pgettext_lazy("search", "All")), *TAB_LABELS.items()]


def channels() -> list[tuple[str, Words]]:
    """How reports come."""
    more = (("wechat_oa", pgettext_lazy("channel", "WeChat")), ("h5", pgettext_lazy("channel", "Phone page")))
    return [*more, *CHANNELS]


def said(done: str) -> str:
    """A word about the search just kept, renamed or deleted."""
    return {
        "saved": _now("The search is kept."),
        "renamed": _now("It has its new name."),
        "deleted": _now("The search is deleted."),
    }.get(done, "")
