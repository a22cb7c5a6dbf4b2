"""What waits for a decision: who asks for what and why, and yes or no beside it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import requests_reader
from apps.console.rows import row_of
from apps.console.ticket_page import Asked, asked_words
from apps.tickets.requests_read import Waiting, types_named, waiting_for
from apps.tickets.sentences import Names
from apps.tickets.step_forms import StepForm, decisions
from steppe.kernel.actors import Actor

if TYPE_CHECKING:
    from apps.console.rows import Row
    from apps.tickets.models import Ticket


@dataclass(frozen=True)
class Line:
    """A request, its ticket and what the reader may say to it."""

    asked: Asked
    ticket: "Ticket"
    row: "Row"
    decisions: list[type[StepForm]]


@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """The oldest first; what one asked for oneself stands below, to be taken back."""
    actor = requests_reader(request)
    found = waiting_for(actor)
    names = Names(types=types_named(one.request for one in found))
    context = {
        "theirs": [_line(one, actor, names) for one in found if not one.mine],
        "mine": [_line(one, actor, names) for one in found if one.mine],
    }
    part = getattr(request, "htmx", False)
    return render(request, "console/_requests.html" if part else "console/requests.html", context)


def _line(waiting: Waiting, actor: Actor, names: Names) -> Line:
    given = decisions(waiting.request, waiting.view, actor)
    return Line(asked_words(waiting.request, names), waiting.view.ticket, row_of(waiting.view), given)
