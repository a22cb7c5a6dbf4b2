"""What follows for a ticket from another type: its targets, and which answers go along."""

from dataclasses import asdict
from typing import Any

from apps.tickets.models import Photo, Ticket, TypeVersion
from apps.tickets.rules.definitions import STAGES
from apps.tickets.rules.forms import readable, same_answers
from apps.tickets.services import _answers as answers
from apps.tickets.services import _clocks as clocks

Columns = dict[str, Any]


def under(ticket: Ticket, form: TypeVersion) -> tuple[Columns, Columns]:
    """The columns of the ticket as one of this type, and what its history keeps of the change."""
    terms = asdict(clocks.terms_for(form.definition, area_class=ticket.area_class, priority=ticket.priority))
    columns, left = _answers(ticket, form)
    facts: Columns = {"terms": terms} | ({"left": {"version": ticket.type_version_id, **left}} if left else {})
    return columns | {"terms": terms}, facts


def _answers(ticket: Ticket, form: TypeVersion) -> tuple[Columns, Columns]:
    """The answers that say the same under the new form, and by stage those that stay behind under the old one."""
    old, new = ticket.type_version.definition, form.definition
    told = {stage: getattr(ticket, answers.WHERE[stage]) for stage in STAGES}
    kept = {stage: same_answers(old.at(stage), new.at(stage), told[stage]) for stage in STAGES}
    left = {stage: {key: one for key, one in told[stage].items() if key not in kept[stage]} for stage in STAGES}
    codes = dict.fromkeys(answers.columns_of(old, told["report"] | told["finish"]), "")
    codes |= answers.columns_of(new, kept["report"] | kept["finish"])
    columns = {answers.WHERE[stage]: kept[stage] for stage in STAGES} | codes
    return columns, {stage: rest for stage, rest in left.items() if rest}


def unname_pictures(ticket: Ticket, left: Columns) -> None:
    """Pictures that answered a question of the type before answer none of this one; they hang on the ticket as ever.

    One query where there are any.
    """
    old = ticket.type_version.definition
    for stage in STAGES:
        told = left.get(stage, {})
        told = {one.key: told[one.key] for one in old.at(stage) if one.key in told and readable(one, told[one.key])}
        if names := answers.pictures_in(old, stage, told):
            Photo.objects.filter(ticket_id=ticket.pk, public_id__in=names).update(label="")
