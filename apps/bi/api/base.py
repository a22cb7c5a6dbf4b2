"""The base of the feed's addresses: a token as Bearer or as the password of Basic, and refusals in OData's shape."""

import base64
import binascii
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.bi.errors import BadQuery, NoToken
from apps.bi.tokens_read import Holder, holder_of
from steppe.kernel.api.error_handler import problem

VERSION = "4.0"
CHALLENGE = 'Basic realm="Steppe reports", charset="UTF-8"'


class ReportTokenAuthentication(BaseAuthentication):
    """`request.user` is the holder. No cookie is read, so no CSRF is needed and no session reads reports."""

    def authenticate(self, request: Request) -> tuple[Holder, None]:
        """Raises NoToken."""
        kind, _, told = request.headers.get("Authorization", "").partition(" ")
        token = told.strip() if kind.lower() == "bearer" else password_of(told) if kind.lower() == "basic" else ""
        if not token:
            raise NoToken
        return holder_of(token), None

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class OneForm(BaseContentNegotiation):
    """Every address has one form of answer; OData's clients ask for it by many names."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], "application/json"


class Feed(APIView):
    """Not in our own API's schema: the feed describes itself at `$metadata`."""

    schema = None
    http_method_names = ["get", "head"]
    authentication_classes = [ReportTokenAuthentication]
    content_negotiation_class = OneForm

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in {"GET", "HEAD"}:  # needs no token to be said
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        most = request.headers.get("OData-MaxVersion", VERSION)
        if most < VERSION:
            raise BadQuery(option="OData-MaxVersion", why=VERSION)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody between us keeps what a token may see."""
        done = super().finalize_response(request, response, *args, **kwargs)
        done.headers.setdefault("Cache-Control", "no-store")
        done.headers["OData-Version"] = VERSION
        return done

    @property
    def holder(self) -> Holder:
        holder = self.request.user
        if not isinstance(holder, Holder):
            raise ImproperlyConfigured("the feed without its token")
        return holder

    @property
    def root(self) -> str:
        """This feed's own address, with a final slash."""
        return self.request.build_absolute_uri("/odata/v4/")

    def get_exception_handler(self) -> Any:
        return refused


def refused(error: Exception, context: dict[str, Any]) -> Response | None:
    """OData's `error`: code and a sentence."""
    answer = problem(error, context)
    if answer is None:
        return None
    body = {"error": {"code": answer.data["code"], "message": str(answer.data["detail"])}}
    headers = {"WWW-Authenticate": CHALLENGE} if answer.status_code == 401 else {}
    return Response(body, status=answer.status_code, headers=headers, content_type="application/json")


def password_of(told: str) -> str:
    """Of `Basic`; the user's name is anything."""
    try:
        return base64.b64decode(told.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
