"""What the API shows of a ticket. Contact and door only where the selector says `reveal`."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.selectors import TicketView


class TypeShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    icon = serializers.CharField()


class PersonShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(source="user.name")


class GridShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class TicketShape(serializers.Serializer[TicketView]):
    """A ticket as this reader may see it; `null` stands for what is hidden.

    The fields describe; `shown` writes, because walking fifty rows field by field was half of a page's cost.
    tests/api/test_shapes.py holds the two together.
    """

    public_id = serializers.CharField(source="ticket.public_id")
    ticket_no = serializers.CharField(source="ticket.ticket_no")
    status = serializers.ChoiceField([state.value for state in State], source="ticket.status")
    version = serializers.IntegerField(source="ticket.version")
    type = TypeShape(source="ticket.type")
    channel = serializers.CharField(source="ticket.channel")
    priority = serializers.IntegerField(source="ticket.priority")
    description = serializers.CharField(help_text="empty for who may not see the contact")
    revealed = serializers.BooleanField(source="reveal")
    address = serializers.CharField()
    contact_name = serializers.SerializerMethodField()
    contact_phone = serializers.SerializerMethodField()
    lat = serializers.SerializerMethodField()
    lng = serializers.SerializerMethodField()
    area_class = serializers.CharField(source="ticket.area_class")
    grid = GridShape(source="ticket.grid", allow_null=True)
    technician = PersonShape(source="ticket.technician", allow_null=True)
    reported_at = serializers.DateTimeField(source="ticket.reported_at")
    accepted_at = serializers.DateTimeField(source="ticket.accepted_at", allow_null=True)
    arrived_at = serializers.DateTimeField(source="ticket.arrived_at", allow_null=True)
    finished_at = serializers.DateTimeField(source="ticket.finished_at", allow_null=True)
    closed_at = serializers.DateTimeField(source="ticket.closed_at", allow_null=True)
    due_at = serializers.DateTimeField(source="ticket.due_at", allow_null=True)
    overdue = serializers.BooleanField(source="ticket.overdue")
    solution = serializers.CharField(help_text="empty for who may not see the contact")
    satisfaction = serializers.IntegerField(source="ticket.satisfaction", allow_null=True)
    actions = serializers.ListField(child=serializers.CharField())

    def to_representation(self, instance: TicketView) -> dict[str, Any]:
        return shown(instance)

    def get_contact_name(self, view: TicketView) -> str | None:
        return view.ticket.contact_name if view.reveal else None

    def get_contact_phone(self, view: TicketView) -> str | None:
        return view.ticket.contact_phone if view.reveal else None

    def get_lat(self, view: TicketView) -> float | None:
        return view.ticket.lat if view.reveal else None

    def get_lng(self, view: TicketView) -> float | None:
        return view.ticket.lng if view.reveal else None


def shown(view: TicketView) -> dict[str, Any]:
    """The fields of TicketShape."""
    return all_shown([view])[0]


def all_shown(views: Iterable[TicketView]) -> list[dict[str, Any]]:
    """Many at once: what they have in common, such as a type in the reader's language, is written once."""
    common = _Common(timezone.get_current_timezone())
    return [_shown(view, common) for view in views]


def _shown(view: TicketView, common: "_Common") -> dict[str, Any]:
    ticket, open_hand, moment = view.ticket, view.reveal, common.moment
    return {
        "public_id": ticket.public_id,
        "ticket_no": ticket.ticket_no,
        "status": str(ticket.status),
        "version": ticket.version,
        "type": common.kind(ticket),
        "channel": ticket.channel,
        "priority": ticket.priority,
        "description": view.description,
        "revealed": open_hand,
        "address": view.address,
        "contact_name": ticket.contact_name if open_hand else None,
        "contact_phone": ticket.contact_phone if open_hand else None,
        "lat": ticket.lat if open_hand else None,
        "lng": ticket.lng if open_hand else None,
        "area_class": ticket.area_class,
        "grid": common.grid(ticket),
        "technician": common.technician(ticket),
        "reported_at": moment(ticket.reported_at),
        "accepted_at": moment(ticket.accepted_at),
        "arrived_at": moment(ticket.arrived_at),
        "finished_at": moment(ticket.finished_at),
        "closed_at": moment(ticket.closed_at),
        "due_at": moment(ticket.due_at),
        "overdue": ticket.overdue,
        "solution": view.solution,
        "satisfaction": ticket.satisfaction,
        "actions": list(view.actions),
    }


class _Common:
    """What tickets of one list share, by its id; moments in the reader's zone."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._kinds: dict[int, dict[str, Any]] = {}
        self._grids: dict[int | None, dict[str, Any] | None] = {None: None}
        self._crew: dict[int | None, dict[str, Any] | None] = {None: None}

    def kind(self, ticket: Ticket) -> dict[str, Any]:
        if (found := self._kinds.get(ticket.type_id)) is None:
            kind = ticket.type
            found = {"code": kind.code, "name": kind.name, "kind": kind.kind, "icon": kind.icon}
            self._kinds[ticket.type_id] = found
        return found

    def grid(self, ticket: Ticket) -> dict[str, Any] | None:
        if (pk := ticket.grid_id) not in self._grids:
            self._grids[pk] = {"code": ticket.grid.code, "name": ticket.grid.name} if ticket.grid else None
        return self._grids[pk]

    def technician(self, ticket: Ticket) -> dict[str, Any] | None:
        if (pk := ticket.technician_id) not in self._crew:
            whose = ticket.technician
            self._crew[pk] = {"id": whose.pk, "name": whose.user.name} if whose else None
        return self._crew[pk]

    def moment(self, at: datetime | None) -> str | None:
        return at.astimezone(self._zone).isoformat() if at else None


class ReceiptShape(serializers.Serializer[Any]):
    """What a command answers; the same again, with `Idempotent-Replay: true`, to the same key."""

    public_id = serializers.CharField()
    version = serializers.IntegerField()
    ticket_no = serializers.CharField()
    status = serializers.CharField()
