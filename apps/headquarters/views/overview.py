"""All branches side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from apps.headquarters import selectors
from apps.headquarters.selectors import BranchLine

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
    """All branches side by side; the table renews itself and asks for itself only."""
    found = selectors.overview(request.actor)  # type: ignore[attr-defined]
    context = {
        "columns": [column for column, _ in COLUMNS],
        "lines": [_shown(line) for line in found.lines],
        "total": _shown(found.total),
        "as_of": found.as_of,
    }
    fragment = getattr(request, "htmx", False)
    return render(request, "headquarters/_branches.html" if fragment else "headquarters/overview.html", context)


def _shown(line: BranchLine) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    cells = [sum(line.states.get(state, 0) for state in states) for _, states in COLUMNS]
    return {
        "name": (english and line.name_en) or line.name,
        "status": line.status,
        "cells": cells,
        "open": line.open,
        "today": line.today,
        "changed_at": line.changed_at,
    }
