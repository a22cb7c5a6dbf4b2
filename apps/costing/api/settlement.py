"""Settlement months: what a point is worth, the calculation, the lines, every step, the payroll. Money in fen."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import bases_read, payroll_files, settlement_read, settlement_tasks, slip_read
from apps.costing.api.points import EntryShape, Points
from apps.costing.rules.month import MODES
from apps.costing.rules.periods import REVIEWERS
from apps.costing.services import calculating, pay_bases, reviewing, settlement
from apps.costing.settlement_read import LINE_STATES, SORTS, Asked
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.schema import REFUSED
from steppe.kernel.api.views import View
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotFound


class Fen(serializers.IntegerField):
    """A whole amount, not below nothing."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=0, max_value=10**13, **more)


class Price(serializers.DecimalField):
    """Fen a point, with two places."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **more)


class SettlementMonth(serializers.Serializer[Any]):
    month = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField(help_text="of the settlement, by unlocking")
    row_version = serializers.IntegerField(help_text="send it back as `version` with a step")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    mode = serializers.CharField()
    unit_price = Price(allow_null=True)
    pool_fen = serializers.IntegerField(allow_null=True)
    disputes_until = serializers.DateTimeField(allow_null=True)
    locked_at = serializers.DateTimeField(allow_null=True)
    lines_hash = serializers.CharField()


class CalculationShape(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    state = serializers.CharField()
    preview = serializers.BooleanField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    trouble = serializers.ListField(child=serializers.CharField())
    by = serializers.CharField(source="by_name")
    at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class SettledLine(serializers.Serializer[Any]):
    technician_id = serializers.IntegerField()
    name = serializers.CharField()
    org_path = serializers.CharField()
    state = serializers.CharField()
    tickets = serializers.IntegerField()
    gross = Points()
    deducted = Points()
    points = Points()
    coefficient = serializers.DecimalField(max_digits=5, decimal_places=3)
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=4)
    base_fen = serializers.IntegerField()
    guarantee_fen = serializers.IntegerField()
    pay_fen = serializers.IntegerField()


class DisputeSaid(serializers.Serializer[Any]):
    step = serializers.CharField()
    text = serializers.CharField()
    points = Points(allow_null=True)
    by = serializers.CharField(source="by_name")
    at = serializers.DateTimeField()


class DisputeShape(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    version = serializers.IntegerField()
    month = serializers.CharField(source="line.period.month")
    technician_id = serializers.IntegerField()
    entry_id = serializers.IntegerField(allow_null=True)
    state = serializers.CharField()
    text = serializers.CharField()
    wanted = Points(allow_null=True)
    due_at = serializers.DateTimeField()
    steps = serializers.SerializerMethodField()

    @extend_schema(responses=DisputeSaid(many=True))
    def get_steps(self, dispute: Any) -> list[Any]:
        return list(DisputeSaid(dispute.steps.all(), many=True).data)


class SlipShape(serializers.Serializer[Any]):
    """A line with its figures' inputs, its entries in words, and what was disputed."""

    line = SettledLine()
    inputs = serializers.DictField(source="line.inputs")
    entries = EntryShape(many=True)
    more = serializers.IntegerField()
    disputes = DisputeShape(many=True)


class SettlementStepDone(serializers.Serializer[Any]):
    """Where the month stands now."""

    public_id = serializers.CharField()
    version = serializers.IntegerField()
    month = serializers.CharField()
    state = serializers.CharField()
    step = serializers.CharField()


class CalculationStarted(serializers.Serializer[Any]):
    public_id = serializers.CharField(help_text="the run's")
    version = serializers.IntegerField()
    month = serializers.CharField()
    total = serializers.IntegerField()
    state = serializers.CharField()


