"""Scheduled reports for other programs: what there is; put one on its schedule, change, pause, take it away."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.exports import mail_read, services
from apps.exports.rules.mailing import RULES
from apps.exports.writers import FORMS
from steppe.kernel.api.views import View


class ReportLetter(serializers.Serializer[Any]):
    address = serializers.CharField()
    state = serializers.CharField(help_text="waiting, sending, sent, failed or unsure")
    tries = serializers.IntegerField()
    trouble = serializers.CharField()


class ReportMailing(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    state = serializers.CharField(help_text="making, sending, sent or failed")
    refusal = serializers.CharField()


class ReportSchedule(serializers.Serializer[Any]):
    public_id = serializers.CharField(source="row.public_id")
    version = serializers.IntegerField(source="row.version")
    source = serializers.CharField(source="row.source")  # type: ignore[assignment]
    format = serializers.CharField(source="row.form")
    period = serializers.CharField(source="row.period")
    rule = serializers.CharField(source="row.rule")
    day = serializers.IntegerField(source="row.day")
    minute = serializers.IntegerField(source="row.minute", help_text="of the branch's day")
    columns = serializers.ListField(source="row.columns", child=serializers.CharField())
    state = serializers.CharField(source="row.state", help_text="active or paused")
    trouble = serializers.CharField(source="row.trouble")
    next_at = serializers.DateTimeField(source="row.next_at", allow_null=True)
    recipients = serializers.ListField(source="names", child=serializers.CharField())
    asked_by = serializers.CharField(source="row.asked_name")
    last = ReportMailing(allow_null=True)
    letters = ReportLetter(many=True)


class ReportPlan(serializers.Serializer[Any]):
    """How it goes out, and to whom."""

    format = serializers.ChoiceField(sorted(FORMS))
    period = serializers.CharField(max_length=12)
    rule = serializers.ChoiceField(RULES)
    day = serializers.IntegerField(min_value=0, max_value=28, help_text="1–7 of the week, 1–28 of the month, else 0")
    at = serializers.TimeField(help_text="of the branch's day")
    columns = serializers.ListField(child=serializers.CharField(max_length=30), max_length=100)
    staff = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=40, required=False)
    outside = serializers.ListField(child=serializers.EmailField(max_length=254), max_length=40, required=False)


class ReportSchedules(View):
    """GET: own ones, those one gets, an administrator everybody's. POST: put one on its schedule."""

    class Output(serializers.Serializer[Any]):
        results = ReportSchedule(many=True)

    class Input(ReportPlan):
        source = serializers.CharField(max_length=30)  # type: ignore[assignment]

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        state = serializers.CharField()

    success = 201

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": mail_read.schedules_for(self.actor)}).data)

    def post(self, request: Request) -> Response:
        key, asked = self.key, _plan(self.entered())
        return self.done(services.save_schedule(**asked, by=self.actor, key=key), status=201)


class ChangeReport(View):
    """The same table goes out another way from the next time on; everything is told anew."""

    class Input(ReportPlan):
        version = serializers.IntegerField(min_value=1, help_text="as it was read; a later one is refused")

    Done = ReportSchedules.Done

    def post(self, request: Request, public_id: str) -> Response:
        key, asked = self.key, _plan(self.entered())
        return self.done(services.change_schedule(public_id=public_id, **asked, by=self.actor, key=key))


class PauseReport(View):
    """Nothing goes out until it is gone on with."""

    Done = ReportSchedules.Done

    def post(self, request: Request, public_id: str) -> Response:
        return self.done(services.pause_schedule(public_id=public_id, by=self.actor, key=self.key))


class ResumeReport(View):
    """It goes out again from the next time on."""

    Done = ReportSchedules.Done

    def post(self, request: Request, public_id: str) -> Response:
        return self.done(services.resume_schedule(public_id=public_id, by=self.actor, key=self.key))


class RemoveReport(View):
    """Off its schedule, for good."""

    Done = ReportSchedules.Done

    def post(self, request: Request, public_id: str) -> Response:
        return self.done(services.remove_schedule(public_id=public_id, by=self.actor, key=self.key))


class LeaveReport(View):
    """The caller wants no more of it."""

    Done = ReportSchedules.Done

    def post(self, request: Request, public_id: str) -> Response:
        return self.done(services.leave_schedule(public_id=public_id, by=self.actor, key=self.key))


def _plan(asked: dict[str, Any]) -> dict[str, Any]:
    """As the services call it."""
    told = {"staff": [], "outside": []} | asked
    form = told.pop("format")
    return told | {"form": form}
