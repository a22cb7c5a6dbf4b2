"""Ticket types: what can be reported, what a form asks, and, for the branch administrator, publishing a version."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import selectors, services, types_read
from apps.tickets.api.shapes import TypeShape
from apps.tickets.models import TypeVersion
from apps.tickets.rules.definitions import STAGES
from apps.tickets.rules.forms import schema_of
from steppe.kernel.api.fields import PlainObject, Whole
from steppe.kernel.api.views import View


class TicketTypes(View):
    """What can be reported here; a customer reads what customers may report."""

    class Output(serializers.Serializer[Any]):
        results = TypeShape(many=True)

    def get(self, request: Request) -> Response:
        types = selectors.ticket_types(customer=self.actor.kind == "customer")
        return Response(self.Output({"results": types}).data)


class Changed(serializers.Serializer[Any]):
    """What a change of a type answers: its code, and the number of the version in force."""

    public_id = serializers.CharField()
    version = serializers.IntegerField()
    code = serializers.CharField()


class OneType(View):
    """GET: a type and its forms as JSON Schema. POST: publish a version of it, or with `number` 0 a new type.

    A ticket keeps the version it was opened with: ask for that `number`.
    """

    class Query(serializers.Serializer[Any]):
        number = Whole(required=False)

    class Output(TypeShape):
        """`report` and `finish`: JSON Schema of `fields` of a report and of `outcome` of a completion."""

        number = serializers.IntegerField()
        photos = serializers.IntegerField(help_text="at least so many photos of the work")
        report = serializers.JSONField()
        finish = serializers.JSONField(allow_null=True)

    class Input(serializers.Serializer[Any]):
        """`definition`: as /versions shows it. A refusal names the part: `definition.fields.2.options`."""

        number = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
        name_zh = serializers.CharField(max_length=40)
        name_en = serializers.CharField(max_length=40, required=False, allow_blank=True)
        kind = serializers.ChoiceField(["trouble", "work"])
        family = serializers.CharField(max_length=20, required=False)
        icon = serializers.CharField(max_length=20)
        hq_code = serializers.CharField(max_length=30)
        customer_may_report = serializers.BooleanField(required=False)
        note = serializers.CharField(max_length=200, required=False, allow_blank=True)
        definition = PlainObject()

    Done = Changed

    def get(self, request: Request, code: str) -> Response:
        form = types_read.form_of(self.actor, code, self.queried().get("number"))
        return Response(_form(form, finish=self.actor.kind == "staff"))

    def post(self, request: Request, code: str) -> Response:
        key, told = self.key, self.entered()
        number, definition = told.pop("number"), told.pop("definition")
        given = {"code": code, "number": number, "face": told, "definition": definition}
        return self.done(services.publish_type(**given, by=self.actor, key=key))


class Versions(View):
    """Every version of a type, newest first: what it demands, who published it, when and why."""

    class Output(serializers.Serializer[Any]):
        class Version(serializers.Serializer[Any]):
            number = serializers.IntegerField()
            published_at = serializers.DateTimeField()
            published_by_name = serializers.CharField()
            note = serializers.CharField()
            definition = serializers.JSONField(source="definition.write")

        results = Version(many=True)

    def get(self, request: Request, code: str) -> Response:
        return Response(self.Output({"results": types_read.versions_of(self.actor, code)}).data)


class Enable(View):
    """Offer the type for new tickets again."""

    class Input(serializers.Serializer[Any]):
        pass

    Done = Changed
    enabled = True

    def post(self, request: Request, code: str) -> Response:
        key = self.key
        self.entered()
        return self.done(services.enable_type(code=code, enabled=self.enabled, by=self.actor, key=key))


class Disable(Enable):
    """Offer the type for new tickets no longer; tickets of it go on as they are."""

    enabled = False


class MoveType(View):
    """Put the type before another in every list; last when `before` is empty."""

    class Input(serializers.Serializer[Any]):
        before = serializers.CharField(max_length=30, allow_blank=True)

    Done = Changed

    def post(self, request: Request, code: str) -> Response:
        key = self.key
        return self.done(services.move_type(code=code, **self.entered(), by=self.actor, key=key))


def _form(form: TypeVersion, *, finish: bool) -> dict[str, Any]:
    """A type with its forms; what completion asks is the staff's."""
    schemas = {stage: schema_of(form.definition.at(stage)) for stage in STAGES}
    return {
        **TypeShape(form.type).data, "number": form.number, "photos": form.definition.photos, **schemas,
        **({} if finish else {"photos": 0, "finish": None}),
    }  # fmt: skip
