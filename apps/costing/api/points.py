"""Work points over the API: the own month and entries, a team's month, what people say of a ticket's work."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import points_read, said_read, services
from apps.costing.services.repeats import CAUSES
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class Points(serializers.DecimalField):
    """Points with two places, as text."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_digits=11, decimal_places=2, **more)


class Told(serializers.Serializer[Any]):
    """How many entries the ledger gained by it."""

    public_id = serializers.CharField(help_text="the ticket's")
    version = serializers.IntegerField()
    entries = serializers.IntegerField()


class ExplainedLine(serializers.Serializer[Any]):
    """One number of the explanation; `sign`: how it enters the formula."""

    sign = serializers.CharField()
    what = serializers.CharField()
    value = serializers.CharField()
    detail = serializers.CharField()


class EntryShape(serializers.Serializer[Any]):
    """An entry in words and as facts. `stage` provisional waits for the callback and has no period."""

    id = serializers.IntegerField(source="row.pk")
    ticket = serializers.CharField(source="row.ticket")
    ticket_no = serializers.CharField(source="row.ticket_no")
    technician_id = serializers.IntegerField(source="row.technician_id")
    kind = serializers.CharField(source="row.kind")
    code = serializers.CharField(source="row.code")
    stage = serializers.CharField(source="row.stage")
    points = Points(source="row.points")
    period = serializers.CharField(source="row.period")
    late = serializers.BooleanField(source="row.late")
    reason = serializers.CharField(source="row.reason")
    corrects = serializers.IntegerField(source="row.corrects_id", allow_null=True)
    by = serializers.CharField(source="row.by_name")
    at = serializers.DateTimeField(source="row.at")
    what = serializers.CharField()
    lines = ExplainedLine(many=True)


class MonthQuery(serializers.Serializer[Any]):
    month = serializers.RegexField(MONTH, required=False)


class MyMonth(View):
    """The technician's own month: what waits, what was earned and for what, by ticket."""

    Query = MonthQuery

    class Output(serializers.Serializer[Any]):
        class OnTicket(serializers.Serializer[Any]):
            public_id = serializers.CharField()
            ticket_no = serializers.CharField()
            earned = Points()
            waiting = Points()

        month = serializers.CharField()
        state = serializers.CharField()
        earned = Points()
        waiting = Points()
        by_kind = serializers.DictField(child=Points())
        tickets = OnTicket(many=True)
        others = EntryShape(many=True)
        more = serializers.BooleanField(help_text="there are more tickets than are listed")

    def get(self, request: Request) -> Response:
        return Response(self.Output(points_read.my_month(self.actor, **self.queried())).data)


class MyTicket(View):
    """What one ticket paid the technician, entry by entry; and what can be said of its work."""

    class Output(serializers.Serializer[Any]):
        class Member(serializers.Serializer[Any]):
            technician_id = serializers.IntegerField()
            name = serializers.CharField()
            pct = serializers.IntegerField()

        entries = EntryShape(many=True)
        team = Member(many=True)
        may_claim = serializers.BooleanField()
        may_answer = serializers.BooleanField()

    def get(self, request: Request, public_id: str) -> Response:
        sheet, _answer = said_read.sheet_for(self.actor, public_id)
        told = {"entries": points_read.my_ticket(self.actor, public_id), "team": sheet.team}
        return Response(
            self.Output(told | {"may_claim": sheet.may_claim, "may_answer": sheet.may_answer}).data
        )  # fmt: skip


class OneEntry(View):
    """One entry, explained line by line."""

    class Output(EntryShape):
        pass

    def get(self, request: Request, entry_id: int) -> Response:
        return Response(self.Output(points_read.entry_for(self.actor, entry_id)).data)