class Months(View):
    """The newest first."""

    class Output(serializers.Serializer[Any]):
        class Row(serializers.Serializer[Any]):
            period = SettlementMonth()
            lines = serializers.DictField(child=serializers.IntegerField())

        results = Row(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": settlement_read.months_for(self.actor)}).data)


class OneMonth(View):
    """A month, its newest calculation and who did what; `lines` and `seen` count technicians."""

    class Output(serializers.Serializer[Any]):
        class Step(serializers.Serializer[Any]):
            step = serializers.CharField()
            version = serializers.IntegerField()
            by = serializers.CharField(source="by_name")
            reason = serializers.CharField()
            at = serializers.DateTimeField()

        period = SettlementMonth()
        run = CalculationShape(allow_null=True)
        lines = serializers.DictField(child=serializers.IntegerField())
        seen = serializers.DictField(child=serializers.IntegerField())
        open_disputes = serializers.IntegerField()
        steps = Step(many=True)

    def get(self, request: Request, month: str) -> Response:
        return Response(self.Output(settlement_read.month_for(self.actor, month)).data)


class Terms(View):
    """What a point is worth: `unit_price` fen of each (fixed), or `pool_fen` shared out (pool)."""

    class Input(serializers.Serializer[Any]):
        mode = serializers.ChoiceField(MODES)
        unit_price = Price(required=False, allow_null=True)
        pool_fen = Fen(required=False, allow_null=True)
        version = Whole(required=False)

    Done = SettlementStepDone

    def put(self, request: Request, month: str) -> Response:
        key = self.key
        return self.done(settlement.set_month_terms(month=month, **self.entered(), by=self.actor, key=key))


class Calculate(View):
    """Ask for the lines; they are worked out beside. `preview`: before the month is over, and it stays open."""

    class Input(serializers.Serializer[Any]):
        preview = serializers.BooleanField(required=False)
        version = Whole(required=False)

    Done = CalculationStarted
    success = 202

    def post(self, request: Request, month: str) -> Response:
        key = self.key
        done = calculating.start_calculation(month=month, **self.entered(), by=self.actor, key=key)
        settlement_tasks.calculate.wake(done.public_id)
        return self.done(done, status=202)


class OneRun(View):
    """How far a calculation is."""

    Output = CalculationShape

    def get(self, request: Request, name: str) -> Response:
        return Response(CalculationShape(settlement_read.run_for(self.actor, name)).data)


class CancelRun(View):
    """Stop it before its next batch."""

    class Input(serializers.Serializer[Any]):
        pass

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        state = serializers.CharField()

    def post(self, request: Request, name: str) -> Response:
        key = self.key
        return self.done(calculating.cancel_calculation(public_id=name, **self.entered(), by=self.actor, key=key))


class Lines(View):
    """The lines in the reader's reach, page by page, and what all of them come to."""

    class Query(serializers.Serializer[Any]):
        q = serializers.CharField(max_length=60, required=False)
        state = serializers.ChoiceField(LINE_STATES, required=False)
        sort = serializers.ChoiceField(list(SORTS), required=False)
        page = Whole(required=False, max_value=100_000)
        limit = Whole(required=False, max_value=settlement_read.MOST)

    class Output(serializers.Serializer[Any]):
        class Totals(serializers.Serializer[Any]):
            lines = serializers.IntegerField()
            tickets = serializers.IntegerField()
            points = Points()
            pay_fen = serializers.IntegerField()

        results = SettledLine(many=True, source="rows")
        totals = Totals()
        page = serializers.IntegerField()
        pages = serializers.IntegerField()

    def get(self, request: Request, month: str) -> Response:
        return Response(self.Output(settlement_read.lines_for(self.actor, month, Asked(**self.queried()))).data)


class OneLine(View):
    """One technician's line, explained."""

    Output = SlipShape

    def get(self, request: Request, month: str, technician_id: int) -> Response:
        line = settlement_read.line_for(self.actor, month, technician_id)
        return Response(SlipShape(slip_read.slip_of(line)).data)


class MonthStep(View):
    """A step of the month that needs nothing but its name."""

    class Input(serializers.Serializer[Any]):
        version = Whole(required=False)

    Done = SettlementStepDone
    step: ClassVar[Callable[..., Receipt]]

    def post(self, request: Request, month: str) -> Response:
        key = self.key
        return self.done(type(self).step(month=month, **self.entered(), by=self.actor, key=key))


class Publish(MonthStep):
    """Every technician sees the own line; three working days to confirm or dispute."""

    step = staticmethod(settlement.publish_month)


class Review(MonthStep):
    """This person has looked at all that waits for them on this level."""

    class Input(serializers.Serializer[Any]):
        level = serializers.ChoiceField(REVIEWERS)
        version = Whole(required=False)

    step = staticmethod(reviewing.review_lines)


class Approve(MonthStep):
    """The branch administrator agrees."""

    step = staticmethod(settlement.approve_month)


class Lock(MonthStep):
    """Nothing changes any more; the digest of all lines is kept."""

    step = staticmethod(settlement.lock_month)


class Export(View):
    """Note that the payroll is handed out; the file is read apart."""

    class Input(serializers.Serializer[Any]):
        form = serializers.ChoiceField(list(payroll_files.MIMES))

    Done = SettlementStepDone

    def post(self, request: Request, month: str) -> Response:
        key = self.key
        return self.done(settlement.export_month(month=month, **self.entered(), by=self.actor, key=key))


class Payroll(View):
    """The file of a locked month: always the same bytes. `form` is xlsx or csv."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, "4XX": REFUSED})
    def get(self, request: Request, month: str, form: str) -> HttpResponse:
        if form not in payroll_files.MIMES:
            raise NotFound
        content = payroll_files.payroll(self.actor, month, form)
        headers = {"Content-Disposition": f'attachment; filename="payroll_{month}.{form}"'}
        return HttpResponse(content, content_type=payroll_files.MIMES[form], headers=headers)


class PayBases(View):
    """What each technician gets in any case, from this month on."""

    class Row(serializers.Serializer[Any]):
        technician_id = Whole()
        base_fen = Fen()
        guarantee_fen = Fen()

    class Output(serializers.Serializer[Any]):
        class Shown(serializers.Serializer[Any]):
            technician_id = serializers.IntegerField()
            name = serializers.CharField()
            unit = serializers.CharField()
            base_fen = serializers.IntegerField()
            guarantee_fen = serializers.IntegerField()

        results = Shown(many=True)

    class Input(serializers.Serializer[Any]):
        told = serializers.ListField(child=serializers.DictField(), max_length=pay_bases.MOST_ROWS)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        month = serializers.CharField()
        count = serializers.IntegerField()

    def get(self, request: Request, month: str) -> Response:
        return Response(self.Output({"results": bases_read.bases_for(self.actor, month)}).data)

    def put(self, request: Request, month: str) -> Response:
        key = self.key
        told = [pay_bases.Told(**self.checked(self.Row, one)) for one in self.entered()["told"]]
        return self.done(pay_bases.set_pay_bases(from_month=month, told=told, by=self.actor, key=key))
