"""Bodies from outside: small, flat enough, and only numbers that exist."""

from typing import Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from steppe.kernel.errors import Invalid

LIMIT = 256 * 1024  # bytes; the largest honest body is a report with a few hundred characters


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "This request is too large."


def body_size(request: Request) -> int:
    """What the request says it carries, in bytes; servers hold it to that."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdigit() else 0


class StrictJSON(JSONParser):
    """JSON without NaN and infinity (422), without bottomless nesting (400), not larger than LIMIT (413)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        if parser_context and body_size(parser_context["request"]) > LIMIT:
            raise BodyTooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
        except ParseError as error:
            if "not JSON compliant" in str(error.detail):
                raise Invalid({"": ["NaN"]}) from error
            raise
