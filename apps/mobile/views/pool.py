"""抢单: the pool of the technician's scope, nearest first, and the switch that says “I listen”."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.mobile import doors
from apps.mobile.doors import Live
from apps.mobile.entry import Request, ask_wechat, technician_only
from apps.mobile.views import _answers as answer
from apps.people.services import set_duty
from apps.tickets import selectors as tickets
from apps.tickets.selectors import PoolCard
from tenants.context import policy


@dataclass(frozen=True)
class Card:
    """A pooled ticket with the whole time its accept clock had, in minutes (amber in the last fifth)."""

    card: PoolCard
    target: float

    @property
    def sort(self) -> int:
        """Nearest first; without a distance last."""
        return int(self.card.distance_m) if self.card.distance_m is not None else 10**9


@ask_wechat
@technician_only
@require_safe
def pool(request: Request) -> HttpResponse:
    """The cards, live."""
    live = Live.now()
    me = answer.myself(request)
    cards = cards_of(tickets.pool_for(request.actor, lat=me.lat, lng=me.lng))
    context = {
        "live": live, "me": me, "cards": cards, "room": max(0, me.cap - me.open_count), "tab": "pool",
        "jssdk_config": doors.address("wechat:jssdk-config"),
    }  # fmt: skip
    return render(request, "mobile/pool.html", context)


@technician_only
@require_safe
def pool_rows(request: Request) -> HttpResponse:
    """The named cards, or all with the stream's number. A card that another has taken says so."""
    live, wanted = Live.now(), request.GET.get("ids")
    me = answer.myself(request)
    only = None if wanted is None else wanted.split(",")
    cards = cards_of(tickets.pool_for(request.actor, lat=me.lat, lng=me.lng, only=only))
    taken = tickets.left_pool(request.actor, only) if only else []
    context = {"cards": cards, "taken": taken, "me": me}
    return answer.rows(request, "mobile/_pool_rows.html", context, live)


@technician_only
@require_POST
def duty(request: Request) -> HttpResponse:
    """Start or stop listening; the position is taken only when it starts."""
    on = request.POST.get("on") == "1"
    lat, lng = (answer.number_of(request, name) if on else None for name in ("lat", "lng"))
    set_duty(on_duty=on, lat=lat, lng=lng, by=request.actor, key=answer.key_of(request))
    back = "mobile:me" if request.POST.get("from") == "me" else "mobile:pool"
    return answer.see_other(reverse(back))


def cards_of(found: list[PoolCard]) -> list[Card]:
    """The cards with their clocks' whole length. No query."""
    rules = policy()
    return [Card(card, rules.accept_target(card.view.ticket.area_class)) for card in found]
