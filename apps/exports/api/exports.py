"""Exports for other programs: what there is, ask, look how far it is, call off, take the file."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.exports import selectors, services, tasks
from apps.exports.permissions import may_export
from apps.exports.sending import sent
from apps.exports.sources import sources_for
from apps.exports.writers import FORMS
from steppe.kernel.api.views import View
from steppe.kernel.errors import NotAllowed


class ExportShape(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    format = serializers.CharField(source="form")
    period = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    columns = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField(help_text="asked, running, done, cancelled, failed or expired")
    done = serializers.IntegerField(help_text="rows written")
    total = serializers.IntegerField(help_text="rows in all, as far as is known")
    refusal = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    asked_by = serializers.CharField(source="asked_name")
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class Exports(View):
    """GET: own exports, an administrator everybody's, the newest first. POST: ask for one."""

    class Query(serializers.Serializer[Any]):
        limit = serializers.IntegerField(min_value=1, max_value=100, required=False)

    class Output(serializers.Serializer[Any]):
        results = ExportShape(many=True)

    class Input(serializers.Serializer[Any]):
        source = serializers.CharField(max_length=30)  # type: ignore[assignment]
        format = serializers.ChoiceField(sorted(FORMS))
        period = serializers.CharField(max_length=12)
        first = serializers.DateField()
        last = serializers.DateField()
        columns = serializers.ListField(child=serializers.CharField(max_length=30), max_length=100)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        state = serializers.CharField()
        total = serializers.IntegerField()

    success = 201

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": selectors.jobs_for(self.actor, **self.queried())}).data)

    def post(self, request: Request) -> Response:
        key, asked = self.key, self.entered()
        receipt = services.ask_export(form=asked.pop("format"), **asked, by=self.actor, key=key)
        tasks.make_export.wake(receipt.public_id)
        return self.done(receipt, status=201)


class Sources(View):
    """Which tables there are for the reader, with their periods and columns; and the formats."""

    class Output(serializers.Serializer[Any]):
        class Table(serializers.Serializer[Any]):
            class Heading(serializers.Serializer[Any]):
                code = serializers.CharField()
                word = serializers.CharField()
                kind = serializers.CharField()
                private = serializers.BooleanField()
                usual = serializers.BooleanField()

            code = serializers.CharField()
            word = serializers.CharField()
            periods = serializers.SerializerMethodField()
            columns = Heading(many=True)

            def get_periods(self, table: Any) -> list[str]:
                return [code for code, _word in table.periods]

        results = Table(many=True)
        formats = serializers.ListField(child=serializers.CharField())

    def get(self, request: Request) -> Response:
        if not may_export(self.actor):
            raise NotAllowed
        return Response(self.Output({"results": sources_for(self.actor), "formats": list(FORMS)}).data)


class OneExport(View):
    """How far it is."""

    Output = ExportShape

    def get(self, request: Request, public_id: str) -> Response:
        return Response(self.Output(selectors.job_for(self.actor, public_id)).data)


class Cancel(View):
    """Call it off; who makes it stops at the next page."""

    Done = Exports.Done

    def post(self, request: Request, public_id: str) -> Response:
        return self.done(services.cancel_export(public_id=public_id, by=self.actor, key=self.key))


class ExportFile(View):
    """The file. Each time stands in the audit."""

    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        return sent(services.hand_out(public_id=public_id, by=self.actor))
