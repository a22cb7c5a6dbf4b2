"""Cases from and to other branches."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import handover_read, services
from apps.tickets.api.requests import Ask
from apps.tickets.api.shapes import ReceiptShape
from apps.tickets.api.steps import Reasoned
from apps.tickets.permissions import ARRIVALS, HANDOVER_READERS
from steppe.kernel.actors import require
from steppe.kernel.api.views import View


class AskHandOver(Ask):
    """T8b: another branch should take it, this one if a branch is named; the branch administrator agrees."""

    class Input(Reasoned):
        branch = serializers.CharField(max_length=8, required=False, default="", allow_blank=True)

    kind = "let_go"


class Handovers(View):
    """What is offered to us, and what leaves."""

    class Output(serializers.Serializer[Any]):
        class Coming(serializers.Serializer[Any]):
            link_id = serializers.CharField(source="arrival.link_id")
            state = serializers.CharField(source="arrival.state")
            offered_at = serializers.DateTimeField(source="arrival.offered_at")
            offer = serializers.JSONField(source="arrival.offer")
            answer = serializers.CharField()
            ticket = serializers.CharField(source="arrival.ticket.public_id", default="")

        class Going(serializers.Serializer[Any]):
            link_id = serializers.CharField(source="departure.link_id")
            ticket = serializers.CharField(source="departure.ticket.public_id")
            state = serializers.CharField(source="departure.state")
            agreed_at = serializers.DateTimeField(source="departure.approved_at")
            answer = serializers.CharField(source="departure.answer")
            went_to = serializers.CharField(source="departure.went_to")
            new_ticket_no = serializers.CharField(source="departure.new_ticket_no")

        coming = Coming(many=True)
        going = Going(many=True)

    def get(self, request: Request) -> Response:
        require(self.actor, HANDOVER_READERS)
        found = {"coming": handover_read.coming(self.actor), "going": handover_read.going(self.actor)}
        return Response(self.Output(found).data)


class AcceptArrival(View):
    """We take the case over, as a ticket of this type."""

    class Input(serializers.Serializer[Any]):
        type_code = serializers.CharField(max_length=30)

    Output = ReceiptShape

    def post(self, request: Request, link_id: str) -> Response:
        require(self.actor, ARRIVALS)
        done = services.accept_arrival(link_id=link_id, by=self.actor, key=self.key, **self.entered())
        return Response(ReceiptShape(done).data)


class RefuseArrival(View):
    """The case is not for us."""

    class Input(serializers.Serializer[Any]):
        reason = serializers.CharField(max_length=300)

    Output = ReceiptShape

    def post(self, request: Request, link_id: str) -> Response:
        require(self.actor, ARRIVALS)
        done = services.refuse_arrival(link_id=link_id, by=self.actor, key=self.key, **self.entered())
        return Response(ReceiptShape(done).data)


class KeepTicket(View):
    """The case stays here after all."""

    Output = ReceiptShape

    def post(self, request: Request, link_id: str) -> Response:
        done = services.withdraw_hand_over(link_id=link_id, by=self.actor, key=self.key)
        return Response(ReceiptShape(done).data)
