"""The breaches of a ticket's clocks, and their exemption by a named person."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import clock_read, compensations_read, selectors, services
from apps.tickets.api.steps import Reasoned, Step, Versioned
from apps.tickets.permissions import ACTIONS
from steppe.kernel.actors import require
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View


class Breaches(View):
    """Every time limit of the ticket that was broken, with its exemption; for whoever may see the ticket's contact."""

    class Output(serializers.Serializer[Any]):
        class Breach(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            clock = serializers.CharField()
            due_at = serializers.DateTimeField()
            breached_at = serializers.DateTimeField()
            ended_at = serializers.DateTimeField(allow_null=True)
            cause_class = serializers.CharField()
            exempted_at = serializers.DateTimeField(allow_null=True)
            exempted_by_name = serializers.CharField()
            exemption = serializers.CharField()

        results = Breach(many=True)

    def get(self, request: Request, public_id: str) -> Response:
        view = selectors.ticket_for(self.actor, public_id)
        if self.actor.kind != "staff" or not view.reveal:
            return Response(self.Output({"results": []}).data)
        found = clock_read.clocks_of(view.ticket, selectors.history(view.ticket), reveal=view.reveal)
        return Response(self.Output({"results": found.breaches}).data)


class Exempt(Step):
    """One breach was nobody's fault: out of the figures, never out of the history."""

    class Input(Reasoned):
        breach_id = Whole(max_value=2**63 - 1)

    service = services.exempt_breach


class Compensations(View):
    """Tickets past the law's limit about which nobody has decided yet, the longest waiting first."""

    class Output(serializers.Serializer[Any]):
        class Owed(serializers.Serializer[Any]):
            public_id = serializers.CharField(source="ticket.public_id")
            ticket_no = serializers.CharField(source="ticket.ticket_no")
            version = serializers.IntegerField(source="ticket.version")
            since = serializers.DateTimeField()

        results = Owed(many=True)

    def get(self, request: Request) -> Response:
        require(self.actor, ACTIONS["compensate"])
        return Response(self.Output({"results": compensations_read.owed(self.actor)}).data)


class Compensate(Step):
    """What the customer is owed after the law's limit, in fen; 0 with a note: nothing."""

    class Input(Versioned):
        amount_fen = serializers.IntegerField()
        note = serializers.CharField(max_length=300, allow_blank=True)

    service = services.decide_compensation
