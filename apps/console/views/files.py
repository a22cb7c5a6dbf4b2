"""Files of a ticket: added by hand on its page, and taken off again with a reason."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.console.access import actor_for, key_of
from apps.console.forms import StepForm
from apps.console.views import ticket as sheet
from apps.tickets import selectors, services
from apps.tickets.errors import FileTooLarge
from steppe.kernel.actors import Actor
from steppe.kernel.commands import KEY_LENGTH, Receipt
from steppe.kernel.errors import Conflict, Invalid, NotFound
from tenants.context import policy

MOST = 20  # in one go


@require_POST
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was uploaded before by script, and what came with the form itself (a browser without scripts)."""
    actor = actor_for(request, "attach")

    def work() -> Receipt:
        names = (*request.POST.getlist("photos")[:MOST], *_sent(request, actor))
        return services.attach_files(public_id=public_id, photos=names, by=actor, key=key_of(request))

    return _done(request, actor, public_id, "attach", work)


@require_POST
def take_off(request: HttpRequest, public_id: str) -> HttpResponse:
    """It does not belong here, because …"""
    actor = actor_for(request, "attach")
    given = {"photo": request.POST.get("photo", ""), "reason": StepForm(request.POST).parsed()["reason"]}
    own: dict[str, str | Actor] = {"public_id": public_id, "by": actor, "key": key_of(request)}
    return _done(request, actor, public_id, "detach", lambda: services.take_off_file(**given, **own))


def _sent(request: HttpRequest, actor: Actor) -> list[str]:
    """The same form sent again keeps the same files."""
    key, limit, kept = key_of(request), policy().document_max_mb, []
    for place, file in enumerate(request.FILES.getlist("photo_files")[:MOST]):
        if (file.size or 0) > max(limit, policy().photo_max_mb) * 1024 * 1024:
            raise FileTooLarge(mb=limit)
        part = hashlib.sha256(f"{key}/file{place}".encode()).hexdigest()[:KEY_LENGTH]
        told = {"content": file.read(), "stage": "report", "name": file.name or ""}
        kept.append(services.upload_photo(**told, by=actor, key=part).public_id)
    return kept


def _done(
    request: HttpRequest, actor: Actor, public_id: str, action: str, work: Callable[[], Receipt]
) -> HttpResponse:  # fmt: skip
    selectors.ticket_for(actor, public_id)
    try:
        work()
    except (Conflict, Invalid, NotFound) as refusal:
        return sheet.refused(request, actor, public_id, refusal)
    return HttpResponseRedirect(f"{reverse('console:ticket', args=[public_id])}?done={action}", status=303)
