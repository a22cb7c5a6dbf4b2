"""How a file goes out, from the page and from the API."""

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from apps.exports.services import HandedOut


def sent(handed: HandedOut) -> HttpResponseBase:
    """The file in blocks, with its sum; no browser guesses what it is, none keeps it."""
    response = FileResponse(handed.file, content_type=handed.mime)
    response["Content-Disposition"] = content_disposition_header(True, handed.name) or "attachment"
    response["Content-Length"] = str(handed.size)
    response["X-Content-SHA256"] = handed.sha256
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
