"""The API's description, read off the views by convention instead of decorators.

A view's nested `Query` and `Output` are a read's parameters and answer, `Input` and `Done` a write's body and
answer; every write takes the idempotency key; every refusal has the one problem shape.
"""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The branch's own cookie, and for writes the CSRF token beside it."""

    target_class = "steppe.kernel.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


SAFE = {"GET", "HEAD", "OPTIONS"}


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457): `code` is stable English, `detail` a sentence in the reader's language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)  # type: ignore[assignment]
    facts = serializers.DictField(child=serializers.CharField(), required=False)


REFUSED = OpenApiResponse(Problem, description="Refused; nothing has changed.")
KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="The client's own name for this request, up to 64 characters. The same key again gets the same answer.",
)


class Schema(AutoSchema):
    """Nested serializers, the key, and the refusals."""

    def get_request_serializer(self) -> Any:
        return None if self.method in SAFE else getattr(self.view, "Input", None)

    def get_response_serializers(self) -> Any:
        reads = self.method in SAFE
        answer = getattr(self.view, "Output", None) if reads else getattr(self.view, "Done", None)
        status = "200" if reads else str(getattr(self.view, "success", 200))
        return {status: answer, "4XX": REFUSED} if answer else {"4XX": REFUSED}

    def get_override_parameters(self) -> list[Any]:
        if self.method not in SAFE:
            return [KEY]
        query = getattr(self.view, "Query", None)
        return [query] if query else []

    def get_operation_id(self) -> str:
        name = f"{self.view.__class__.__module__.split('.')[1]}_{self.view.__class__.__name__}"
        several = sum(hasattr(self.view, method) for method in ("get", "post", "put")) > 1
        return f"{name}_{self.method.lower()}" if several else name

    def get_description(self) -> str:  # type: ignore[override]
        return (self.view.__class__.__doc__ or "").strip()

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        kind = serializer if isinstance(serializer, type) else serializer.__class__
        return str(kind.__qualname__).replace(".", "")
