"""The style guide: every component in every state. It is the design's documentation and its screenshot test."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from steppe.ui import samples

PAGES = ("components", "console", "phone", "pool", "ticket", "error")

REFUSAL = {"code": "tickets.already_taken", "status": 409, "sentence": "巴特尔 13:42 已接这张工单。"}


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Our icon, under the name browsers guess."""
    return HttpResponseRedirect(static("ui/icon.svg"))


@require_safe
def styleguide(request: HttpRequest, page: str) -> HttpResponse:
    """One page of the guide; ?theme=dark and ?text=large fix what is otherwise the visitor's choice."""
    if page not in PAGES or not (settings.DEBUG or getattr(settings, "STEPPE_STYLEGUIDE", False)):
        raise Http404
    context = {
        **samples.context(),
        **(REFUSAL if page == "error" else {}),
        "theme": _one_of(request.GET.get("theme"), ("light", "dark")),
        "text_size": _one_of(request.GET.get("text"), ("large",)),
    }
    return render(request, f"ui/styleguide/{page}.html", context)


def _one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""
