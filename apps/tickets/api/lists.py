"""Lists and counters of tickets, and opening one."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import selectors, services
from apps.tickets.api.shapes import ReceiptShape, TicketShape, TypeShape, shown
from apps.tickets.services import CHANNELS, Report
from apps.tickets.workflow import TABS
from steppe.kernel.api.fields import Whole, latitude, longitude
from steppe.kernel.api.views import View


class Tickets(View):
    """GET: tickets the reader may see, newest report first, `next` continues the list. POST: a new report."""

    class Query(serializers.Serializer[Any]):
        tab = serializers.ChoiceField(list(TABS), required=False, default="")
        text = serializers.CharField(required=False, default="", max_length=60, allow_blank=True)
        type = serializers.CharField(required=False, default="", max_length=30)
        technician_id = Whole(required=False)
        after = serializers.CharField(required=False, max_length=60)
        size = Whole(required=False, default=selectors.PAGE, max_value=100)

    class Output(serializers.Serializer[Any]):
        results = TicketShape(many=True)
        next = serializers.CharField(allow_null=True)

    class Input(serializers.Serializer[Any]):
        """In the pool at once if its place is known, else waiting to be checked."""

        type_code = serializers.CharField(max_length=30)
        channel = serializers.ChoiceField(CHANNELS)
        contact_phone = serializers.CharField(max_length=30)
        contact_name = serializers.CharField(max_length=40, required=False, allow_blank=True)
        address = serializers.CharField(max_length=200, required=False, allow_blank=True)
        description = serializers.CharField(max_length=500, required=False, allow_blank=True)
        lat = latitude(required=False, allow_null=True)
        lng = longitude(required=False, allow_null=True)
        datum = serializers.ChoiceField(["wgs84", "gcj02"], required=False)
        location_source = serializers.ChoiceField(["manual", "wechat", "browser"], required=False)
        account_no = serializers.CharField(max_length=30, required=False, allow_blank=True)
        priority = Whole(required=False, max_value=4)
        photos = serializers.ListField(child=serializers.CharField(max_length=40), max_length=9, required=False)

    Done = ReceiptShape
    success = 201

    def get(self, request: Request) -> Response:
        asked = self.queried()
        wanted = selectors.Filter(
            tab=asked["tab"], text=asked["text"], type_code=asked["type"], technician_id=asked.get("technician_id")
        )
        page = selectors.ticket_list(self.actor, wanted, after=asked.get("after"), size=asked["size"])
        return Response({"results": [shown(row) for row in page.rows], "next": page.next_after})

    def post(self, request: Request) -> Response:
        key, told = self.key, self.entered()
        channel, photos = told.pop("channel"), tuple(told.pop("photos", ()))
        report = Report(**told, photos=photos)
        return self.done(services.open_ticket(report=report, channel=channel, by=self.actor, key=key), status=201)


class Counts(View):
    """How many tickets stand in each tab, as the reader may see them."""

    class Output(serializers.Serializer[Any]):
        pooled = serializers.IntegerField()
        accepted = serializers.IntegerField()
        awaiting_callback = serializers.IntegerField()
        closed = serializers.IntegerField()
        overdue = serializers.IntegerField()
        void = serializers.IntegerField()
        in_progress = serializers.IntegerField()
        on_hold = serializers.IntegerField()
        submitted = serializers.IntegerField()

    def get(self, request: Request) -> Response:
        return Response(self.Output(selectors.tab_counts(self.actor)).data)


class Pool(View):
    """The pool of the reader's scope, nearest first when a position is given."""

    class Query(serializers.Serializer[Any]):
        lat = latitude(required=False)
        lng = longitude(required=False)
        limit = Whole(required=False, default=50, max_value=100)

    class Output(serializers.Serializer[Any]):
        class Card(serializers.Serializer[Any]):
            ticket = TicketShape(source="view")
            distance_m = serializers.FloatField(allow_null=True)

        results = Card(many=True)

    def get(self, request: Request) -> Response:
        asked = self.queried()
        cards = selectors.pool_for(self.actor, lat=asked.get("lat"), lng=asked.get("lng"), limit=asked["limit"])
        return Response(self.Output({"results": cards}).data)


class TicketTypes(View):
    """What can be reported here; a customer reads what customers may report."""

    class Output(serializers.Serializer[Any]):
        results = TypeShape(many=True)

    def get(self, request: Request) -> Response:
        types = selectors.ticket_types(customer=self.actor.kind == "customer")
        return Response(self.Output({"results": types}).data)
