"""`/wx/media`: a picture chosen with WeChat's own button. The page names it, the server fetches and keeps it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.wechat.chat_errors import MediaGone
from apps.wechat.inbound.told import MEDIA_ID
from apps.wechat.services.media import keep_media
from apps.wechat.views import throttle
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed, Unauthenticated


@never_cache
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """The picture's name here, as an upload answers it. Raises what keep_media raises; 429 for who asks too often.

    The same picture again is the same answer, so it needs no key. One call to WeChat: nobody but the asker waits.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind == "anonymous":
        raise Unauthenticated
    if actor.kind != "customer" and actor.technician_id is None:
        raise NotAllowed
    throttle.count(request, "media")
    media_id, stage = request.POST.get("server_id", ""), request.POST.get("stage", "report")
    if not MEDIA_ID.fullmatch(media_id):
        raise MediaGone
    return JsonResponse({"id": keep_media(media_id=media_id, stage=stage, by=actor)}, status=201)
