"""Words for the rules that a value may break: what a person at the form reads beside the field."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.tickets.rules.judging import Complaint

SENTENCES = {
    "missing": _("Please fill this in."),
    "unknown": _("This type of ticket has no such field."),
    "kind": _("Please check this value: it is not of the kind that is asked."),
    "choice": _("Please choose one of the offered values."),
    "pattern": _("Please check this value: it has characters or a length that cannot be."),
    "least": _("At least %(limit)s, please."),
    "most": _("At most %(limit)s, please."),
    "shortest": _("At least %(limit)s characters, please."),
    "longest": _("At most %(limit)s characters, please."),
    "fewest": _("At least %(limit)s of them, please."),
    "many": _("At most %(limit)s of them, please."),
    "twice": _("This name is used twice."),
    "no_options": _("Please add at least one choice."),
    "options": _("At most %(limit)s choices in all fields together, please."),
    "other_kind": _("This kind of field cannot have that."),
    "count": _("A whole number from 1 to %(limit)s, please."),
    "not_there": _("This picture did not get through. Please take it again."),
    "shown_before": _("This picture is of an earlier visit. Please take a new one."),
    "shown_twice": _("This picture answers another question already. Please take one for this question."),
    "order": _("This comes after the one before, please."),
    "law": _("The law's limit cannot be shorter than our own promise."),
    "no_queue": _("This branch has no department with this code."),
}


def sentences(complaints: Iterable[Complaint], where: str = "") -> dict[str, list[str]]:
    """The complaints as a refusal tells them: by field, below `where`."""
    told: dict[str, list[str]] = {}
    for one in complaints:
        name = ".".join(part for part in (where, one.path) if part)
        told.setdefault(name, []).append(str(SENTENCES[one.rule]) % {"limit": one.limit})
    return told
