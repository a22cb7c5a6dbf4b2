"""Warnings, the levels they are measured by, and what goods are worth."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services, warnings_read
from apps.inventory.api.documents import Done, Step
from apps.inventory.api.shapes import CODE, ItemRef, Paged, PlaceRef, Quantity
from apps.inventory.rules.serials import LONGEST
from apps.inventory.rules.watching import KINDS
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View


class WarningShape(serializers.Serializer[Any]):
    """`place` is null for what the whole branch has too little of."""

    kind = serializers.CharField()
    place = PlaceRef(allow_null=True)
    item = ItemRef()
    batch = serializers.CharField(source="batch.number", default="")
    quantity = Quantity(max_digits=14)
    level = Quantity()
    suggested = Quantity(max_digits=14)
    since = serializers.DateTimeField()


class Warnings(View):
    """What has too little (`low`), lies too long in a store (`idle`) or in a van (`van`)."""

    class Query(Paged):
        kind = serializers.ChoiceField(KINDS, required=False)
        place = serializers.CharField(max_length=30, required=False)

    class Output(serializers.Serializer[Any]):
        results = WarningShape(many=True)
        next_after = serializers.CharField(allow_null=True)

    def get(self, request: Request) -> Response:
        page = warnings_read.warnings_for(self.actor, **self.queried())
        return Response(self.Output({"results": page.rows, "next_after": page.next_after}).data)


class LookNow(View):
    """Look at all shelves now instead of in the night."""

    class Done(serializers.Serializer[Any]):
        new = serializers.IntegerField()
        open = serializers.IntegerField()
        ended = serializers.IntegerField()

    def post(self, request: Request) -> Response:
        return self.done(services.note_warnings(by=self.actor, key=self.key))


class Levels(View):
    """What a place should have at least, by item."""

    class Output(serializers.Serializer[Any]):
        class Level(serializers.Serializer[Any]):
            item = ItemRef()
            min_level = Quantity()
            lead_days = serializers.IntegerField(allow_null=True)
            version = serializers.IntegerField()

        results = Level(many=True)

    def get(self, request: Request, code: str) -> Response:
        return Response(self.Output({"results": warnings_read.levels_of(self.actor, code)}).data)


class OneLevel(View):
    """PUT: how much of an item a place should have at least; nothing takes the level away."""

    class Input(serializers.Serializer[Any]):
        min_level = Quantity(min_value=0)
        lead_days = serializers.IntegerField(min_value=0, max_value=365, required=False, allow_null=True)
        version = Whole(required=False)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()

    def put(self, request: Request, code: str, item: str) -> Response:
        key = self.key
        return self.done(services.set_level(place=code, item=item, **self.entered(), by=self.actor, key=key))


class Revaluations(View):
    """What one unit is worth from now on; waits for somebody else's approval, and is in the books with it."""

    class Input(serializers.Serializer[Any]):
        class Line(serializers.Serializer[Any]):
            item = serializers.RegexField(CODE, max_length=30)
            batch = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
            unit_cost = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)

        reason = serializers.CharField(max_length=200)
        lines = Line(many=True)

    Done = Done
    success = 201

    def post(self, request: Request) -> Response:
        key, given = self.key, self.entered()
        lines = [services.Told(**line) for line in given["lines"]]
        done = services.write_revaluation(told=lines, reason=given["reason"], by=self.actor, key=key)
        return self.done(done, status=201)


class WithdrawRevaluation(Step):
    """Nobody has agreed yet, and nobody will be asked."""

    step = staticmethod(services.withdraw_revaluation)
