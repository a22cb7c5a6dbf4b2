"""来电: who calls this agent now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console import calling
from apps.console.access import actor_for


@never_cache
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """What <fs-calls> puts on any page of the desk."""
    return render(request, "console/_calls.html", {"rings": calling.rings(actor_for(request, "submit"))})