class TeamMonth(View):
    """Everybody at or below the reader's nodes in a month."""

    Query = MonthQuery

    class Output(serializers.Serializer[Any]):
        class Member(serializers.Serializer[Any]):
            technician_id = serializers.IntegerField(source="technician.pk")
            name = serializers.CharField(source="technician.user.name")
            unit = serializers.CharField(source="technician.org_unit.name")
            earned = Points()
            waiting = Points()
            deducted = Points()
            travel = Points()
            tickets = serializers.IntegerField()

        results = Member(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": points_read.team_month(self.actor, **self.queried())}).data)


class PersonMonth(View):
    """A person's earned entries of a month, newest first; `after`: the last id of the page before."""

    class Query(MonthQuery):
        after = Whole(required=False)

    class Output(serializers.Serializer[Any]):
        results = EntryShape(many=True)
        next_after = serializers.IntegerField(allow_null=True)

    def get(self, request: Request, technician_id: int) -> Response:
        found = points_read.entries_of(self.actor, technician_id, **self.queried())
        after = found[-1].row.pk if len(found) == points_read.MOST else None
        return Response(self.Output({"results": found, "next_after": after}).data)


class Waiting(View):
    """Claims, contested shares and repeats that wait for this person's word."""

    class Output(serializers.Serializer[Any]):
        class Claim(serializers.Serializer[Any]):
            claim = serializers.IntegerField(source="row.pk")
            ticket = serializers.CharField(source="row.ticket")
            difficulty = serializers.CharField(source="row.difficulty")
            quantities = serializers.DictField(source="row.quantities")
            km = serializers.DecimalField(source="row.km", max_digits=7, decimal_places=1, allow_null=True)
            evidence = serializers.CharField(source="row.evidence")
            at = serializers.DateTimeField(source="row.at")
            own = serializers.BooleanField()

        class Contested(serializers.Serializer[Any]):
            class Member(serializers.Serializer[Any]):
                technician_id = serializers.IntegerField()
                name = serializers.CharField()
                pct = serializers.IntegerField()
                agrees = serializers.BooleanField(source="answer.agrees", default=None, allow_null=True)
                note = serializers.CharField(source="answer.note", default="")

            ticket = serializers.CharField(source="public_id")
            team = Member(many=True)
            own = serializers.BooleanField()

        class Repeat(serializers.Serializer[Any]):
            ticket = serializers.CharField(source="row.ticket")
            first = serializers.CharField(source="row.first")
            found_at = serializers.DateTimeField(source="row.found_at")
            own = serializers.BooleanField()

        claims = Claim(many=True)
        contested = Contested(many=True)
        repeats = Repeat(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output(said_read.waiting_for(self.actor)).data)


class ClaimWork(View):
    """The main technician: how hard, how much more (by code of the rules), how far in all."""

    class Input(serializers.Serializer[Any]):
        difficulty = serializers.CharField(max_length=20, required=False, allow_blank=True)
        quantities = serializers.DictField(
            child=serializers.DecimalField(max_digits=8, decimal_places=2), required=False
        )
        km = serializers.DecimalField(max_digits=6, decimal_places=1, required=False)
        own_car = serializers.BooleanField(required=False)
        evidence = serializers.CharField(max_length=300, required=False, allow_blank=True)

    Done = Told

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        return self.done(services.claim_work(public_id=public_id, **self.entered(), by=self.actor, key=key))


class DecideClaim(View):
    """Who leads there: yes or no to this very claim."""

    class Input(serializers.Serializer[Any]):
        claim = Whole()
        agree = serializers.BooleanField()
        answer = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Done(Told):
        state = serializers.CharField()

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        return self.done(services.decide_claim(public_id=public_id, **self.entered(), by=self.actor, key=key))


class AnswerShares(View):
    """Somebody who helped: agreed or not, and why."""

    class Input(serializers.Serializer[Any]):
        agrees = serializers.BooleanField()
        note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        agrees = serializers.BooleanField()

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        return self.done(services.answer_shares(public_id=public_id, **self.entered(), by=self.actor, key=key))


class DecideShares(View):
    """Who leads there: per cent by technician's id, exactly a hundred."""

    class Input(serializers.Serializer[Any]):
        shares = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=100))
        reason = serializers.CharField(max_length=200)

    Done = Told

    def post(self, request: Request, public_id: str) -> Response:
        key, given = self.key, self.entered()
        # What is no id is nobody of the team.
        shares = {int(who) if who.isascii() and who.isdecimal() else 0: pct for who, pct in given["shares"].items()}
        told = {"shares": shares, "reason": given["reason"]}
        return self.done(services.decide_shares(public_id=public_id, **told, by=self.actor, key=key))


class DecideRepeat(View):
    """The cause of a repeat: the first visit's workmanship, or anything other."""

    class Input(serializers.Serializer[Any]):
        cause = serializers.ChoiceField(CAUSES)
        note = serializers.CharField(max_length=300)

    class Done(Told):
        cause = serializers.CharField()

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        return self.done(services.decide_repeat(public_id=public_id, **self.entered(), by=self.actor, key=key))


class Booked(serializers.Serializer[Any]):
    """The entry and the month it went to."""

    public_id = serializers.CharField(help_text="the ticket's, or empty")
    version = serializers.IntegerField()
    points = serializers.CharField()
    period = serializers.CharField()


class EnterPoints(View):
    """A bonus of so many points, or a deduction by its code."""

    class Input(serializers.Serializer[Any]):
        technician_id = Whole()
        kind = serializers.ChoiceField(["bonus", "deduction"])
        code = serializers.CharField(max_length=30, required=False, allow_blank=True)
        points = serializers.DecimalField(max_digits=6, decimal_places=2, required=False)
        ticket = serializers.CharField(max_length=16, required=False, allow_blank=True)
        reason = serializers.CharField(max_length=300)

    Done = Booked
    success = 201

    def post(self, request: Request) -> Response:
        key = self.key
        return self.done(services.enter_points(**self.entered(), by=self.actor, key=key), status=201)


class TakeBackPoints(View):
    """A bonus or deduction was a mistake: the same with the other sign."""

    class Input(serializers.Serializer[Any]):
        reason = serializers.CharField(max_length=300)

    Done = Booked

    def post(self, request: Request, entry_id: int) -> Response:
        key = self.key
        return self.done(services.take_back_points(entry=entry_id, **self.entered(), by=self.actor, key=key))


class BookTicket(View):
    """Look at this ticket once more: what the ledger lacks of it is appended."""

    class Input(serializers.Serializer[Any]):
        pass

    Done = Told

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        self.entered()
        return self.done(services.book_ticket(public_id=public_id, by=self.actor, key=key))
