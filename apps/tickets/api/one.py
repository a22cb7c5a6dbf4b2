"""One ticket: as it stands, and how it came there."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import selectors
from apps.tickets.api.shapes import TicketShape
from steppe.kernel.api.views import View


class PhotoShape(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    stage = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    def get_url(self, photo: Any) -> str:
        return f"/files/photos/{photo.public_id}"


class TicketDetail(View):
    """One ticket with its pictures, as the reader may see it."""

    class Output(TicketShape):
        photos = PhotoShape(many=True)

        def to_representation(self, instance: selectors.TicketView) -> dict[str, Any]:
            found = PhotoShape(selectors.photos_in(instance), many=True).data
            return {**super().to_representation(instance), "photos": found}

    def get(self, request: Request, public_id: str) -> Response:
        return Response(self.Output(selectors.ticket_for(self.actor, public_id)).data)


class TicketHistory(View):
    """Every step of the ticket, oldest first; reasons are for staff who may see the contact."""

    class Output(serializers.Serializer[Any]):
        class Step(serializers.Serializer[Any]):
            version = serializers.IntegerField()
            action = serializers.CharField()
            before = serializers.CharField()
            after = serializers.CharField()
            actor_name = serializers.CharField()
            reason = serializers.CharField()
            at = serializers.DateTimeField()

        results = Step(many=True)

    def get(self, request: Request, public_id: str) -> Response:
        steps = selectors.history_in(self.actor, selectors.ticket_for(self.actor, public_id))
        return Response(self.Output({"results": steps}).data)
