"""The steps of a ticket's life, one class each: body in, one command, its receipt out.

Every step but the grab and the customer's own answer names the version it was decided on (409 when it is stale).
"""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import services
from apps.tickets.api.shapes import ReceiptShape
from apps.tickets.services.callbacks import COMPLAINTS
from steppe.kernel.api.fields import PlainObject, Whole, latitude, longitude
from steppe.kernel.api.views import View
from steppe.kernel.commands import Receipt


class Versioned(serializers.Serializer[Any]):
    version = Whole(max_value=2**31 - 1)


class Reasoned(Versioned):
    reason = serializers.CharField(max_length=300, allow_blank=True)


class Given(Reasoned):
    technician_id = Whole()


class Asked(Versioned):
    score = Whole(max_value=5, required=False, allow_null=True, default=None)


class Answered(serializers.Serializer[Any]):
    """The other two of the three questions, null where nobody asked."""

    overcharged = serializers.BooleanField(required=False, allow_null=True, default=None)
    on_time = serializers.BooleanField(required=False, allow_null=True, default=None)


class Explained(serializers.Serializer[Any]):
    """What was wrong, and a few words."""

    complaint = serializers.ChoiceField(list(COMPLAINTS), required=False, allow_blank=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class Step(View):
    """One step: `service` is the command, `Input` its body."""

    service: ClassVar[Callable[..., Receipt]]
    Input: ClassVar[type[serializers.Serializer[Any]]] = Versioned
    Done = ReceiptShape

    def post(self, request: Request, public_id: str) -> Response:
        key, told = self.key, self.entered()
        if "photos" in told:
            told["photos"] = tuple(told["photos"])
        return self.done(type(self).service(public_id=public_id, by=self.actor, key=key, **told))


class Release(Step):
    """T2: a checked report enters the pool."""

    service = services.release_ticket


class Place(Step):
    """T2b: a report without a place gets its grid (by its code) and enters that grid's pool."""

    class Input(Versioned):
        grid = serializers.CharField(max_length=20)

    service = services.place_ticket


class Grab(Step):
    """T3: the technician takes the ticket. 409 names who was faster and when."""

    class Input(serializers.Serializer[Any]):
        pass

    service = services.grab_ticket


class Dispatch(Step):
    """T4: give the ticket to a technician, over duty and cap."""

    Input = Given
    service = services.dispatch_ticket


class Confirm(Step):
    """T5: the technician takes on a dispatched ticket."""

    service = services.confirm_dispatch


class Decline(Step):
    """T6: the technician gives a dispatched ticket back, with one of the step's reasons."""

    class Input(Reasoned):
        reason = serializers.CharField(max_length=40, allow_blank=True, help_text="a code of GET reasons/decline")
        note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    service = services.decline_dispatch


class Reassign(Step):
    """T7: another technician takes over."""

    Input = Given
    service = services.reassign_ticket


class CheckIn(Step):
    """T13: on site; far away, or without a position, it takes a reason and a photo (POST photos)."""

    class Input(Versioned):
        lat = latitude(required=False, allow_null=True)
        lng = longitude(required=False, allow_null=True)
        datum = serializers.ChoiceField(["wgs84", "gcj02"], required=False)
        reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
        photos = serializers.ListField(child=serializers.CharField(max_length=40), max_length=9, required=False)

    service = services.check_in


class Complete(Step):
    """T16: the work is done."""

    class Input(Versioned):
        solution = serializers.CharField(max_length=500)
        photos = serializers.ListField(child=serializers.CharField(max_length=40), max_length=9, required=False)
        outcome = PlainObject(required=False, help_text="what the type asks: ticket-types/{code}, `finish`")

    service = services.complete_ticket


class CallbackOk(Step):
    """T18: the callback agent heard that it works."""

    class Input(Asked, Answered, Explained):
        pass

    service = services.callback_ok


class CallbackReject(Step):
    """T19: the callback agent heard that it does not."""

    class Input(Asked, Answered, Explained):
        reason = serializers.CharField(max_length=300, allow_blank=True)

    service = services.callback_reject


class Rate(Step):
    """The customer's own answer: fixed or not, with a score of 1 to 5 if they like; 1 and 2 with a `complaint`.

    Such a ticket stays open: somebody calls the customer.
    """

    class Input(Answered, Explained):
        fixed = serializers.BooleanField()
        score = Whole(max_value=5, required=False, allow_null=True, default=None)

    service = services.rate_ticket


class Void(Step):
    """T22: fake, wrong or test."""

    Input = Reasoned
    service = services.void_ticket
