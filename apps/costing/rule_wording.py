"""Words for what a rule set may break: what a person at the form reads beside the field."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.tickets.rules.judging import Complaint
from apps.tickets.wording import SENTENCES as SHARED

SENTENCES = SHARED | {
    "unknown": _("The rules have no such part."),
    "pattern": _("A number with at most two decimals, please, like 1.25."),
    "kind": _("A number, please."),
    "code": _("Small letters, digits and _, please, beginning with a letter."),
    "text": _("Please check this name: it has characters that cannot be kept."),
    "positive": _("More than 0, please."),
    "hour": _("A time like 20:00, please."),
    "order": _("More than in the step before, please."),
    "falling": _("Not more than in the step before: who is later does not earn more."),
    "rising": _("Not less than for the score before: who is liked more does not earn less."),
    "hundred": _("These add up to 100, please."),
    "month": _("A month like 2026-10, please."),
    "span": _("More than the low mark and at most 100, please."),
}


def sentences(complaints: Iterable[Complaint]) -> dict[str, list[str]]:
    """The complaints as a refusal tells them, by the place in the body."""
    told: dict[str, list[str]] = {}
    for one in complaints:
        told.setdefault(one.path or "body", []).append(str(SENTENCES[one.rule]) % {"limit": one.limit})
    return told
