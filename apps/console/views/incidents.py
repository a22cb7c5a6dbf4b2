"""A likely network incident: the hint above the list, and the page that makes it one with its reports."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.console.access import actor_for, desk_actor, key_of
from apps.console.rows import row_of
from apps.console.words import refusal_words
from apps.tickets import selectors, services
from apps.tickets.suggesting import Cluster, likely_incidents
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, Invalid


@never_cache
@require_GET
def hint(request: HttpRequest) -> HttpResponse:
    """One line for each place from which many report the same; nothing at all on most days."""
    return render(request, "console/_incident_hint.html", {"clusters": likely_incidents(desk_actor(request))})


@never_cache
@require_http_methods(["GET", "POST"])
def likely(request: HttpRequest) -> HttpResponse:
    """The reports of each place; those that are ticked become reports of one incident.

    Its master is the one that is open there already (`master`), else the earliest of them.
    """
    actor = actor_for(request, "link_incident")
    if request.method == "GET":
        return _page(request, actor)
    names = request.POST.getlist("reports")[:200]
    try:
        if not names:
            raise Invalid
        first, *others = [*filter(None, [request.POST.get("master", "")[:20]]), *names]
        done = services.declare_incident(public_id=first, reports=others, by=actor, key=key_of(request))
    except (Conflict, Invalid) as refusal:
        return _page(request, actor, refusal_words(refusal), refusal.status)
    address = reverse("console:ticket", args=[done.public_id])
    return HttpResponseRedirect(f"{address}?done=declare-incident", status=303)


def _page(request: HttpRequest, actor: Actor, refusal: str = "", status: int = 200) -> HttpResponse:
    clusters = [(cluster, _rows(actor, cluster)) for cluster in likely_incidents(actor)]
    return render(request, "console/incidents.html", {"clusters": clusters, "refusal": refusal}, status=status)


def _rows(actor: Actor, cluster: Cluster) -> list[object]:
    return [row_of(selectors.view_of(actor, ticket)) for ticket in cluster.reports]
