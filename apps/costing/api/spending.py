"""Expenses, budgets, norms, and the close of a month of costs."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import control_read, expenses_read
from apps.costing.models.money import COST_ELEMENTS
from apps.costing.money_permissions import COST_CLOSERS, EXPENSE_APPROVERS, PLANNERS, SPENDERS
from apps.costing.rules.spending import KINDS, STATES
from apps.costing.services import cost_months, expenses, plans
from apps.costing.services.plans import Cell
from steppe.kernel.actors import require
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View

PUBLIC = r"^[A-Za-z0-9_-]{1,16}$"


class MoneyStepDone(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()


class Cells(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    version = serializers.IntegerField()
    cells = serializers.IntegerField()


class Expenses(View):
    """GET: those in scope, the newest first. POST: something was paid for a ticket."""

    class Query(serializers.Serializer[Any]):
        state = serializers.ChoiceField(STATES, required=False)
        ticket = serializers.RegexField(PUBLIC, required=False)
        after = serializers.RegexField(r"^[0-9]{1,18}$", required=False)

    class Input(serializers.Serializer[Any]):
        ticket = serializers.RegexField(PUBLIC)
        code = serializers.ChoiceField(tuple(KINDS))
        fen = Whole()
        receipt_no = serializers.CharField(max_length=40, required=False, allow_blank=True)
        note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Output(serializers.Serializer[Any]):
        class Expense(serializers.Serializer[Any]):
            public_id = serializers.CharField()
            ticket = serializers.CharField()
            code = serializers.CharField()
            element = serializers.CharField()
            fen = serializers.IntegerField()
            receipt_no = serializers.CharField()
            note = serializers.CharField()
            state = serializers.CharField()
            version = serializers.IntegerField()
            entered_by = serializers.CharField(source="entered_by_name")
            entered_at = serializers.DateTimeField()
            decided_by = serializers.CharField(source="decided_by_name")
            answer = serializers.CharField()

        results = Expense(many=True)
        next_after = serializers.CharField(allow_null=True)

    Done = MoneyStepDone
    success = 201

    def get(self, request: Request) -> Response:
        page = expenses_read.expenses_for(self.actor, **self.queried())
        return Response(self.Output({"results": page.rows, "next_after": page.next_after}).data)

    def post(self, request: Request) -> Response:
        require(self.actor, SPENDERS)
        key, given = self.key, self.entered()
        return self.done(
            expenses.enter_expense(public_id=given.pop("ticket"), **given, by=self.actor, key=key), status=201
        )


class _Decision(View):
    """What one person does with another's expense."""

    class Input(serializers.Serializer[Any]):
        version = Whole(required=False)
        answer = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    Done = MoneyStepDone
    step: Any

    def post(self, request: Request, expense: str) -> Response:
        require(self.actor, EXPENSE_APPROVERS)
        key = self.key
        return self.done(self.step(public_id=expense, **self.entered(), by=self.actor, key=key))


class ApproveExpense(_Decision):
    """It becomes a line of the ticket's account."""

    step = staticmethod(expenses.approve_expense)


class Refuse(_Decision):
    """It costs the ticket nothing; `answer` says why."""

    step = staticmethod(expenses.refuse_expense)


class Reverse(_Decision):
    """An approved one is taken out of the account by a line with the other sign."""

    step = staticmethod(expenses.reverse_expense)


class WithdrawExpense(View):
    """Who entered it takes it back before anybody decided."""

    class Input(serializers.Serializer[Any]):
        version = Whole(required=False)

    Done = MoneyStepDone

    def post(self, request: Request, expense: str) -> Response:
        require(self.actor, SPENDERS)
        key = self.key
        return self.done(expenses.withdraw_expense(public_id=expense, **self.entered(), by=self.actor, key=key))


class CellShape(serializers.Serializer[Any]):
    """Without an amount the cell is taken away."""

    type_code = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    element = serializers.ChoiceField(("", *COST_ELEMENTS), required=False, allow_blank=True, default="")
    fen = serializers.IntegerField(min_value=0, max_value=plans.MOST_FEN, required=False, allow_null=True)


