"""The base of every interface: token, rate, and refusals in TM Forum's shape."""

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.partners import addresses_of
from apps.partners.api.authentication import TokenAuthentication
from apps.partners.callers import Caller, spend
from steppe.kernel.api.error_handler import problem
from steppe.kernel.api.views import HEADER


class Interface(APIView):
    """Not in our own API's schema: TM Forum publishes these (docs/partners.md says which parts are here)."""

    schema = None
    authentication_classes = [TokenAuthentication]
    interface: ClassVar[str] = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A method that is not there needs no token to say so."""
        if not hasattr(self, (request.method or "").lower()):
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        spend(self.caller)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody between us keeps what a token may see."""
        done = super().finalize_response(request, response, *args, **kwargs)
        done.headers.setdefault("Cache-Control", "no-store")
        return done

    @property
    def caller(self) -> Caller:
        caller = self.request.user
        if not isinstance(caller, Caller):
            raise ImproperlyConfigured("an interface without its token")
        return caller

    @property
    def key(self) -> str:
        """The partner's own key if it has one; TM Forum knows none, so it need not."""
        return self.request.headers.get(HEADER, "") or uuid.uuid4().hex

    @property
    def root(self) -> str:
        """This interface's address. One query in `public`."""
        return addresses_of.root(self.interface)

    def checked(self, serializer_class: type, data: Any) -> dict[str, Any]:
        """The validated part that we know; TM Forum's other attributes are passed over."""
        serializer = serializer_class(data=data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def get_exception_handler(self) -> Any:
        return refused


def refused(error: Exception, context: dict[str, Any]) -> Response | None:
    """TM Forum's `Error`: code, reason (a sentence), message (what is wrong where), status."""
    answer = problem(error, context)
    if answer is None:
        return None
    told = answer.data
    body = {"code": told["code"], "reason": told["detail"], "status": str(told["status"]), "@type": "Error"}
    if fields := told.get("fields"):
        body["message"] = "; ".join(f"{name}: {_words(wrong)}" for name, wrong in fields.items())
    headers = {"WWW-Authenticate": "Bearer"} if answer.status_code == 401 else {}
    return Response(body, status=answer.status_code, headers=headers)


def _words(wrong: Any) -> str:
    return " ".join(map(str, wrong)) if isinstance(wrong, list) else str(wrong)
