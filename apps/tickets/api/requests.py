"""What one person asks for and another decides; and trips, which name several tickets."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import services
from apps.tickets.api.desk_steps import name
from apps.tickets.api.shapes import ReceiptShape
from apps.tickets.api.steps import Reasoned, Step, Versioned
from apps.tickets.rules.clocks import HOLD_CLASSES
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View

Words = serializers.CharField


class Ask(Step):
    """Ask for a step; what belongs to it besides the reason goes into the request."""

    kind: ClassVar[str]
    Input = Reasoned

    def post(self, request: Request, public_id: str) -> Response:
        key, told = self.key, self.entered()
        plain = {part: told.pop(part) for part in ("reason", "version")}
        asked = services.ask_for(public_id=public_id, kind=self.kind, asked=told, by=self.actor, key=key, **plain)
        return self.done(asked)


class AskReturn(Ask):
    """T9: the technician asks to give it back; just after the grab it needs nobody's consent."""

    class Input(Reasoned):
        photos = serializers.ListField(child=Words(max_length=40), max_length=9, required=False, default=list)

    kind = "return"


class AskHold(Ask):
    """T11: a pause with a class of reason and an end."""

    class Input(Reasoned):
        hold_class = serializers.ChoiceField(sorted(HOLD_CLASSES))
        resume_at = serializers.DateTimeField()

    kind = "hold"


class AskTransfer(Ask):
    """T8: to another department, sub-branch or grid, whose people accept."""

    class Input(Reasoned):
        unit = Words(max_length=20)

    kind = "transfer"


class AskReassign(Ask):
    """T7: the technician wishes that somebody else goes."""

    class Input(Reasoned):
        technician_id = Whole()

    kind = "reassign"


class AskVoid(Ask):
    """T22: the technician found that there is nothing to do."""

    kind = "void"


class AskChild(Ask):
    """T25: the technician needs another department."""

    class Input(Reasoned):
        type_code = Words(max_length=30)
        unit = Words(max_length=20)
        mandatory = serializers.BooleanField(default=True)
        note = Words(max_length=500, required=False, allow_blank=True)

    kind = "spawn_child"


class AskType(Ask):
    """T27: the technician found another kind of work."""

    class Input(Reasoned):
        type_code = Words(max_length=30)

    kind = "change_type"


class AskReopen(Ask):
    """T20: the customer, or the agent for them, says that it is not in order; the callback's people decide."""

    kind = "reopen"


class Approve(Step):
    """The step that was asked for is taken. Nobody approves their own."""

    class Input(Versioned):
        note = Words(max_length=300, required=False, allow_blank=True)

    service = services.approve_request


class Refuse(Step):
    """The step is not taken; who asked reads why."""

    Input = Reasoned
    service = services.refuse_request


class Withdraw(Step):
    """Who asked takes it back."""

    service = services.withdraw_request


class AnswerHold(Step):
    """T11: the customer agrees to a pause that is for their own sake, or wants the visit as agreed."""

    class Input(Versioned):
        agree = serializers.BooleanField()

    service = services.answer_hold


class Trips(View):
    """A trip: tickets one technician has and drives to together."""

    class Input(serializers.Serializer[Any]):
        tickets = serializers.ListField(child=name(), min_length=1, max_length=30)
        name = Words(max_length=60)
        planned_for = serializers.DateField()

    Done = ReceiptShape

    def post(self, request: Request) -> Response:
        key, told = self.key, self.entered()
        made = services.bundle_tickets(public_ids=told.pop("tickets"), by=self.actor, key=key, **told)
        return self.done(made, status=201)


class LeaveTrip(Step):
    """Take a ticket out of its trip; it counts by itself again."""

    class Input(serializers.Serializer[Any]):
        pass

    service = services.unbundle_ticket
