"""模板: which types the branches use, what their own ones count as, and the versions offered to them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.headquarters import templates_read
from apps.headquarters.permissions import TEMPLATES
from apps.headquarters.rules.types import COMMON
from apps.headquarters.services import types as services
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, Invalid, KeyMissing

DONE = {
    "mapped": _("Noted. Figures by type count it so from now on."),
    "published": _("Published. Each branch decides itself whether it takes it over."),
}
LONGEST = {"branch": 8, "code": 30, "common_code": 30, "note": 200}


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Own types first, then the common ones."""
    return _page(request, _actor(request))


@require_POST
def map_type(request: HttpRequest) -> HttpResponse:
    """A branch's own type counts as a common one, or no longer."""
    actor, told = _actor(request), _told(request, "branch", "code", "common_code")
    return _do(request, actor, "mapped", lambda key: services.map_type(**told, by=actor, key=key))


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """What a branch's type says becomes the template's next version."""
    actor, told = _actor(request), _told(request, "branch", "code", "note")
    seen = request.POST.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0
    return _do(request, actor, "published", lambda key: services.adopt_template(**told, seen=number, by=actor, key=key))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, TEMPLATES)
    return actor


def _told(request: HttpRequest, *names: str) -> dict[str, Any]:
    return {name: request.POST.get(name, "").replace("\x00", "").strip()[: LONGEST[name]] for name in names}


def _do(request: HttpRequest, actor: Actor, done: str, work: Callable[[str], Receipt]) -> HttpResponse:
    key = request.POST.get("idempotency_key", "")
    if not key:
        raise KeyMissing
    try:
        work(key)
    except (Conflict, Invalid) as refusal:
        return _page(request, actor, refusal.sentence, refusal.status)
    return HttpResponseRedirect(f"{reverse('headquarters:templates')}?done={done}", status=303)


def _page(request: HttpRequest, actor: Actor, refusal: str = "", status: int = 200) -> HttpResponse:
    """Three queries besides who it is."""
    english = (get_language() or "").startswith("en")
    context = {
        "types": templates_read.all_types(actor), "refusal": refusal, "said": DONE.get(request.GET.get("done", "")),
        "choices": [(code, one.en if english else one.zh) for code, one in COMMON.items()],
    }  # fmt: skip
    return render(request, "headquarters/templates.html", context, status=status)
