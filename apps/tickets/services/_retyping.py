"""What follows for a ticket from another type: which answers go along, where it stands, how urgent it is."""

from dataclasses import asdict
from typing import Any

from apps.tickets.models import Photo, Ticket, TicketEvent, TypeVersion
from apps.tickets.rules.definitions import STAGES
from apps.tickets.rules.forms import readable, same_answers
from apps.tickets.rules.workflow import State
from apps.tickets.services import _answers as answers
from apps.tickets.services import _clocks as clocks
from apps.tickets.services._opening import judged, queue_of
from apps.tickets.services.repeats import URGENT

URGED = 2  # urges that make a ticket urgent
Columns = dict[str, Any]


def under(ticket: Ticket, form: TypeVersion) -> tuple[Columns, Columns]:
    """The columns of the ticket as one of this type, and what its history keeps of the change."""
    priority, queue = _priority(ticket, form), _queue(ticket, form)
    terms = asdict(clocks.terms_for(form.definition, area_class=ticket.area_class, priority=priority))
    columns, left = _answers(ticket, form)
    facts: Columns = {"terms": terms} | ({"left": {"version": ticket.type_version_id, **left}} if left else {})
    if priority != ticket.priority:
        facts |= {"was_priority": ticket.priority, "priority": priority}
    if queue:
        unit, grid = queue["department"], ticket.grid
        facts |= {"queue": unit.name if unit else grid and grid.name, "department": unit.code if unit else ""}
    return columns | queue | {"priority": priority, "terms": terms}, facts


def _answers(ticket: Ticket, form: TypeVersion) -> tuple[Columns, Columns]:
    """The answers that say the same under the new form, and by stage those that stay behind under the old one."""
    old, new = ticket.type_version.definition, form.definition
    told = {stage: getattr(ticket, answers.WHERE[stage]) for stage in STAGES}
    back = _told_as(ticket, form)
    kept = {stage: back[stage] | same_answers(old.at(stage), new.at(stage), told[stage]) for stage in STAGES}
    left = {stage: {key: one for key, one in told[stage].items() if key not in kept[stage]} for stage in STAGES}
    codes = dict.fromkeys(answers.columns_of(old, told["report"] | told["finish"]), "")
    codes |= answers.columns_of(new, kept["report"] | kept["finish"])
    columns = {answers.WHERE[stage]: kept[stage] for stage in STAGES} | codes
    return columns, {stage: rest for stage, rest in left.items() if rest}


def _told_as(ticket: Ticket, form: TypeVersion) -> Columns:
    """By stage, what stayed behind when it ceased to be of this type: a change that is taken back brings it back.

    One query; two if there is any.
    """
    steps = TicketEvent.objects.filter(ticket_id=ticket.pk, action="change_type", data__has_key="left")
    was_so = steps.filter(data__from=form.type.code).order_by("-version").values_list("data__left", flat=True)
    left = was_so.first() or {}
    old = TypeVersion.objects.get(pk=left["version"]).definition if left else form.definition
    return {stage: same_answers(old.at(stage), form.definition.at(stage), left.get(stage, {})) for stage in STAGES}


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


def _priority(ticket: Ticket, form: TypeVersion) -> int:
    """The new type's own where it had its old type's, as if it had been reported so. What somebody judged stays."""
    usual = form.definition.priority
    if ticket.priority != ticket.type_version.definition.priority or _was_set(ticket):
        return judged(ticket.priority, usual)
    return min(usual, URGENT) if ticket.urge_count >= URGED or ticket.repeat_of_id else usual


def _was_set(ticket: Ticket) -> bool:
    return TicketEvent.objects.filter(ticket_id=ticket.pk, action="change_priority").exists()


def _queue(ticket: Ticket, form: TypeVersion) -> Columns:
    """Another first queue, for a ticket that stands in its type's own. Where somebody put it, it stays."""
    if ticket.status not in {State.SUBMITTED, State.POOLED} or ticket.transfer_count or ticket.parent_id:
        return {}
    here = {"org_path": ticket.org_path, "department": ticket.department}
    if here != queue_of(ticket, ticket.type_version.definition):
        return {}
    there = queue_of(ticket, form.definition)
    return there if there != here else {}
