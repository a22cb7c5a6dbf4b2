"""One ticket: as it stands, and how it came there."""

from dataclasses import replace
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import files_read, selectors
from apps.tickets.api.shapes import TicketShape
from steppe.kernel.api.views import View


class CheckShape(serializers.Serializer[Any]):
    """Does the picture fit the ticket? A hint for staff; nothing is refused for it."""

    metres = serializers.FloatField(allow_null=True, help_text="from the ticket's place to where it was taken")
    far = serializers.BooleanField()
    early_minutes = serializers.SerializerMethodField(help_text="taken so long before it makes sense, or null")

    def get_early_minutes(self, check: Any) -> float | None:
        return None if check.early is None else round(check.early.total_seconds() / 60, 1)


class PhotoShape(serializers.Serializer[Any]):
    public_id = serializers.CharField(source="photo.public_id")
    kind = serializers.CharField(source="photo.kind", help_text="picture or pdf")
    stage = serializers.CharField(source="photo.stage")
    label = serializers.CharField(source="photo.label")  # type: ignore[assignment]  # the base has one too
    name = serializers.CharField(source="photo.name")
    size = serializers.IntegerField(source="photo.size")
    width = serializers.IntegerField(source="photo.width")
    height = serializers.IntegerField(source="photo.height")
    taken_at = serializers.DateTimeField(source="photo.taken_at", allow_null=True)
    check = CheckShape(allow_null=True)
    url = serializers.SerializerMethodField()
    small_url = serializers.SerializerMethodField()

    def get_url(self, file: Any) -> str:
        return f"/files/photos/{file.photo.public_id}"

    def get_small_url(self, file: Any) -> str | None:
        return f"{self.get_url(file)}/small" if file.is_picture else None


class TicketDetail(View):
    """One ticket with what its type asked, its photos and documents, as the reader may see it."""

    class Output(TicketShape):
        """`type_number`: the type's version the ticket keeps. Answers go with the contact, the outcome is for staff."""

        photos = PhotoShape(many=True)
        type_number = serializers.IntegerField()
        fields = serializers.JSONField(allow_null=True)  # type: ignore[assignment]
        outcome = serializers.JSONField(allow_null=True)

        def to_representation(self, instance: selectors.TicketView) -> dict[str, Any]:
            actor, ticket = self.context["actor"], instance.ticket
            customer = actor.kind == "customer"
            found = files_read.attachments_in(actor, instance)
            if customer:
                found = [replace(file, check=None) for file in found]
            return {
                **super().to_representation(instance), "photos": PhotoShape(found, many=True).data,
                "type_number": ticket.type_version.number, "fields": ticket.fields if instance.reveal else None,
                "outcome": ticket.outcome if instance.reveal and not customer else None,
            }  # fmt: skip

    def get(self, request: Request, public_id: str) -> Response:
        view = selectors.ticket_for(self.actor, public_id)
        return Response(self.Output(view, context={"actor": self.actor}).data)


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
