"""送达记录: every card by state, way, reason and day; for one ticket who got what when."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.wechat import channel_words as words
from apps.wechat import deliveries
from apps.wechat.deliveries import Wanted
from apps.wechat.models import PushOutbox
from apps.wechat.rules.cards import CARDS
from steppe.kernel import clock
from steppe.kernel.actors import Actor


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The filter, the states with their numbers, the rows. Three queries besides who it is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted = _wanted(request)
    found = deliveries.deliveries_for(actor, wanted)
    context = {
        "wanted": wanted, "rows": [_shown(row) for row in found.rows], "tabs": _tabs(wanted, found.counts),
        "channels": [(name, words.CHANNELS[name]) for name in deliveries.channels() if name != "in_page"],
        "reasons": [(name, words.reason(name)) for name in found.reasons],
        "more": _link(wanted, before=found.more) if found.more else "",
    }  # fmt: skip
    return render(request, "wechat/deliveries.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    """What the address asks for; nonsense asks for nothing. Without a day and a ticket it is today."""
    told = {name: request.GET.get(name, "").strip()[:30] for name in ("day", "status", "channel", "reason", "ticket")}
    before = request.GET.get("before", "")
    day = _day(told["day"]) or (None if told["ticket"] else date.fromisoformat(clock.today()))
    status = told["status"] if told["status"] in words.STATES else ""
    return Wanted(
        day=day, status=status, channel=told["channel"], reason=told["reason"], ticket=told["ticket"],
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tabs(wanted: Wanted, counts: dict[str, int]) -> list[dict[str, Any]]:
    """All, then each state that occurs."""
    shown = [("", words.ALL, sum(counts.values()))]
    shown += [(name, word, counts[name]) for name, word in words.STATES.items() if counts.get(name)]
    return [
        {"word": word, "n": n, "here": name == wanted.status, "link": _link(wanted, status=name, before=None)}
        for name, word, n in shown
    ]


def _link(wanted: Wanted, **changes: object) -> str:
    parts = {
        "day": "" if wanted.day is None else wanted.day.isoformat(), "status": wanted.status,
        "channel": wanted.channel, "reason": wanted.reason, "ticket": wanted.ticket, "before": None,
    } | changes  # fmt: skip
    return "?" + urlencode({name: value for name, value in parts.items() if value})


def _name(row: PushOutbox) -> Any:
    if row.staff is not None:
        return row.staff.name
    return row.technician.user.name if row.technician else words.CUSTOMER


def _shown(row: PushOutbox) -> dict[str, Any]:
    """A row in words. Customers are not named: who may see them opens the ticket."""
    return {
        "row": row, "title": CARDS[row.template_key].title if row.template_key in CARDS else row.template_key,
        "to": _name(row),
        "channel": words.CHANNELS.get(row.channel, row.channel), "state": words.state(row.status, row.channel),
        "mood": words.MOODS.get(row.status, ""), "shape": words.SHAPES.get(row.status, "s-submitted"),
        "reason": words.reason(row.reason) if row.reason else "",
        "instead_of": words.CHANNELS.get(row.instead_of.channel, "") if row.instead_of else "",
        "ticket": f"?{urlencode({'ticket': row.ticket})}", "number": row.payload.get("number", ""),
    }  # fmt: skip
