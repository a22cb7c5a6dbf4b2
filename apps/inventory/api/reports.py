"""Reports over a period: rows, what they come to, and both sides of the rate. Money in fen."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import reports_read
from apps.inventory.reports_read import MOST_DAYS, REPORTS, Period
from steppe.kernel.api.views import View
from steppe.kernel.errors import Invalid, NotFound


class Reports(View):
    """`figure.value` is null where there is nothing to divide by."""

    class Query(serializers.Serializer[Any]):
        first = serializers.DateField(required=False)
        last = serializers.DateField(required=False)

    class Output(serializers.Serializer[Any]):
        class Figure(serializers.Serializer[Any]):
            numerator = serializers.DecimalField(max_digits=20, decimal_places=2)
            denominator = serializers.DecimalField(max_digits=20, decimal_places=2)
            value = serializers.DecimalField(max_digits=20, decimal_places=4, allow_null=True)

        code = serializers.CharField()
        first = serializers.DateField()
        last = serializers.DateField()
        columns = serializers.ListField(child=serializers.CharField())
        rows = serializers.ListField(child=serializers.DictField())
        total = serializers.DictField()
        figure = Figure(allow_null=True)

    def get(self, request: Request, code: str) -> Response:
        if code not in REPORTS:
            raise NotFound
        period = self._period()
        report = reports_read.report_for(self.actor, code, period)
        told = {"code": code, "first": period.first, "last": period.last, "figure": report.figure}
        return Response(
            self.Output({**told, "columns": report.columns, "rows": report.rows, "total": report.total}).data
        )

    def _period(self) -> Period:
        asked, usual = self.queried(), reports_read.lately()
        period = Period(asked.get("first", usual.first), asked.get("last", usual.last))
        if not 0 < period.days <= MOST_DAYS:
            raise Invalid({"last": ["not before the first day, and at most three years after it"]})
        return period
