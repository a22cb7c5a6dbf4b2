"""Files that come with a form, and Excel files that are given."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from steppe.kernel import clock
from steppe.kernel.sheet_files import Limits, check_size
from steppe.kernel.workbooks import MIME


def brought(request: HttpRequest, limits: Limits) -> tuple[bytes, str]:
    """What a form's file holds and how it is called. Its size is looked at before its content. Raises BadFile."""
    file = request.FILES.get("file")
    check_size((file.size or 0) if file else 0, limits)
    return (file.read(), str(file.name or "").replace("\x00", "")[-120:]) if file else (b"", "")


def given_book(content: bytes, name: str) -> HttpResponse:
    """An Excel file as a download, with its moment in its name."""
    day = clock.now().astimezone(clock.BUSINESS_ZONE)
    response = HttpResponse(content, content_type=MIME)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}-{day:%Y%m%d-%H%M}.xlsx")
    response["X-Content-Type-Options"] = "nosniff"
    return response
