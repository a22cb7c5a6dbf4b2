"""总部模板: what headquarters offers, what it would change here, and taking it over."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import key_of, types_keeper
from apps.console.type_changes import sentences
from apps.headquarters.offers_read import Offer, offers_for
from apps.headquarters.services.offers import take_over
from apps.tickets.rules.definitions import Definition
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, Invalid


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Each with every difference in words. Two queries besides who it is."""
    return _page(request, types_keeper(request))


@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Ours from now on, as a new version of our type."""
    actor = types_keeper(request)
    number, seen = (_number(request.POST.get(name, "")) for name in ("number", "seen"))
    try:
        take_over(code=code, number=number, seen=seen, by=actor, key=key_of(request))
    except (Conflict, Invalid) as refusal:
        told = [sentence for several in getattr(refusal, "fields", {}).values() for sentence in several]
        return _page(request, actor, " ".join([refusal.sentence, *told]), refusal.status)
    return HttpResponseRedirect(f"{reverse('console:type', args=[code])}?done=published", status=303)


def _page(request: HttpRequest, actor: Actor, refusal: str = "", status: int = 200) -> HttpResponse:
    offers = [(one, _changes(one)) for one in offers_for(actor)]
    context = {"offers": offers, "refusal": refusal}
    return render(request, "console/type_offers.html", context, status=status)


def _changes(offer: Offer) -> list[str]:
    """What is different; our own first department stays."""
    if offer.have is None:
        return []
    was = offer.have.definition
    return sentences(was, Definition.read(offer.template.body | {"first_queue": was.first_queue}))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
