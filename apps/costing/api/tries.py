"""Try-outs of a draft: asked for, watched, stopped; who gains and who loses."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import rule_tasks, tries_read
from apps.costing.services import tryouts
from steppe.kernel.actors import require
from steppe.kernel.api.views import View


class Points(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 14, "decimal_places": 2} | kwargs))


class Short(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    month = serializers.CharField()
    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    by = serializers.CharField(source="by_name")
    at = serializers.DateTimeField()


class Sum(serializers.Serializer[Any]):
    """Points by the rules that counted and by the draft; money in fen, before base, coefficient and deductions."""

    tickets = serializers.IntegerField()
    before = Points()
    after = Points()
    before_fen = serializers.IntegerField()
    after_fen = serializers.IntegerField()


class TriedPerson(Sum):
    name = serializers.CharField()
    unit = serializers.CharField()


class OfType(serializers.Serializer[Any]):
    type = serializers.CharField(source="name")
    tickets = serializers.IntegerField()
    before = Points()
    after = Points()


class Tries(View):
    """The newest of a draft. POST: try it out on a month (`YYYY-MM`)."""

    class Input(serializers.Serializer[Any]):
        month = serializers.CharField(max_length=7)

    class Output(serializers.Serializer[Any]):
        results = Short(many=True)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        month = serializers.CharField()

    success = 201

    def get(self, request: Request, number: int) -> Response:
        require(self.actor, tries_read.RULE_TRIERS)
        return Response(self.Output({"results": tries_read.trials_of(self.actor, number)}).data)

    def post(self, request: Request, number: int) -> Response:
        key = self.key
        made = tryouts.try_rules(number=number, **self.entered(), by=self.actor, key=key)
        rule_tasks.try_out.wake(made.public_id)
        return self.done(made, status=201)


class OneTry(View):
    """How far it is, and what came of it; people by what they gain, the largest loss first."""

    class Output(serializers.Serializer[Any]):
        trial = Short(source="row")
        total = Sum()
        winners = serializers.IntegerField()
        losers = serializers.IntegerField()
        people = TriedPerson(many=True)
        types = OfType(many=True)

    def get(self, request: Request, name: str) -> Response:
        return Response(self.Output(tries_read.trial_for(self.actor, name)).data)


class Stop(View):
    """It stops after the batch it is at."""

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        stopped = serializers.BooleanField()

    def post(self, request: Request, name: str) -> Response:
        return self.done(tryouts.stop_trying(public_id=name, by=self.actor, key=self.key))
