"""Cost, revenue and contribution. Money is whole fen; a month is `YYYY-MM`."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import profit_read as profit
from apps.costing.profit_read import CHECKS, DIMENSIONS, Where
from apps.costing.services import accounts
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View
from steppe.kernel.errors import NotFound

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class MoneyShape(serializers.Serializer[Any]):
    """`elements`: the cost by what it is made of; `share`: of the subscriptions, never in revenue."""

    elements = serializers.DictField(child=serializers.IntegerField())
    cost = serializers.IntegerField()
    revenue = serializers.IntegerField()
    share = serializers.IntegerField()
    late = serializers.IntegerField()
    contribution = serializers.IntegerField()
    with_share = serializers.IntegerField()


class RowShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    tickets = serializers.IntegerField()
    unit_cost = serializers.IntegerField(allow_null=True)
    norm = serializers.IntegerField(allow_null=True)
    money = MoneyShape()


class Narrowed(serializers.Serializer[Any]):
    """A month, and values of dimensions (`-`: none) that narrow it."""

    month = serializers.RegexField(MONTH)
    type = serializers.CharField(max_length=40, required=False)
    grid = serializers.CharField(max_length=10, required=False)
    technician = serializers.CharField(max_length=10, required=False)
    department = serializers.CharField(max_length=10, required=False)
    sub_branch = serializers.CharField(max_length=10, required=False)
    area = serializers.CharField(max_length=1, required=False)
    cause = serializers.CharField(max_length=40, required=False)
    check = serializers.ChoiceField(tuple(CHECKS), required=False)


def where_of(asked: dict[str, Any]) -> Where:
    """What the address asks for."""
    return Where(asked["month"], {one: asked[one] for one in DIMENSIONS if one in asked}, asked.get("check", ""))


class Profit(View):
    """The month together, and by a dimension: type, grid, technician, department, sub_branch, area, cause."""

    Query = Narrowed

    class Output(serializers.Serializer[Any]):
        total = RowShape()
        rows = RowShape(many=True)

    def get(self, request: Request, dimension: str) -> Response:
        if dimension not in DIMENSIONS:
            raise NotFound
        where = where_of(self.queried())
        rows = profit.by_dimension(self.actor, dimension, where)
        return Response(self.Output({"total": profit.month_of(self.actor, where), "rows": rows}).data)


class MoneyTrend(View):
    """The twelve months up to one."""

    Query = Narrowed

    class Output(serializers.Serializer[Any]):
        rows = RowShape(many=True)

    def get(self, request: Request) -> Response:
        asked = self.queried()
        dims = {one: asked[one] for one in DIMENSIONS if one in asked}
        return Response(self.Output({"rows": profit.by_month(self.actor, asked["month"], dims)}).data)


class MoneyOfTickets(View):
    """The tickets behind a figure, fifty at a time."""

    class Query(Narrowed):
        q = serializers.CharField(max_length=24, required=False)
        sort = serializers.ChoiceField(
            [f"{sign}{one}" for one in profit.SORTS for sign in ("", "-")], required=False, default="-cost"
        )
        page = serializers.IntegerField(min_value=1, max_value=100_000, required=False, default=1)

    class Output(serializers.Serializer[Any]):
        class Ticket(serializers.Serializer[Any]):
            public_id = serializers.CharField(source="account.ticket")
            ticket_no = serializers.CharField(source="account.ticket_no")
            type = serializers.CharField(source="account.type_code")
            month = serializers.CharField(source="account.period")
            closed_at = serializers.DateTimeField(source="account.closed_at")
            money = MoneyShape()

        total = MoneyShape()
        count = serializers.IntegerField()
        page = serializers.IntegerField()
        pages = serializers.IntegerField()
        rows = Ticket(many=True)

    def get(self, request: Request) -> Response:
        asked = self.queried()
        found = profit.tickets_of(
            self.actor, where_of(asked), query=asked.get("q", ""), sort=asked["sort"], page=asked["page"]
        )
        return Response(self.Output(found).data)


class TicketMoney(View):
    """Everything booked for one ticket, and each time it was frozen."""

    class Output(serializers.Serializer[Any]):
        class Line(serializers.Serializer[Any]):
            side = serializers.CharField()
            element = serializers.CharField()
            fen = serializers.IntegerField()
            month = serializers.CharField(source="period")
            late = serializers.BooleanField()
            item = serializers.CharField()
            quantity = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
            receipt_no = serializers.CharField()
            note = serializers.CharField()
            source = serializers.CharField()  # type: ignore[assignment]
            inputs = serializers.DictField()

        class Version(serializers.Serializer[Any]):
            number = serializers.IntegerField()
            totals = serializers.DictField(child=serializers.IntegerField())
            reason = serializers.CharField()
            at = serializers.DateTimeField()

        ticket_no = serializers.CharField(source="account.ticket_no")
        month = serializers.CharField(source="account.period")
        frozen_at = serializers.DateTimeField(source="account.frozen_at", allow_null=True)
        money = MoneyShape()
        lines = Line(many=True)
        versions = Version(many=True)

    def get(self, request: Request, ticket: str) -> Response:
        return Response(self.Output(profit.sheet_for(self.actor, ticket)).data)


class Recalculate(View):
    """Compare the account with its sources once more; what is missing is written as a version of its own."""

    class Input(serializers.Serializer[Any]):
        reason = serializers.CharField(max_length=200)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = Whole()
        lines = serializers.IntegerField()

    def post(self, request: Request, ticket: str) -> Response:
        key = self.key
        return self.done(accounts.recalculate_account(public_id=ticket, **self.entered(), by=self.actor, key=key))
