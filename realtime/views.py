"""The stream over plain HTTP: to catch up after a gap, and where sockets do not pass."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from realtime.access import may_listen
from realtime.reading import stretch_after
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid, NotAllowed, Unauthenticated

MOST = 500  # who is further behind is better served by a fresh list


@never_cache
@require_GET
def hints(request: HttpRequest) -> JsonResponse:
    """`?epoch=&after=` → every number after `after`; 409 when only a fresh list can help. Three queries."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind == "anonymous":
        return _sign_in_first()
    if not may_listen(actor):
        raise NotAllowed
    stretch = stretch_after(_number(request.GET.get("after", "")), limit=MOST + 1)
    known = request.GET.get("epoch", "") == stretch.head.epoch
    if not known or not stretch.is_whole or len(stretch.events) > MOST:
        return JsonResponse({"snapshot": True}, status=409)
    found = list(stretch.frames_for(actor))
    return JsonResponse({"epoch": stretch.head.epoch, "head": stretch.last, "hints": found})


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid({"after": [str(Invalid.message)]})
    return int(text)


def _sign_in_first() -> JsonResponse:
    """A script asks here: it needs the status, not the sign-in page."""
    refusal = Unauthenticated()
    return JsonResponse({"code": refusal.code, "detail": refusal.sentence}, status=refusal.status)
