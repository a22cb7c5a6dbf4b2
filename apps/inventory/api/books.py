"""The card of a shelf and the life of a number."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import books_read
from apps.inventory.api.shapes import ItemRef, Paged, PlaceRef, Quantity
from steppe.kernel.api.views import View


class Card(View):
    """What happened to an item (to a drum) in a place, with the balance after each line."""

    class Query(Paged):
        place = serializers.CharField(max_length=30)
        item = serializers.CharField(max_length=30)
        batch = serializers.CharField(max_length=40, required=False)
        start = serializers.DateTimeField(required=False)
        until = serializers.DateTimeField(required=False)

    class Output(serializers.Serializer[Any]):
        class Line(serializers.Serializer[Any]):
            at = serializers.DateTimeField()
            document = serializers.CharField(source="entry.document.number")
            kind = serializers.CharField(source="entry.document.kind")
            ticket = serializers.CharField(source="entry.ticket")
            by = serializers.CharField(source="entry.by_name")
            delta = Quantity()
            balance = Quantity(max_digits=14)

        place = PlaceRef()
        item = ItemRef()
        opening = Quantity(max_digits=14)
        lines = Line(many=True, source="lines.rows")
        next_after = serializers.CharField(source="lines.next_after", allow_null=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output(books_read.card(self.actor, **self.queried())).data)


class Lives(View):
    """Where a number has been: every step with document and ticket, of every item that has such a number."""

    class Output(serializers.Serializer[Any]):
        class Life(serializers.Serializer[Any]):
            class Step(serializers.Serializer[Any]):
                at = serializers.DateTimeField()
                source = PlaceRef()  # type: ignore[assignment]
                target = PlaceRef()
                document = serializers.CharField(source="entry.document.number")
                ticket = serializers.CharField(source="entry.ticket")
                by = serializers.CharField(source="entry.by_name")

            number = serializers.CharField(source="unit.number")
            item = ItemRef(source="unit.item")
            place = PlaceRef(source="unit.place")
            state = serializers.CharField(source="unit.state")
            ticket = serializers.CharField(source="unit.ticket")
            steps = Step(many=True)

        results = Life(many=True)

    def get(self, request: Request, number: str) -> Response:
        return Response(self.Output({"results": books_read.lives_of(self.actor, number)}).data)