class Budgets(View):
    """GET: a month's budgets with what was spent and the light. PUT: its cells, for the branch or a sub-branch."""

    class Query(serializers.Serializer[Any]):
        unit = serializers.CharField(max_length=20, required=False)

    class Input(serializers.Serializer[Any]):
        class BudgetCell(CellShape):
            tickets = serializers.IntegerField(min_value=0, max_value=9_999_999, required=False, allow_null=True)

        unit = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
        cells = BudgetCell(many=True)

    class Output(serializers.Serializer[Any]):
        class Line(serializers.Serializer[Any]):
            type_code = serializers.CharField(source="budget.type_code")
            element = serializers.CharField(source="budget.element")
            fen = serializers.IntegerField(source="budget.fen")
            tickets = serializers.IntegerField(source="budget.tickets", allow_null=True)
            actual = serializers.IntegerField()
            left = serializers.IntegerField()
            used = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True)
            light = serializers.CharField()

        results = Line(many=True)

    Done = Cells

    def get(self, request: Request, month: str) -> Response:
        return Response(self.Output({"results": control_read.budget_lines(self.actor, month, **self.queried())}).data)

    def put(self, request: Request, month: str) -> Response:
        require(self.actor, PLANNERS)
        key, given = self.key, self.entered()
        cells = [Cell(**one) for one in given["cells"]]
        return self.done(plans.save_budgets(month=month, unit=given["unit"], cells=cells, by=self.actor, key=key))


class Norms(View):
    """定额 by type and element."""

    class Input(serializers.Serializer[Any]):
        class NormCell(CellShape):
            quantity = serializers.DecimalField(max_digits=9, decimal_places=2, required=False, allow_null=True)

        cells = NormCell(many=True)

    class Output(serializers.Serializer[Any]):
        class Norm(serializers.Serializer[Any]):
            type_code = serializers.CharField()
            element = serializers.CharField()
            fen = serializers.IntegerField()
            quantity = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)

        results = Norm(many=True)

    Done = Cells

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": control_read.norms_for(self.actor)}).data)

    def put(self, request: Request) -> Response:
        require(self.actor, PLANNERS)
        key, given = self.key, self.entered()
        return self.done(plans.save_norms(cells=[Cell(**one) for one in given["cells"]], by=self.actor, key=key))


class Deviations(View):
    """Why a month came out otherwise: price, quantity and volume add up to the difference."""

    class Output(serializers.Serializer[Any]):
        class Deviation(serializers.Serializer[Any]):
            type = serializers.CharField(source="type_name")
            element = serializers.CharField()
            planned = serializers.IntegerField()
            tickets = serializers.IntegerField()
            plan = serializers.IntegerField()
            actual = serializers.IntegerField()
            price = serializers.IntegerField(source="why.price")
            quantity = serializers.IntegerField(source="why.quantity")
            volume = serializers.IntegerField(source="why.volume")

        results = Deviation(many=True)

    def get(self, request: Request, month: str) -> Response:
        return Response(self.Output({"results": control_read.deviations(self.actor, month)}).data)


class OddFigures(View):
    """The abnormal list: both sides of each rate, for the whole (`key` empty) and by grid."""

    class Output(serializers.Serializer[Any]):
        class Odd(serializers.Serializer[Any]):
            code = serializers.CharField()
            key = serializers.CharField()
            name = serializers.CharField()
            numerator = serializers.DecimalField(max_digits=20, decimal_places=2)
            denominator = serializers.IntegerField()
            rate = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
            odd = serializers.BooleanField()

        results = Odd(many=True)

    def get(self, request: Request, month: str) -> Response:
        return Response(self.Output({"results": control_read.oddities(self.actor, month)}).data)


class CostMonths(View):
    """The months of costs with their state and the digest of their lines."""

    class Output(serializers.Serializer[Any]):
        class Month(serializers.Serializer[Any]):
            month = serializers.CharField()
            state = serializers.CharField()
            version = serializers.IntegerField()
            lines_hash = serializers.CharField()
            changed_by = serializers.CharField(source="changed_by_name")
            changed_at = serializers.DateTimeField(allow_null=True)

        results = Month(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": control_read.months(self.actor)}).data)


class CloseMonth(View):
    """No more lines in it; only headquarters opens it again."""

    class Done(MoneyStepDone):
        lines_hash = serializers.CharField()

    def post(self, request: Request, month: str) -> Response:
        require(self.actor, COST_CLOSERS)
        return self.done(cost_months.close_cost_month(month=month, by=self.actor, key=self.key))
