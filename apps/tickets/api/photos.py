"""Pictures: uploaded before the command that names them, read back only by who may see the ticket's contact."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import selectors, services
from apps.tickets.errors import NotAPicture, PictureTooLarge
from steppe.kernel.api.parsers import body_size
from steppe.kernel.api.views import View
from steppe.kernel.errors import Unauthenticated
from tenants.context import policy

ENVELOPE = 64 * 1024  # what a multipart form adds to the picture, generously


class RawPicture(BaseParser):
    """The picture itself as the body, `image/…`."""

    media_type = "image/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {"photo": stream.read()}


class Photos(View):
    """Keeps a picture until a report or a completed ticket names it. JPEG, PNG or WebP; metadata is dropped."""

    parser_classes = [MultiPartParser, RawPicture]
    success = 201

    class Input(serializers.Serializer[Any]):
        photo = serializers.FileField()
        stage = serializers.ChoiceField(["report", "finish"], required=False)
        idempotency_key = serializers.CharField(required=False, max_length=64)

    class Done(serializers.Serializer[Any]):
        id = serializers.CharField()
        public_id = serializers.CharField()
        width = serializers.IntegerField()
        height = serializers.IntegerField()

    def post(self, request: Request) -> Response:
        key = self.key
        _check_size(request)
        content, stage = _picture(dict(request.data.items()) if hasattr(request.data, "items") else {})
        receipt = services.upload_photo(content=content, stage=stage, by=self.actor, key=key)
        answer = self.done(receipt, status=201)
        answer.data["id"] = receipt.public_id
        return answer


def _check_size(request: Request) -> None:
    """Before a single byte of the body is read."""
    limit = policy().photo_max_mb
    if body_size(request) > limit * 1024 * 1024 + ENVELOPE:
        raise PictureTooLarge(mb=limit)


def _picture(form: Mapping[str, Any]) -> tuple[bytes, str]:
    photo = form.get("photo")
    content = photo if isinstance(photo, bytes) else photo.read() if photo and hasattr(photo, "read") else b""
    if not content:
        raise NotAPicture
    return content, str(form.get("stage") or "report")


@require_safe
def photo_file(request: HttpRequest, public_id: str) -> FileResponse:
    """The picture, for who may see its ticket; never cached by anybody in between, never run as anything else."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.kind == "anonymous":
        raise Unauthenticated
    photo = selectors.photo_for(actor, public_id)
    response = FileResponse(default_storage.open(photo.path), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{photo.public_id}.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
