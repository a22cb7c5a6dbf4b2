"""What stock looks like in the API: quantities as decimal text, money as whole fen, places and items by their code."""

from typing import Any

from rest_framework import serializers

from apps.inventory.rules.serials import LONGEST, normal
from apps.inventory.services import Told
from steppe.kernel.errors import Invalid

CODE = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"


class Quantity(serializers.DecimalField):
    """At most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 12, "decimal_places": 2} | kwargs))


class Limited(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False)


class Paged(Limited):
    """`after` is the `next_after` of the page before."""

    after = serializers.RegexField(r"^[0-9]{1,18}$", required=False)


class PlaceRef(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()


class PlaceShape(PlaceRef):
    org_path = serializers.CharField()
    enabled = serializers.BooleanField()


class ItemRef(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    kind = serializers.CharField()


class ItemShape(ItemRef):
    """`usual_cost` (fen of one unit) is null for who need not know."""

    category = serializers.CharField()
    usual_cost = serializers.SerializerMethodField()
    warranty_months = serializers.IntegerField()
    min_level = Quantity()
    barcode = serializers.CharField()
    enabled = serializers.BooleanField()
    version = serializers.IntegerField()

    def get_usual_cost(self, item: Any) -> int | None:
        return item.usual_cost if self.context.get("costs") else None


class HeldShape(serializers.Serializer[Any]):
    place = PlaceRef()
    item = ItemRef()
    batch = serializers.CharField()
    quantity = Quantity(max_digits=14)
    reserved = Quantity()


class DocumentShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    source = PlaceRef()  # type: ignore[assignment]
    target = PlaceRef()
    ticket = serializers.CharField()
    reason = serializers.CharField()
    reversed_because = serializers.CharField()
    origin = serializers.CharField()
    follows = serializers.CharField(source="follows.number", default="")
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()
    submitted_by = serializers.CharField()
    approved_by = serializers.CharField()
    shipped_at = serializers.DateTimeField()
    posted_by = serializers.CharField()
    posted_at = serializers.DateTimeField()


class LineShape(serializers.Serializer[Any]):
    item = ItemRef()
    batch = serializers.CharField(source="batch.number", default="")
    quantity = Quantity()
    received = Quantity(allow_null=True)
    unit_cost = serializers.SerializerMethodField()
    serials = serializers.SerializerMethodField()

    def get_unit_cost(self, line: Any) -> str | None:
        return f"{line.unit_cost:f}" if self.context.get("costs") and line.unit_cost is not None else None

    def get_serials(self, line: Any) -> list[str]:
        return sorted(one.number for one in line.serials.all())


class LineInput(serializers.Serializer[Any]):
    """An item by code; `quantity` of what is counted, `serials` of what has numbers, `batch` of drums."""

    item = serializers.CharField(max_length=30)
    quantity = Quantity(required=False)
    batch = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    serials = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=20_000)
    unit_cost = serializers.DecimalField(max_digits=14, decimal_places=4, required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and (unknown := sorted(str(name)[:40] for name in data.keys() - self.fields.keys())):
            raise Invalid({f"lines.{name.encode(errors='replace').decode()}": ["unknown"] for name in unknown})
        return dict(super().to_internal_value(data))


def told(lines: list[dict[str, Any]]) -> list[Told]:
    """Lines as the services take them; numbers are written the one way."""
    return [Told(**line | {"serials": numbers(line.get("serials", ()))}) for line in lines]


def numbers(given: Any) -> tuple[str, ...]:
    """Numbers as scanned; what cannot be one stays as it is, and is refused by the service at its line."""
    return tuple(normal(one) or one for one in given)
