"""Lists and counters of tickets, and opening one."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import search, selectors, services
from apps.tickets.api.shapes import ReceiptShape, TicketShape, all_shown
from apps.tickets.rules.workflow import TABS
from apps.tickets.services import CHANNELS as ENTRANCES
from apps.tickets.services import Report
from apps.tickets.wanted import CHANNELS, LONGEST_TEXT, MOST_DAYS, OVERDUE, PERIODS, SORTS, read
from steppe.kernel.api.fields import PlainObject, Whole, latitude, longitude
from steppe.kernel.api.views import View


class Tickets(View):
    """GET: tickets the reader may see, newest report first, `next` continues the list. POST: a new report."""

    class Query(serializers.Serializer[Any]):
        """The search of the page 工单查询; a saved view's `query` is one. What does not fit together is refused."""

        tab = serializers.ChoiceField(["", *TABS], required=False)
        text = serializers.CharField(
            required=False, max_length=LONGEST_TEXT, allow_blank=True,
            help_text="parts of the number, phone, name, address or account number, as far as the reader may see them",
        )  # fmt: skip
        type = serializers.CharField(required=False, max_length=30)
        grid = serializers.CharField(required=False, max_length=30, help_text="code of a grid or of a node above")
        department = serializers.CharField(required=False, max_length=30, help_text="code of a department")
        technician_id = Whole(required=False)
        overdue = serializers.ChoiceField(OVERDUE, required=False)
        channel = serializers.ChoiceField(CHANNELS, required=False)
        priority = Whole(required=False, min_value=0, max_value=3)
        period = serializers.ChoiceField(PERIODS, required=False, help_text="what the days count: report or close")
        days = Whole(required=False, max_value=MOST_DAYS, help_text="the last days, today among them")
        since = serializers.CharField(required=False, max_length=10, help_text="first day, as 2026-11-23")
        until = serializers.CharField(required=False, max_length=10, help_text="last day, as 2026-11-23")
        sort = serializers.ChoiceField(
            SORTS, required=False, help_text="`due` in the tabs of open tickets, `ended` in closed and void"
        )
        after = serializers.CharField(required=False, max_length=60)
        size = Whole(required=False, default=selectors.PAGE, max_value=100)

    class Output(serializers.Serializer[Any]):
        results = TicketShape(many=True)
        next = serializers.CharField(allow_null=True)

    class Input(serializers.Serializer[Any]):
        """In the pool at once if its place is known, else waiting to be checked."""

        type_code = serializers.CharField(max_length=30)
        channel = serializers.ChoiceField(ENTRANCES)
        contact_phone = serializers.CharField(max_length=30)
        contact_name = serializers.CharField(max_length=40, required=False, allow_blank=True)
        address = serializers.CharField(max_length=200, required=False, allow_blank=True)
        description = serializers.CharField(max_length=500, required=False, allow_blank=True)
        lat = latitude(required=False, allow_null=True)
        lng = longitude(required=False, allow_null=True)
        datum = serializers.ChoiceField(["wgs84", "gcj02"], required=False)
        location_source = serializers.ChoiceField(["manual", "wechat", "browser"], required=False)
        account_no = serializers.CharField(max_length=30, required=False, allow_blank=True)
        node_code = serializers.CharField(
            max_length=30, required=False, allow_blank=True, help_text="OLT, box or station it hangs on, if known"
        )
        priority = Whole(required=False, min_value=0, max_value=3)
        photos = serializers.ListField(child=serializers.CharField(max_length=40), max_length=9, required=False)
        anyway = serializers.BooleanField(
            required=False, help_text="the customer's open ticket of this kind is known: this is another matter"
        )
        follows = serializers.CharField(
            max_length=20,
            required=False,
            allow_blank=True,
            help_text="the ticket it follows, such as a survey; staff only",
        )
        fields = PlainObject(required=False, help_text="what the type asks: ticket-types/{code}, `report`")  # type: ignore[assignment]

    Done = ReceiptShape
    success = 201

    def get(self, request: Request) -> Response:
        asked = self.queried()
        after, size = asked.pop("after", ""), asked.pop("size")
        wanted = read({name: request.query_params[name] for name in asked})
        page = search.found(self.actor, wanted, after=after, size=size)
        return Response({"results": all_shown(page.rows), "next": page.next_after})

    def post(self, request: Request) -> Response:
        key, told = self.key, self.entered()
        channel, photos = told.pop("channel"), tuple(told.pop("photos", ()))
        report = Report(**told, photos=photos)
        return self.done(services.open_ticket(report=report, channel=channel, by=self.actor, key=key), status=201)


class Direct(View):
    """补录: a customer told the technician directly; the ticket is theirs at once."""

    class Input(serializers.Serializer[Any]):
        type_code = serializers.CharField(max_length=30)
        contact_phone = serializers.CharField(max_length=30)
        contact_name = serializers.CharField(max_length=40, required=False, allow_blank=True)
        address = serializers.CharField(max_length=200, required=False, allow_blank=True)
        description = serializers.CharField(max_length=500, required=False, allow_blank=True)
        lat = latitude(required=False, allow_null=True)
        lng = longitude(required=False, allow_null=True)
        datum = serializers.ChoiceField(["wgs84", "gcj02"], required=False)
        account_no = serializers.CharField(max_length=30, required=False, allow_blank=True)
        photos = serializers.ListField(child=serializers.CharField(max_length=40), max_length=9, required=False)
        anyway = serializers.BooleanField(
            required=False, help_text="the customer's open ticket of this kind is known: this is another matter"
        )
        fields = PlainObject(required=False, help_text="what the type asks: ticket-types/{code}, `report`")  # type: ignore[assignment]

    Done = ReceiptShape
    success = 201

    def post(self, request: Request) -> Response:
        key, told = self.key, self.entered()
        report = Report(**told | {"photos": tuple(told.get("photos", ()))})
        return self.done(services.enter_direct(report=report, by=self.actor, key=key), status=201)


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
