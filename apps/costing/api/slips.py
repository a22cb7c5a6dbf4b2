"""A technician's own months, and disputes as both sides take part in them."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import slip_read
from apps.costing.api.points import Points
from apps.costing.api.settlement import DisputeShape, SettledLine, SlipShape
from apps.costing.services import confirming, dispute_decisions, disputes
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View
from steppe.kernel.commands import Receipt


class DisputeDone(serializers.Serializer[Any]):
    """Where the dispute stands now."""

    public_id = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    month = serializers.CharField()


class MySlips(View):
    """The own published months, the newest first."""

    class Output(serializers.Serializer[Any]):
        class Row(serializers.Serializer[Any]):
            month = serializers.CharField(source="period.month")
            line = SettledLine(source="*")

        results = Row(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": slip_read.slips_for(self.actor)}).data)


class MySlip(View):
    """One of them, explained."""

    Output = SlipShape

    def get(self, request: Request, month: str) -> Response:
        return Response(SlipShape(slip_read.slip_for(self.actor, month)).data)


class Confirm(View):
    """It is right."""

    class Input(serializers.Serializer[Any]):
        pass

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        month = serializers.CharField()
        state = serializers.CharField()

    def post(self, request: Request, month: str) -> Response:
        key = self.key
        return self.done(confirming.confirm_line(month=month, **self.entered(), by=self.actor, key=key))


class Dispute(View):
    """It is not right: the line, or one entry of it. `wanted`: how many points more."""

    class Input(serializers.Serializer[Any]):
        text = serializers.CharField(max_length=500)
        entry_id = Whole(required=False, allow_null=True)
        wanted = Points(required=False, allow_null=True)

    Done = DisputeDone
    success = 201

    def post(self, request: Request, month: str) -> Response:
        key = self.key
        return self.done(disputes.raise_dispute(month=month, **self.entered(), by=self.actor, key=key), status=201)


class Disputes(View):
    """What waits for this person's answer, the most urgent first."""

    class Output(serializers.Serializer[Any]):
        results = DisputeShape(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": slip_read.disputes_waiting_for(self.actor)}).data)


class OneDispute(View):
    """One dispute with all that was said."""

    Output = DisputeShape

    def get(self, request: Request, name: str) -> Response:
        return Response(DisputeShape(slip_read.dispute_for(self.actor, name)).data)


class Say(View):
    """A step of a dispute."""

    class Input(serializers.Serializer[Any]):
        version = Whole(required=False)

    Done = DisputeDone
    step: ClassVar[Callable[..., Receipt]]

    def post(self, request: Request, name: str) -> Response:
        key = self.key
        return self.done(type(self).step(public_id=name, **self.entered(), by=self.actor, key=key))


class Answer(Say):
    """The grid leader grants all that is wanted, or refuses."""

    class Input(Say.Input):
        grant = serializers.BooleanField()
        text = serializers.CharField(max_length=500)
        points = Points(required=False, allow_null=True)

    step = staticmethod(dispute_decisions.answer_dispute)


class Decide(Answer):
    """The department's manager has the last word."""

    step = staticmethod(dispute_decisions.decide_dispute)


class Appeal(Say):
    """Refused, and not agreed: it goes on to the manager, once."""

    class Input(Say.Input):
        text = serializers.CharField(max_length=500)

    step = staticmethod(disputes.appeal)


class Accept(Say):
    """The refusal is accepted."""

    step = staticmethod(disputes.accept_answer)


class Withdraw(Say):
    """It was right after all."""

    step = staticmethod(disputes.withdraw_dispute)
