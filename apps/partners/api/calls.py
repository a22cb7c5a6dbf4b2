"""The telephone system's address (CTI). Ours, not TM Forum's: they have no word for a telephone that rings."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.partners import services
from apps.partners.api.base import Interface
from apps.partners.rules import scopes
from steppe.kernel.api.views import UNKNOWN
from steppe.kernel.errors import Invalid


class CallInput(serializers.Serializer[Any]):
    """`agent`: work number or user name of whose telephone rings. `at`: when it began to ring, or now."""

    call_id = serializers.CharField(max_length=64)
    phone = serializers.CharField(max_length=30)
    agent = serializers.CharField(max_length=40)
    at = serializers.DateTimeField(required=False)


class Calls(Interface):
    """`/cti/v1/calls`: somebody calls."""

    def post(self, request: Request) -> Response:
        """201 for a call we did not know, 200 when it is told again."""
        self.caller.needs(scopes.CALLS)
        told = self.checked(CallInput, _known_only(request.data))
        name, new = services.tell_call(**{"at": None} | told, caller=self.caller, key=self.key)
        return Response({"id": name, "call_id": told["call_id"]}, status=201 if new else 200)


def _known_only(body: Any) -> Any:
    """The body as it is. Raises Invalid for a field nobody knows: here a misspelled one would be a lost moment."""
    if not hasattr(body, "keys"):
        raise Invalid
    if unknown := sorted(set(body.keys()) - set(CallInput().fields)):
        raise Invalid({name[:40]: [str(UNKNOWN)] for name in unknown})
    return body
