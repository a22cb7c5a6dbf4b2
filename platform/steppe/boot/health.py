"""`/livez` and `/readyz`, before the branch is looked up: a probe comes by address, not by a branch's name."""

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from steppe.kernel import wake


class HealthMiddleware:
    """Alive needs nothing; ready needs PostgreSQL. Without Valkey we are degraded but still take tickets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return JsonResponse({"status": "pass"})
        if request.path == "/readyz":
            return _ready()
        return self.get_response(request)


def _ready() -> JsonResponse:
    checks = {"database": _database(), "valkey": _valkey()}
    status = "fail" if checks["database"] == "fail" else "warn" if checks["valkey"] == "fail" else "pass"
    return JsonResponse({"status": status, "checks": checks}, status=503 if status == "fail" else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "pass"
    except Error:
        return "fail"


def _valkey() -> str:
    try:
        wake.client().ping()
        return "pass"
    except Exception:  # noqa: BLE001 - any failure means the same here
        return "fail"
