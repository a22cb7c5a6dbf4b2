"""Stocktakes: opened, counted, closed, decided. No answer to a counter says what the books have."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services, stocktake_read
from apps.inventory.api.shapes import ItemRef, Limited, PlaceRef, Quantity, numbers
from apps.inventory.rules.counting import STATES
from apps.inventory.rules.serials import LONGEST
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View
from steppe.kernel.commands import Receipt


class CountShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    place = PlaceRef()
    category = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    opened_by = serializers.CharField(source="opened_name")
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_name")
    decided_at = serializers.DateTimeField()
    reason = serializers.CharField()
    lines = serializers.IntegerField(source="lines_all", default=0)
    counted = serializers.IntegerField(source="lines_done", default=0)


class CountDone(serializers.Serializer[Any]):
    """Where the count stands now."""

    public_id = serializers.CharField()
    version = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.CharField()


class Tallied(CountDone):
    """What stands on the shelf now, as far as it was counted; `again`: the number had been ticked before."""

    line = serializers.IntegerField()
    item = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    batch = serializers.CharField()
    counted = serializers.CharField()
    scanned = serializers.CharField(required=False)
    again = serializers.BooleanField(required=False)


class StockCounts(View):
    """GET: counts of the reader's places, newest first. POST: open one; its list is frozen, the store stays open."""

    class Query(Limited):
        after = serializers.CharField(max_length=24, required=False)
        state = serializers.ChoiceField(STATES, required=False)
        place = serializers.CharField(max_length=30, required=False)

    class Output(serializers.Serializer[Any]):
        results = CountShape(many=True)
        next_after = serializers.CharField(allow_null=True)

    class Input(serializers.Serializer[Any]):
        place = serializers.CharField(max_length=30)
        category = serializers.CharField(max_length=30, required=False, allow_blank=True)

    class Done(CountDone):
        lines = serializers.IntegerField(help_text="shelves on the list")

    success = 201

    def get(self, request: Request) -> Response:
        page = stocktake_read.counts_for(self.actor, **self.queried())
        return Response(self.Output({"results": page.rows, "next_after": page.next_after}).data)

    def post(self, request: Request) -> Response:
        key = self.key
        return self.done(services.open_count(**self.entered(), by=self.actor, key=key), status=201)


class CountSheet(View):
    """A count with what there is to count and what has been counted."""

    class Output(serializers.Serializer[Any]):
        class Shelf(serializers.Serializer[Any]):
            line = serializers.IntegerField()
            item = ItemRef()
            batch = serializers.CharField()
            turn = serializers.IntegerField()
            counted = Quantity(max_digits=14, allow_null=True)

        count = CountShape()
        shelves = Shelf(many=True)

    def get(self, request: Request, number: str) -> Response:
        return Response(self.Output(stocktake_read.sheet_for(self.actor, number)).data)


class CountResult(View):
    """The differences, for who may decide and, once it is posted, for all readers."""

    class Output(serializers.Serializer[Any]):
        class Line(serializers.Serializer[Any]):
            item = ItemRef()
            batch = serializers.CharField(source="batch.number", default="")
            frozen = Quantity(max_digits=14)
            expected = Quantity(max_digits=14, allow_null=True)
            counted = Quantity(max_digits=14, allow_null=True)
            difference = Quantity(max_digits=14, allow_null=True)
            value = serializers.IntegerField(help_text="fen")
            moved = serializers.BooleanField()

        class Finding(serializers.Serializer[Any]):
            item = ItemRef(source="line.item")
            number = serializers.CharField()
            kind = serializers.CharField(help_text="missing, new or elsewhere")
            place = PlaceRef(allow_null=True)
            movable = serializers.BooleanField()

        count = CountShape()
        value = serializers.IntegerField(source="count.value")
        papers = serializers.ListField(source="count.papers", child=serializers.CharField())
        lines = Line(many=True)
        findings = Finding(many=True)

    def get(self, request: Request, number: str) -> Response:
        return Response(self.Output(stocktake_read.result_for(self.actor, number)).data)


