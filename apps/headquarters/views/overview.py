"""All branches side by side: the live pulse, and the figures of a period on a map, ranked, day by day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from apps.headquarters import given, selectors
from apps.headquarters.reporting.overview import overview_of
from apps.headquarters.reporting.told import told
from apps.headquarters.selectors import BranchLine, Overview

# One column for each thing people ask for; a state's shape stands in its head.
COLUMNS = (
    ("pooled", ("submitted", "pooled")),
    ("assigned", ("assigned",)),
    ("accepted", ("accepted",)),
    ("in_progress", ("in_progress",)),
    ("on_hold", ("on_hold",)),
    ("awaiting_callback", ("awaiting_callback",)),
)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All branches side by side; the table renews itself and asks for itself only, with four queries."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.overview(actor)
    context = _pulse(found)
    if getattr(request, "htmx", False):
        return render(request, "headquarters/_branches.html", context)
    on_map, rank = given.text(request.GET, "map", 30), given.text(request.GET, "rank", 30)
    pulse = {line.code: line for line in found.lines}
    context |= overview_of(actor, told(request.GET), pulse, on_map=on_map, rank=rank)
    return render(request, "headquarters/overview.html", context)


def _pulse(found: Overview) -> dict[str, Any]:
    return {
        "columns": [column for column, _ in COLUMNS],
        "lines": [_shown(line) for line in found.lines],
        "total": _shown(found.total),
        "as_of": found.as_of,
    }


def _shown(line: BranchLine) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    cells = [sum(line.states.get(state, 0) for state in states) for _, states in COLUMNS]
    return {
        "code": line.code,
        "name": (english and line.name_en) or line.name,
        "status": line.status,
        "cells": cells,
        "open": line.open,
        "today": line.today,
        "changed_at": line.changed_at,
    }
