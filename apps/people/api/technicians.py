"""The technicians a dispatcher can send."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.people import selectors
from steppe.kernel.api.views import View


class Technicians(View):
    """Technicians at or below the reader's node, with duty and load."""

    class Output(serializers.Serializer[Any]):
        class Row(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            name = serializers.CharField(source="user.name")
            grid = serializers.CharField(source="org_unit.name")
            skills = serializers.ListField(child=serializers.CharField())
            on_duty = serializers.BooleanField()
            open_count = serializers.IntegerField()
            cap = serializers.IntegerField()

        results = Row(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": selectors.technicians_for(self.actor)}).data)
