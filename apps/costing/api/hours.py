"""Standard hours beside the hours on duty, and the ranking."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import hours_read
from apps.costing.rule_errors import BadMonth
from apps.costing.rule_wording import SENTENCES
from apps.costing.rules.periods import is_period
from steppe.kernel.api.views import View


class Month(serializers.Serializer[Any]):
    """`month` as `YYYY-MM`."""

    month = serializers.CharField(max_length=7)

    def validate_month(self, value: str) -> str:
        if not is_period(value):
            raise BadMonth({"month": [str(SENTENCES["month"])]})
        return value


class HoursOfPerson(serializers.Serializer[Any]):
    """`minutes`: standard minutes; `used_pct`: of those on duty, null for who was not."""

    name = serializers.CharField()
    unit = serializers.CharField()
    points = serializers.DecimalField(max_digits=14, decimal_places=2)
    minutes = serializers.DecimalField(max_digits=14, decimal_places=2)
    duty_minutes = serializers.DecimalField(max_digits=14, decimal_places=2)
    used_pct = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)


class AllHours(View):
    """Everybody at or below the reader's node who earned points or was on duty, by points; each unit's Gini."""

    class Query(Month):
        unit = serializers.CharField(max_length=40, required=False)

    class Output(serializers.Serializer[Any]):
        class Unit(serializers.Serializer[Any]):
            name = serializers.CharField()
            people = serializers.IntegerField()
            points = serializers.DecimalField(max_digits=14, decimal_places=2)
            gini = serializers.DecimalField(max_digits=4, decimal_places=2, allow_null=True)

        people = HoursOfPerson(many=True, source="lines")
        units = Unit(many=True, source="grids")
        points = serializers.DecimalField(max_digits=14, decimal_places=2)
        minutes = serializers.DecimalField(max_digits=14, decimal_places=2)
        used_pct = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output(hours_read.hours_for(self.actor, **self.queried())).data)


class MyHours(View):
    """The reader's own month and place among those of the same unit; names are empty where the branch hides them."""

    Query = Month

    class Output(serializers.Serializer[Any]):
        class Rank(serializers.Serializer[Any]):
            rank = serializers.IntegerField()
            name = serializers.CharField()
            points = serializers.DecimalField(max_digits=14, decimal_places=2)
            mine = serializers.BooleanField()

        mine = HoursOfPerson(source="line")
        ranking = Rank(many=True, source="places")

    def get(self, request: Request) -> Response:
        return Response(self.Output(hours_read.hours_of(self.actor, **self.queried())).data)
