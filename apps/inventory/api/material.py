"""The material of a ticket, and what the branch lays down for a type."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import material_read, services
from apps.inventory.api.shapes import ItemRef, PlaceRef, Quantity
from apps.inventory.rules.material import CONDITIONS, WHY_NOT, Norm
from apps.inventory.rules.serials import LONGEST
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View

SCANNED = 60


class Line(serializers.Serializer[Any]):
    """A line of the ticket: `above` the norm by far, and `former`: entered before the ticket came to who has it now."""

    line = serializers.IntegerField(source="line.pk")
    item = ItemRef(source="line.item")
    place = PlaceRef(source="line.place")
    batch = serializers.CharField(source="line.batch.number", default="")
    number = serializers.CharField(source="line.serial.number", default="")
    quantity = Quantity(source="line.quantity")
    state = serializers.CharField(source="line.state")
    reason = serializers.CharField(source="line.reason")
    document = serializers.CharField(source="line.document.number", default="")
    norm = Quantity(allow_null=True)
    above = serializers.BooleanField()
    former = serializers.BooleanField()


class Back(serializers.Serializer[Any]):
    """A device that came back, or why none did and what is paid for it (fen)."""

    line = serializers.IntegerField(source="pk")
    item = ItemRef(allow_null=True)
    number = serializers.CharField()
    condition = serializers.CharField()
    why = serializers.CharField()
    fee = serializers.IntegerField()
    note = serializers.CharField()
    state = serializers.CharField()
    document = serializers.CharField(source="document.number", default="")


class EnteredLine(serializers.Serializer[Any]):
    public_id = serializers.CharField(help_text="the ticket's")
    version = serializers.IntegerField()
    line = serializers.IntegerField()
    item = serializers.CharField()
    quantity = serializers.CharField()


class EnteredBack(serializers.Serializer[Any]):
    public_id = serializers.CharField(help_text="the ticket's")
    version = serializers.IntegerField()
    line = serializers.IntegerField()
    number = serializers.CharField()
    condition = serializers.CharField()
    why = serializers.CharField()


class TicketMaterial(View):
    """GET: what goes into the ticket and what came back. POST: so much of an item in all, from the own van."""

    class Output(serializers.Serializer[Any]):
        lines = Line(many=True)
        back = Back(many=True)
        asked = serializers.BooleanField(help_text="a device must come back, or a reason")
        cost = serializers.IntegerField(allow_null=True, help_text="fen; null for who need not know it")

    class Input(serializers.Serializer[Any]):
        item = serializers.CharField(max_length=30)
        quantity = Quantity()
        batch = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)

    Done = EnteredLine
    success = 201

    def get(self, request: Request, public_id: str) -> Response:
        return Response(self.Output(material_read.sheet_for(self.actor, public_id)).data)

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        done = services.enter_material(public_id=public_id, **self.entered(), by=self.actor, key=key)
        return self.done(done, status=201)


class TicketUnits(View):
    """This very box, by its number as scanned."""

    class Input(serializers.Serializer[Any]):
        number = serializers.CharField(max_length=SCANNED)
        item = serializers.CharField(max_length=30, required=False, allow_blank=True)

    Done = EnteredLine
    success = 201

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        return self.done(services.enter_unit(public_id=public_id, **self.entered(), by=self.actor, key=key), status=201)


class TicketCounter(View):
    """A clerk hands goods over a counter, on a ticket they entered: so much of an item in all, or a box."""

    class Input(serializers.Serializer[Any]):
        counter = serializers.CharField(max_length=30)
        item = serializers.CharField(max_length=30, required=False, allow_blank=True)
        quantity = Quantity(required=False)
        batch = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
        number = serializers.CharField(max_length=SCANNED, required=False)

    Done = EnteredLine
    success = 201

    def post(self, request: Request, public_id: str) -> Response:
        key, given = self.key, self.entered()
        numbered = "number" in given
        if numbered:
            given = {name: value for name, value in given.items() if name not in ("quantity", "batch")}
        else:
            given = {"item": "", "quantity": Decimal(0)} | given
        enter = services.enter_unit if numbered else services.enter_material
        return self.done(enter(public_id=public_id, **given, by=self.actor, key=key), status=201)


class TicketLine(View):
    """Another quantity of a line, or why it is so much."""

    class Input(serializers.Serializer[Any]):
        quantity = Quantity(required=False)
        reason = serializers.CharField(max_length=200, required=False, allow_blank=True)

    Done = EnteredLine

    def put(self, request: Request, public_id: str, line: int) -> Response:
        key = self.key
        return self.done(
            services.change_material(public_id=public_id, line=line, **self.entered(), by=self.actor, key=key)
        )


class TakeOff(View):
    """The line was not used after all."""

    class Input(serializers.Serializer[Any]):
        pass

    Done = EnteredLine

    def post(self, request: Request, public_id: str, line: int) -> Response:
        key, given = self.key, self.entered()
        return self.done(services.take_off_material(public_id=public_id, line=line, **given, by=self.actor, key=key))


class TicketRecovered(View):
    """A device came back from the customer."""

    class Input(serializers.Serializer[Any]):
        number = serializers.CharField(max_length=SCANNED)
        condition = serializers.ChoiceField(CONDITIONS)
        item = serializers.CharField(max_length=30, required=False, allow_blank=True)
        note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    Done = EnteredBack
    success = 201

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        done = services.enter_recovered(public_id=public_id, **self.entered(), by=self.actor, key=key)
        return self.done(done, status=201)


class TicketNotRecovered(View):
    """None came back: the customer keeps it, or has lost it; `fee` in fen."""

    class Input(serializers.Serializer[Any]):
        why = serializers.ChoiceField(WHY_NOT)
        fee = Whole(required=False, min_value=0)
        note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    Done = EnteredBack
    success = 201

    def post(self, request: Request, public_id: str) -> Response:
        key = self.key
        done = services.enter_not_recovered(public_id=public_id, **self.entered(), by=self.actor, key=key)
        return self.done(done, status=201)


class TakeOffRecovered(View):
    """It was written down by mistake."""

    class Input(serializers.Serializer[Any]):
        pass

    Done = EnteredBack

    def post(self, request: Request, public_id: str, line: int) -> Response:
        key, given = self.key, self.entered()
        return self.done(services.take_off_recovered(public_id=public_id, line=line, **given, by=self.actor, key=key))


class NormShape(serializers.Serializer[Any]):
    """An item by code or a whole category; `quantity` is what is usual, null: no matter."""

    item = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    category = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    quantity = Quantity(required=False, allow_null=True, default=None)


class RuleShape(serializers.Serializer[Any]):
    type_code = serializers.CharField()
    recovery = serializers.BooleanField(help_text="a device must come back")
    tolerance_pct = serializers.IntegerField(help_text="of the norm; above it somebody says why")
    version = serializers.IntegerField()
    norms = NormShape(many=True)


class MaterialRules(View):
    """What tickets of each type may use; a type that is not here may use everything but tools."""

    class Output(serializers.Serializer[Any]):
        results = RuleShape(many=True)

    def get(self, request: Request) -> Response:
        rows = material_read.material_rules(self.actor)
        return Response(self.Output({"results": [_rule(*one) for one in rows]}).data)


class OneMaterialRule(View):
    """All that holds for a type from now on. `version` 0 where there was nothing before."""

    class Input(serializers.Serializer[Any]):
        recovery = serializers.BooleanField(required=False)
        tolerance_pct = Whole(required=False, max_value=1000)
        version = Whole(required=False, min_value=0)
        norms = NormShape(many=True, required=False)

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField(help_text="the type's code")
        version = serializers.IntegerField()

    Output = RuleShape

    def get(self, request: Request, code: str) -> Response:
        return Response(self.Output(_rule(*material_read.material_rule(self.actor, code))).data)

    def put(self, request: Request, code: str) -> Response:
        key, given = self.key, self.entered()
        norms = [Norm(**one) for one in given.pop("norms", ())]
        return self.done(services.save_material_rule(type_code=code, norms=norms, **given, by=self.actor, key=key))


def _rule(rule: Any, norms: Any) -> dict[str, Any]:
    told = {name: getattr(rule, name) for name in ("type_code", "recovery", "tolerance_pct", "version")}
    return told | {"norms": norms}
