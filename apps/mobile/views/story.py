"""Everything of one ticket for the technician: what happened, the clocks, who helps, what belongs together."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.mobile.entry import Request, ask_wechat, technician_only
from apps.tickets import selectors as tickets
from apps.tickets.clock_words import clock_lines
from apps.tickets.dossier import dossier_of
from apps.tickets.timeline import steps_of
from steppe.ui.spoken import moment


@ask_wechat
@technician_only
@require_safe
def story(request: Request, public_id: str) -> HttpResponse:
    """The page behind the ticket; it changes nothing and asks no more often for a long story than for a short one."""
    view = tickets.ticket_for(request.actor, public_id)
    found = dossier_of(request.actor, view)
    legal = found.clocks.legal_due_at
    context = {
        "view": view, "ticket": view.ticket, "dossier": found, "clocks": clock_lines(found.clocks),
        "steps": steps_of(found.history, reveal=view.reveal, names=found.names),
        "legal": moment(legal) if legal else "",
    }  # fmt: skip
    return render(request, "mobile/story.html", context)
