"""The reasons a step offers, for who draws the choice."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets.reasons import REASONS
from steppe.kernel.api.views import View
from steppe.kernel.errors import NotFound


class Reasons(View):
    """The reasons of a step: the code to send, and its word in the reader's language; `other` wants a note."""

    class Output(serializers.Serializer[Any]):
        class Reason(serializers.Serializer[Any]):
            code = serializers.CharField()
            word = serializers.CharField()

        results = Reason(many=True)

    def get(self, request: Request, step: str) -> Response:
        if step not in REASONS:
            raise NotFound
        results = [{"code": code, "word": word} for code, word in REASONS[step].items()]
        return Response(self.Output({"results": results}).data)
