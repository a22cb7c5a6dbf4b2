"""The base of every API view: actor, idempotency key, one answer for a command."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Invalid, KeyMissing, Unauthenticated

HEADER = "Idempotency-Key"
UNKNOWN = _("There is no such field here. Leave it out, or check how it is spelled.")


class View(APIView):
    """Reads are open to whom the selector allows; a write hands `self.key` to its command."""

    signed_in = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.signed_in and self.actor.kind == "anonymous":
            raise Unauthenticated

    @property
    def actor(self) -> Actor:
        return self.request._request.actor  # type: ignore[attr-defined,no-any-return]

    @property
    def key(self) -> str:
        """The client's own key; a write without one is refused."""
        key = self.request.headers.get(HEADER, "")
        if not key:
            raise KeyMissing
        return key

    def checked(self, serializer_class: type[Serializer[Any]], data: Any = None) -> dict[str, Any]:
        """The validated body; unknown fields are refused, not ignored."""
        given = self.request.data if data is None else data
        if not hasattr(given, "keys"):
            raise Invalid
        form = _form(serializer_class)
        if unknown := sorted(set(given.keys()) - set(form.fields) - {"csrfmiddlewaretoken"}):
            raise Invalid({_sendable(name): [str(UNKNOWN)] for name in unknown})
        return dict(form.run_validation(given))

    def queried(self) -> dict[str, Any]:
        """The validated parameters of the address, by the view's `Query`."""
        return self.checked(self.Query, self.request.query_params)  # type: ignore[attr-defined]

    def entered(self) -> dict[str, Any]:
        """The validated body, by the view's `Input`."""
        return self.checked(self.Input)  # type: ignore[attr-defined]

    def done(self, receipt: Receipt, status: int = 200) -> Response:
        """A command's answer; a replay says so in a header and is otherwise the same."""
        body = {"public_id": receipt.public_id, "version": receipt.version, **receipt.facts}
        headers = {"Idempotent-Replay": "true"} if receipt.replayed else {}
        return Response(body, status=status, headers=headers)


@cache
def _form(kind: type[Serializer[Any]]) -> Serializer[Any]:
    """One for all requests and threads: making its fields anew cost four times what checking a body does.

    Only to be asked `run_validation`, which keeps nothing; no Query or Input of ours looks at `context`.
    """
    return kind()


def _sendable(name: str) -> str:
    """A stranger's field name as it may stand in our answer: short, and without half characters."""
    return name[:40].encode(errors="replace").decode()
