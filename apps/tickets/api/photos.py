"""Photos and documents: uploaded before the command that names them, read back only by who may see the contact."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import files_read, selectors, services
from apps.tickets.errors import FileTooLarge, NotAPicture, TicketNotFound
from steppe.kernel.actors import Actor
from steppe.kernel.api.parsers import body_size
from steppe.kernel.api.views import UNKNOWN, View
from steppe.kernel.errors import Invalid, Unauthenticated
from tenants.context import policy

ENVELOPE = 64 * 1024  # what a multipart form adds to the file, generously


class RawPicture(BaseParser):
    """The picture itself as the body, `image/…`."""

    media_type = "image/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {"photo": stream.read()}


class RawDocument(RawPicture):
    """The document itself as the body."""

    media_type = "application/pdf"


class Photos(View):
    """Keeps a picture (JPEG, PNG, WebP) or a PDF until a report or a completed ticket names it.

    A picture's metadata is dropped; where and when it was taken is read before, for the check. A PDF comes from staff;
    one that is locked, runs a script or carries another file is refused.
    """

    parser_classes = [MultiPartParser, RawPicture, RawDocument]
    success = 201

    class Input(serializers.Serializer[Any]):
        photo = serializers.FileField()
        stage = serializers.ChoiceField(["report", "finish"], required=False)
        label = serializers.CharField(required=False, max_length=30)  # type: ignore[assignment]  # a photo field's key
        idempotency_key = serializers.CharField(required=False, max_length=64)

    class Done(serializers.Serializer[Any]):
        id = serializers.CharField()
        public_id = serializers.CharField()
        kind = serializers.CharField(help_text="picture or pdf")
        width = serializers.IntegerField()
        height = serializers.IntegerField()

    def post(self, request: Request) -> Response:
        key = self.key
        _check_size(request)
        told = _told(dict(request.data.items()) if hasattr(request.data, "items") else {}, set(self.Input().fields))
        receipt = services.upload_photo(**told, by=self.actor, key=key)
        answer = self.done(receipt, status=201)
        answer.data["id"] = receipt.public_id
        return answer


def _check_size(request: Request) -> None:
    """Before a single byte of the body is read; which of the two limits counts is known after."""
    limit = max(policy().photo_max_mb, policy().document_max_mb)
    if body_size(request) > limit * 1024 * 1024 + ENVELOPE:
        raise FileTooLarge(mb=limit)


def _told(form: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """The file and what is said of it; a field nobody knows is refused."""
    if unknown := sorted(set(form) - known - {"csrfmiddlewaretoken"}):
        raise Invalid({name[:40]: [str(UNKNOWN)] for name in unknown})
    photo = form.get("photo")
    content = photo if isinstance(photo, bytes) else photo.read() if photo and hasattr(photo, "read") else b""
    if not content:
        raise NotAPicture({"photo": [str(NotAPicture.message)]})
    return {
        "content": content, "stage": str(form.get("stage") or "report"), "label": str(form.get("label") or ""),
        "name": str(getattr(photo, "name", "") or ""),
    }  # fmt: skip


@require_safe
def photo_file(request: HttpRequest, public_id: str) -> FileResponse:
    """The file, for who may see its ticket. A picture shows in the page, a document is only ever saved."""
    photo = selectors.photo_for(_reader(request), public_id)
    if photo.kind == "pdf":
        return _served(photo.path, "application/pdf", photo.name or f"{photo.public_id}.pdf", saved=True)
    return _served(photo.path, "image/jpeg", f"{photo.public_id}.jpg")


@require_safe
def photo_small(request: HttpRequest, public_id: str) -> FileResponse:
    """The picture's thumbnail, for the same readers; a document has none."""
    path = files_read.picture_path(_reader(request), public_id)
    return _served(path, "image/jpeg", f"{public_id}.jpg")


def _reader(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind == "anonymous":
        raise Unauthenticated
    return actor


def _served(path: str, kind: str, name: str, *, saved: bool = False) -> FileResponse:
    """Never cached by anybody in between, never taken for something else, never run."""
    try:
        content = default_storage.open(path)
    except FileNotFoundError as error:
        raise TicketNotFound from error
    response = FileResponse(content, content_type=kind, as_attachment=saved, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