class CountAccuracy(View):
    """Of the counts posted in a period: shelves counted and shelves without a difference."""

    class Query(serializers.Serializer[Any]):
        place = serializers.CharField(max_length=30, required=False)
        start = serializers.DateTimeField(required=False)
        until = serializers.DateTimeField(required=False)

    class Output(serializers.Serializer[Any]):
        counts = serializers.IntegerField()
        lines = serializers.IntegerField()
        right = serializers.IntegerField()
        value = serializers.IntegerField(help_text="fen")
        pct = serializers.FloatField(allow_null=True)

    def get(self, request: Request) -> Response:
        return Response(self.Output(stocktake_read.accuracy_for(self.actor, **self.queried())).data)


class Write(View):
    """A write that needs the count's number and what the body says."""

    step: ClassVar[Callable[..., Receipt]]

    def post(self, request: Request, number: str) -> Response:
        key, given = self.key, self.entered()
        if "numbers" in given:
            given["numbers"] = numbers(given["numbers"])
        return self.done(type(self).step(number=number, **given, by=self.actor, key=key))


class CountTally(Write):
    """So many more of an item, or nothing at all of it."""

    class Input(serializers.Serializer[Any]):
        item = serializers.CharField(max_length=30)
        quantity = Quantity()
        batch = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)

    Done = Tallied
    step = staticmethod(services.tally_quantity)


class CountScan(Write):
    """What a scanner read; `item` where the books do not know whose number it is."""

    class Input(serializers.Serializer[Any]):
        code = serializers.CharField(max_length=60)
        item = serializers.CharField(max_length=30, required=False, allow_blank=True)

    Done = Tallied
    step = staticmethod(services.tally_scan)


class CountList(Write):
    """A scanned list of numbers."""

    class Input(serializers.Serializer[Any]):
        numbers = serializers.ListField(child=serializers.CharField(max_length=60), max_length=5000)
        item = serializers.CharField(max_length=30, required=False, allow_blank=True)

    class Done(CountDone):
        kept = serializers.IntegerField()
        again = serializers.IntegerField()

    step = staticmethod(services.tally_numbers)


class CountUndo(Write):
    """Take back one's own last tally, or the one that is named."""

    class Input(serializers.Serializer[Any]):
        tally = Whole(required=False)

    Done = Tallied
    step = staticmethod(services.undo_tally)


class CountAgain(Write):
    """This shelf from the beginning."""

    class Input(serializers.Serializer[Any]):
        line = Whole()

    Done = Tallied
    step = staticmethod(services.count_again)


class CountClose(Write):
    """Work out the differences. `recount`: first have the shelves that differ counted once more."""

    class Input(serializers.Serializer[Any]):
        version = Whole()
        recount = serializers.BooleanField(required=False)
        leave_out = serializers.BooleanField(required=False)

    class Done(CountDone):
        again = serializers.IntegerField(help_text="shelves to be counted once more; nothing if it is closed")

    step = staticmethod(services.close_count)


class CountWithdraw(Write):
    """Nothing was posted, and nothing will be."""

    class Input(serializers.Serializer[Any]):
        version = Whole()
        reason = serializers.CharField(max_length=200, required=False, allow_blank=True)

    Done = CountDone
    step = staticmethod(services.withdraw_count)


class CountWorkOut(Write):
    """The differences once more, because units have moved since."""

    class Input(serializers.Serializer[Any]):
        version = Whole()

    Done = CountDone
    step = staticmethod(services.work_out_count)


class CountSendBack(Write):
    """Not believed: the shelves that differ are counted from the beginning."""

    class Input(serializers.Serializer[Any]):
        version = Whole()
        reason = serializers.CharField(max_length=200)

    Done = CountDone
    step = staticmethod(services.send_back_count)


class CountApprove(Write):
    """Agreed and posted, by somebody who took no part; `move`: numbers to bring here (left out: all that can be)."""

    class Input(serializers.Serializer[Any]):
        version = Whole()
        move = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=5000)

    Done = CountDone
    step = staticmethod(services.approve_count)
