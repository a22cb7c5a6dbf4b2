"""The page of one ticket: everything there is about it, in words and ready for the template."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from apps.console.cost_block import block_of
from apps.costing import points_read
from apps.inventory import material_read
from apps.tickets import labels, sentences
from apps.tickets.answers_read import told_before
from apps.tickets.clock_words import clock_lines
from apps.tickets.dossier import Call, dossier_of
from apps.tickets.files_read import Attachment, may_attach, may_take_off
from apps.tickets.labels import word
from apps.tickets.reasons import REASONS, reason_word
from apps.tickets.rules.definitions import word as field_word
from apps.tickets.selectors import TicketView
from apps.tickets.sentences import Names
from apps.tickets.step_forms import decisions
from apps.tickets.timeline import steps_of
from steppe.kernel.actors import Actor
from steppe.ui import formatting
from steppe.ui.spoken import moment, span

if TYPE_CHECKING:
    from apps.tickets.models import Photo, Ticket, TicketRequest


@dataclass(frozen=True)
class File:
    """A picture or a document: what it shows, and whether it fits the ticket. `doubts` make somebody look twice."""

    photo: "Photo"
    is_picture: bool
    title: str
    doubts: list[str]
    fits: str


@dataclass(frozen=True)
class Asked:
    """A request: for what, with which facts, by whom and why; what became of it."""

    request: "TicketRequest"
    what: str
    facts: str
    why: str
    state: str


@dataclass(frozen=True)
class CallLine:
    """A callback's answer or a try."""

    call: Call
    icon: str
    css: str
    what: str
    facts: str
    note: str


def page_of(actor: Actor, view: TicketView) -> dict[str, Any]:
    """The context of the page; as many queries as `dossier_of` and `sheet_of` say."""
    found = dossier_of(actor, view)
    waiting = found.pending
    return {
        "dossier": found,
        "steps": steps_of(found.history, reveal=view.reveal, names=found.names),
        "told_before": told_before(view.ticket, found.history),
        "clocks": clock_lines(found.clocks),
        "files": files_of(found.files, view.ticket),
        "may_attach": may_attach(actor, view),
        "loose": {one.photo.public_id for one in found.files if may_take_off(actor, one.photo, view)},
        "detach_reasons": REASONS["detach"].items(),
        "requests": [asked_words(one, found.names) for one in found.requests],
        "pending": asked_words(waiting, found.names) if waiting else None,
        "decisions": decisions(waiting, view, actor) if waiting else [],
        "calls": [_call_line(one) for one in found.calls],
        "callers": list(dict.fromkeys(one.by for one in found.calls if one.by)),
        "material": material_read.sheet_of(actor, view.ticket),
        "money_block": block_of(actor, view),
        "points": points_read.of_ticket(actor, view.ticket.public_id),
        "legal": moment(found.clocks.legal_due_at) if found.clocks.legal_due_at else "",
    }


def files_of(files: list[Attachment], ticket: "Ticket") -> list[File]:
    """Pictures first, then documents. No query if the type's version is loaded."""
    fields = {one.key: field_word(one, get_language() or "") for one in ticket.type_version.definition.fields}
    shown = [_file(one, fields) for one in files]
    return sorted(shown, key=lambda one: not one.is_picture)


def _file(file: Attachment, fields: dict[str, str]) -> File:
    photo = file.photo
    stages = {
        "arrive": _("Photo of the arrival"), "finish": _("Photo after the work"), "report": _("Photo of the report"),
    }  # fmt: skip
    usual = stages.get(photo.stage, pgettext("file", "Photo"))
    title = fields.get(photo.label) or (photo.name if photo.kind == "pdf" else usual) or _("Document")
    return File(photo, file.is_picture, title, _doubts(file), _fits(file))


def _doubts(file: Attachment) -> list[str]:
    check, found = file.check, []
    if check and check.far and check.metres is not None:
        found.append(_("taken %(distance)s away") % {"distance": formatting.distance(check.metres)})
    if check and check.early is not None:
        found.append(_("taken %(time)s too early") % {"time": span(check.early)})
    return found


def _fits(file: Attachment) -> str:
    """Where and when the picture says it was taken, if that fits."""
    here = file.check is not None and file.check.metres is not None and not file.check.far
    place = _("taken here") if here else ""
    return " · ".join(part for part in (place, moment(file.photo.taken_at) if file.photo.taken_at else "") if part)


def asked_words(request: "TicketRequest", names: Names | None = None) -> Asked:
    """A request in words. No query."""
    return Asked(
        request, word(labels.REQUESTS, request.kind), sentences.wish(request.asked, names),
        reason_word(request.kind, request.reason), word(labels.REQUEST_STATES, request.state),
    )  # fmt: skip


def _call_line(call: Call) -> CallLine:
    if call.attempt is not None:
        return CallLine(
            call, "call", "s-on_hold", _("Not reached"), word(labels.ATTEMPTS, call.attempt.outcome), call.attempt.note
        )
    answer = call.answer
    assert answer is not None
    what, look = {
        True: (_("Fixed"), "s-closed"), False: (_("Not fixed"), "overdue"), None: (_("Nobody answered"), "s-on_hold")
    }[answer.fixed]  # fmt: skip
    facts = [
        pgettext("history", "%(score)s of 5") % {"score": answer.score} if answer.score else "",
        _("was overcharged") if answer.overcharged else "",
        _("not on time") if answer.on_time is False else "",
        word(labels.COMPLAINTS, answer.complaint),
    ]
    css = "s-overdue" if look == "overdue" else look
    note = reason_word("callback_reject", answer.note)  # the agent's reason, or somebody's own words
    return CallLine(call, look, css, what, " · ".join(part for part in facts if part), note)
