"""Refusals on pages: the right status and one clear sentence, as a page or as a fragment for htmx."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from steppe.kernel.errors import DomainError, NotFound, OurFault, Unauthenticated

SWAPPED = {409, 422}  # the page shows these in place; any other refusal of a fragment is said in a toast


class RefusalMiddleware:
    """Turns a refusal raised by a page's view into its answer; the API has a handler of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, DomainError) else None


def answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The refusal as this caller can read it: sign-in page, JSON, fragment or page."""
    if isinstance(refusal, Unauthenticated) and request.method == "GET" and not getattr(request, "htmx", False):
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()}, safe='/')}")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": refusal.code, "detail": refusal.sentence}, status=refusal.status)
    template = "ui/_refusal.html" if getattr(request, "htmx", False) else "ui/error.html"
    context = {"code": refusal.code, "sentence": refusal.sentence, "status": refusal.status, "home_url": _home(request)}
    response = render(request, template, context, status=refusal.status)
    response["X-Refusal"] = refusal.code
    if getattr(request, "htmx", False) and refusal.status not in SWAPPED:
        trigger_client_event(response, "toast", {"text": refusal.sentence, "kind": "bad"})
    return response


def _home(request: HttpRequest) -> str:
    """The start page of the pages one is on: a phone has no use for the dispatcher's desk."""
    return next((start for start in ("/w/", "/h5/") if request.path.startswith(start)), "/")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another site, or one that waited too long."""
    sentence = _("This form is too old or came from another site. Please reload the page.")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": "kernel.csrf", "detail": sentence}, status=403)
    return render(request, "ui/error.html", {"code": "kernel.csrf", "sentence": sentence, "status": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address nobody serves; in words, not as a bare 404."""
    return answer(request, NotFound())


def failed(request: HttpRequest) -> HttpResponse:
    """Our own fault. The cause stands in the log; the person learns that nothing is lost."""
    return answer(request, OurFault())
