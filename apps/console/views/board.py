"""The live screen: strip, list, map, and the fragments that keep them fresh."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import desk_actor, keeps_only_stock
from apps.console.filters import Shown
from apps.console.mapping import Seat, Spot, draw
from apps.console.rows import rows_of
from apps.console.strip import strip_of
from apps.console.words import type_name
from apps.people import selectors as people
from apps.tickets import desk, selectors
from apps.tickets.permissions import ACTIONS
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.journal import stream

MOST_IDS = 100
ENDINGS = ("管理区", "左旗", "右旗", "旗", "市", "县", "区", "网格")


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The whole screen. Its number is read before its data, so that replaying what came later is harmless.

    Who only keeps stock has nothing here, and is led there.
    """
    if keeps_only_stock(request):
        return redirect("console:stock")
    actor, shown = desk_actor(request), Shown.of(request, with_units=True)
    context = _list(actor, shown, request) | _strip(actor, shown)
    context["types"] = [(kind.code, type_name(kind)) for kind in selectors.ticket_types()]
    context["chosen"] = request.GET.get("t", "")[:20]
    return render(request, "console/home.html", context)


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The list afresh: a snapshot with its number, or with ?after= the next page."""
    actor, shown = desk_actor(request), Shown.of(request)
    template = "console/_more.html" if request.GET.get("after") else "console/_snapshot.html"
    return render(request, template, _list(actor, shown, request))


@never_cache
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The named rows as they are now; a named row that is not in this list any more says so."""
    actor, shown = desk_actor(request), Shown.of(request)
    ids = [name for name in request.GET.get("ids", "").split(",") if name.replace("-", "").replace("_", "").isalnum()]
    found = desk.desk_rows(actor, shown.wanted, ids[:MOST_IDS])
    here = {view.ticket.public_id for view in found}
    gone = [name for name in ids[:MOST_IDS] if name not in here]
    return render(request, "console/_changed.html", {"rows": rows_of(found, shown.wanted), "gone": gone})


@never_cache
@require_GET
def counters(request: HttpRequest) -> HttpResponse:
    """The strip, and the alarm under it."""
    return render(request, "console/_strip.html", _strip(desk_actor(request), Shown.of(request)))


@never_cache
@require_GET
def area(request: HttpRequest) -> HttpResponse:
    """The little map of the chosen node."""
    actor, shown = desk_actor(request), Shown.of(request, with_units=True)
    tickets = [
        Spot(point.lat, point.lng, point.public_id, point.status, point.late)
        for point in desk.desk_points(actor, shown.wanted)
    ]
    staff = _on_duty(shown.unit_path) if actor.scopes(ACTIONS["dispatch"]) else []
    drawing = draw(_seats(shown), tickets, [Spot(*one[:3]) for one in staff])
    free = sum(1 for one in staff if one[3] == 0)
    context = {"drawing": drawing, "shown": shown, "on_duty": len(staff), "free": free, "tickets": len(tickets)}
    return render(request, "console/_map.html", context)


def _list(actor: Actor, shown: Shown, request: HttpRequest) -> dict[str, Any]:
    head = stream.head()
    page = desk.desk_page(actor, shown.wanted, after=request.GET.get("after", ""), upto=request.GET.get("upto", ""))
    return {"head": head, "shown": shown, "rows": rows_of(page.rows, shown.wanted), "after": page.next_after}


def _strip(actor: Actor, shown: Shown) -> dict[str, Any]:
    return {"strip": strip_of(desk.desk_counts(actor, shown.wanted), shown, clock.now()), "shown": shown}


def _seats(shown: Shown) -> list[Seat]:
    """The seats to draw: below the chosen node, the largest kind that has places."""
    near = [unit for unit in shown.units if unit.path.startswith(shown.unit_path) and unit.lat is not None]
    for kind in ("sub_branch", "grid"):
        level = [unit for unit in near if unit.kind == kind]
        if len(level) > 1:
            return [Seat(unit.code, _short(unit.name), unit.lat or 0.0, unit.lng or 0.0) for unit in level]
    return [Seat(unit.code, _short(unit.name), unit.lat or 0.0, unit.lng or 0.0) for unit in near[:1]]


def _short(name: str) -> str:
    """Names as people say them on a small map: 锡林浩特 for 锡林浩特市."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1 and ending not in {"左旗", "右旗"}:
            return name.removesuffix(ending)
    return name[:-1] if name.endswith(("左旗", "右旗")) else name


def _on_duty(path: str) -> list[tuple[float, float, str, int]]:
    return [
        (one.lat, one.lng, _("%(name)s %(n)s/%(cap)s") % {"name": one.user.name, "n": one.open_count, "cap": one.cap},
         one.open_count)
        for one in sorted(people.technicians(), key=lambda one: -one.open_count)
        if one.on_duty and one.org_unit.path.startswith(path)
    ]  # fmt: skip
