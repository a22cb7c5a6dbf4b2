"""Every API refusal in one shape (RFC 9457): type, title, status, code, detail, fields."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from steppe.kernel.errors import Conflict, DomainError, Invalid, NotAllowed

CONTENT_TYPE = "application/problem+json"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Map a refusal to its problem document; anything unknown stays a 500."""
    if isinstance(error, DomainError):
        fields = error.fields if isinstance(error, Invalid) else {}
        extra = {"facts": _plain(error.params)} if isinstance(error, Conflict) and error.params else {}
        return _answer(error.status, error.code, error.sentence, fields, **extra)
    if isinstance(error, Http404):
        return _answer(404, "kernel.not_found", _("We could not find this."), {})
    if isinstance(error, PermissionDenied):
        return _answer(403, NotAllowed.code, str(NotAllowed.message), {})
    if isinstance(error, exceptions.ValidationError):
        return _answer(422, "kernel.invalid", _("Please check what you entered."), _fields(error.detail))
    if isinstance(error, exceptions.APIException):
        return _answer(error.status_code, f"api.{error.default_code}", str(error.detail), {})
    return None


def _answer(status: int, code: str, detail: str, fields: dict[str, Any], **extra: Any) -> Response:
    body = {"type": f"urn:steppe:{code}", "title": code, "status": status, "code": code, "detail": detail}
    if fields:
        body["fields"] = fields
    return Response(body | extra, status=status, content_type=CONTENT_TYPE)


def _fields(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"": detail}


def _plain(params: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}
