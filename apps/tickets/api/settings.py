"""What the branch decides for itself, for its administrator: values with bounds, special days, who changed what."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import services, settings_read
from steppe.kernel.api.fields import PlainObject
from steppe.kernel.api.views import View


class Settings(View):
    """GET: every value and the stamp of what was read. POST: the values to decide anew, with that stamp.

    A refusal names the field: `wave_size`, `resolve_hours.2`. Another stamp than the present one is refused.
    """

    class Output(serializers.Serializer[Any]):
        values = serializers.JSONField()
        stamp = serializers.CharField()

    class Input(serializers.Serializer[Any]):
        values = PlainObject()
        stamp = serializers.CharField(max_length=16)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        stamp = serializers.CharField()
        changes = serializers.JSONField(help_text="name: [before, after]")

    def get(self, request: Request) -> Response:
        return Response(self.Output(settings_read.settings_for(self.actor)).data)

    def post(self, request: Request) -> Response:
        key, told = self.key, self.entered()
        return self.done(services.change_settings(wanted=told["values"], stamp=told["stamp"], by=self.actor, key=key))


class SettingsHistory(View):
    """Who changed which value or day, and when; newest first."""

    class Output(serializers.Serializer[Any]):
        class Change(serializers.Serializer[Any]):
            at = serializers.DateTimeField()
            by_name = serializers.CharField()
            name = serializers.CharField()
            before = serializers.JSONField(allow_null=True)
            after = serializers.JSONField(allow_null=True)

        results = Change(many=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": settings_read.changes_of(self.actor)}).data)


class DayDone(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    version = serializers.IntegerField()
    day = serializers.DateField()


class ServiceDays(View):
    """GET: the days from today on that are not like the others. POST: set one; without hours it is a holiday."""

    class Output(serializers.Serializer[Any]):
        class Day(serializers.Serializer[Any]):
            day = serializers.DateField()
            title = serializers.CharField(source="name")
            opens = serializers.TimeField(allow_null=True)
            closes = serializers.TimeField(allow_null=True)

        results = Day(many=True)

    class Input(serializers.Serializer[Any]):
        day = serializers.DateField()
        title = serializers.CharField(max_length=40)
        opens = serializers.TimeField(allow_null=True, required=False, default=None)
        closes = serializers.TimeField(allow_null=True, required=False, default=None)

    Done = DayDone

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": settings_read.service_days(self.actor)}).data)

    def post(self, request: Request) -> Response:
        key = self.key
        return self.done(services.set_service_day(**self.entered(), by=self.actor, key=key))


class RemoveServiceDay(View):
    """The day is like all others again."""

    class Input(serializers.Serializer[Any]):
        day = serializers.DateField()

    Done = DayDone

    def post(self, request: Request) -> Response:
        key = self.key
        return self.done(services.remove_service_day(**self.entered(), by=self.actor, key=key))
