"""Items, places and what is in them."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import books_read, selectors, services
from apps.inventory.api.shapes import CODE, HeldShape, ItemShape, Limited, Paged, PlaceShape, Quantity
from apps.inventory.models import Item
from apps.inventory.rules.places import STORES
from apps.inventory.selectors import Page
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View


class Saved(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    version = serializers.IntegerField()


class Items(View):
    """Items by code; `query` is a part of code, name or bar code."""

    class Query(Limited):
        after = serializers.CharField(max_length=30, required=False)
        query = serializers.CharField(max_length=60, required=False)
        category = serializers.CharField(max_length=30, required=False)
        enabled = serializers.BooleanField(required=False, allow_null=True, default=None)

    class Output(serializers.Serializer[Any]):
        results = ItemShape(many=True)
        next_after = serializers.CharField(allow_null=True)

    def get(self, request: Request) -> Response:
        page = selectors.items_for(self.actor, **self.queried())
        shown = ItemShape(page.rows, many=True, context={"costs": selectors.sees_costs(self.actor)})
        return Response({"results": shown.data, "next_after": page.next_after})


class OneItem(View):
    """PUT: an item made, or changed by its code; `version` is what the client had before it."""

    class Output(ItemShape):
        pass

    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=60)
        category = serializers.CharField(max_length=30)
        kind = serializers.ChoiceField(Item.KINDS)
        unit = serializers.CharField(max_length=8)
        usual_cost = serializers.IntegerField(min_value=0, max_value=100_000_000, required=False)
        warranty_months = serializers.IntegerField(min_value=0, max_value=600, required=False)
        min_level = Quantity(min_value=0, required=False)
        barcode = serializers.CharField(max_length=40, required=False, allow_blank=True)
        enabled = serializers.BooleanField(required=False)
        version = Whole(required=False)

    Done = Saved

    def get(self, request: Request, code: str) -> Response:
        item = selectors.item_for(self.actor, code)
        return Response(self.Output(item, context={"costs": selectors.sees_costs(self.actor)}).data)

    def put(self, request: Request, code: str) -> Response:
        key = self.key
        return self.done(services.save_item(code=code, **self.entered(), by=self.actor, key=key))


class Places(View):
    """GET: the places the reader may look into. POST: open a store of a unit."""

    class Output(serializers.Serializer[Any]):
        results = PlaceShape(many=True)

    class Input(serializers.Serializer[Any]):
        kind = serializers.ChoiceField(STORES)
        code = serializers.RegexField(CODE, max_length=30)
        name = serializers.CharField(max_length=60)
        unit = serializers.CharField(max_length=20)

    Done = Saved
    success = 201

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": selectors.places_for(self.actor)}).data)

    def post(self, request: Request) -> Response:
        key = self.key
        return self.done(services.open_place(**self.entered(), by=self.actor, key=key), status=201)


class Vans(View):
    """Open the van of a technician, of which there is one."""

    class Input(serializers.Serializer[Any]):
        technician_id = Whole()

    Done = Saved
    success = 201

    def post(self, request: Request) -> Response:
        key = self.key
        return self.done(services.open_van(**self.entered(), by=self.actor, key=key), status=201)


class Balances(View):
    """What is in a place now, by item."""

    class Query(Paged):
        pass

    class Output(serializers.Serializer[Any]):
        results = HeldShape(many=True)
        next_after = serializers.CharField(allow_null=True)

    def get(self, request: Request, code: str) -> Response:
        return self.page(selectors.balances_in(self.actor, code, **self.queried()))

    def page(self, held: Page[selectors.Held]) -> Response:
        return Response(self.Output({"results": held.rows, "next_after": held.next_after}).data)


class ItemBalances(Balances):
    """Where an item is now, as far as the reader may look."""

    def get(self, request: Request, code: str) -> Response:
        return self.page(selectors.balances_of(self.actor, code, **self.queried()))


class At(Balances):
    """What was in a place just before a moment."""

    class Query(Paged):
        place = serializers.CharField(max_length=30)
        moment = serializers.DateTimeField()

    def get(self, request: Request) -> Response:  # type: ignore[override]
        return self.page(books_read.place_at(self.actor, **self.queried()))
