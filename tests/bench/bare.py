"""The calibration: a Django view that returns a small JSON, behind gunicorn with two sync workers. Nothing else."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path


def small(request: HttpRequest) -> JsonResponse:
    """A dozen bytes."""
    return JsonResponse({"ok": True, "n": 1})


urlpatterns = [path("bare", small)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[], SECRET_KEY="bare", DEBUG=False)
django.setup()
application = WSGIHandler()
