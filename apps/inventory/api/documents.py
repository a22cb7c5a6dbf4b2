"""Documents: written, changed, and every step of their life."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import papers_read, selectors, services
from apps.inventory.api.shapes import DocumentShape, Limited, LineInput, LineShape, Quantity, numbers, told
from apps.inventory.rules.documents import KINDS, STATES
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View
from steppe.kernel.commands import Receipt

BY_HAND = [kind.code for kind in KINDS.values() if kind.by_hand]


class Done(serializers.Serializer[Any]):
    """Where the document stands now."""

    public_id = serializers.CharField()
    version = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.CharField()


class Documents(View):
    """GET: documents from or to the reader's places, newest first. POST: write a draft."""

    class Query(Limited):
        after = serializers.CharField(max_length=24, required=False)
        kind = serializers.ChoiceField(list(KINDS), required=False)
        state = serializers.ChoiceField(STATES, required=False)
        place = serializers.CharField(max_length=30, required=False)
        ticket = serializers.CharField(max_length=16, required=False)
        start = serializers.DateTimeField(required=False)
        until = serializers.DateTimeField(required=False)

    class Output(serializers.Serializer[Any]):
        results = DocumentShape(many=True)
        next_after = serializers.CharField(allow_null=True)

    class Input(serializers.Serializer[Any]):
        kind = serializers.ChoiceField(BY_HAND)
        source = serializers.CharField(max_length=30, required=False, allow_blank=True)  # type: ignore[assignment]
        target = serializers.CharField(max_length=30, required=False, allow_blank=True)
        reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
        origin = serializers.ChoiceField(["purchase", "allocation", "opening"], required=False)
        lines = LineInput(many=True)

    Done = Done
    success = 201

    def get(self, request: Request) -> Response:
        page = papers_read.documents_for(self.actor, **self.queried())
        return Response(self.Output({"results": page.rows, "next_after": page.next_after}).data)

    def post(self, request: Request) -> Response:
        key, given = self.key, self.entered()
        lines = told(given.pop("lines"))
        return self.done(services.write_document(**given, told=lines, by=self.actor, key=key), status=201)


class OneDocument(View):
    """A document with its lines and their numbers."""

    class Output(DocumentShape):
        lines = LineShape(many=True)

    def get(self, request: Request, number: str) -> Response:
        paper = papers_read.document_for(self.actor, number)
        lines = LineShape(paper.lines, many=True, context={"costs": selectors.sees_costs(self.actor)})
        return Response({**DocumentShape(paper.document).data, "lines": lines.data})


class Lines(View):
    """Other lines in a draft."""

    class Input(serializers.Serializer[Any]):
        version = Whole()
        lines = LineInput(many=True)

    Done = Done

    def put(self, request: Request, number: str) -> Response:
        key, given = self.key, self.entered()
        lines = told(given["lines"])
        version = given["version"]
        return self.done(
            services.change_document(number=number, version=version, told=lines, by=self.actor, key=key)
        )  # fmt: skip


class Step(View):
    """A step that needs nothing but the version."""

    class Input(serializers.Serializer[Any]):
        version = Whole()

    Done = Done
    step: ClassVar[Callable[..., Receipt]]

    def post(self, request: Request, number: str) -> Response:
        key, given = self.key, self.entered()
        return self.done(type(self).step(number=number, **given, by=self.actor, key=key))


class Submit(Step):
    """Ask for the approval that this kind needs."""

    step = staticmethod(services.submit_document)


class Approve(Step):
    """Agree, as somebody else than who wrote and submitted it."""

    step = staticmethod(services.approve_document)


class Withdraw(Step):
    """Nothing has moved yet, and nothing will."""

    step = staticmethod(services.withdraw_document)


class Post(Step):
    """Into the books."""

    step = staticmethod(services.post_document)


class Ship(Step):
    """A transfer leaves its store."""

    step = staticmethod(services.ship_transfer)


class Receive(Step):
    """What arrived: quantities by item (`drum/D1`), numbers as scanned. Left out: everything of it."""

    class Input(Step.Input):
        received = serializers.DictField(child=Quantity(), required=False)
        scanned = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=20_000)

    class Done(Done):
        claim = serializers.CharField(help_text="the claim for what did not arrive, or nothing")

    def post(self, request: Request, number: str) -> Response:
        key, given = self.key, self.entered()
        if "scanned" in given:
            given["scanned"] = numbers(given["scanned"])
        return self.done(services.receive_transfer(number=number, **given, by=self.actor, key=key))


class Reverse(Step):
    """The opposite entry, with a reason."""

    class Input(Step.Input):
        reason = serializers.CharField(max_length=200)

    step = staticmethod(services.reverse_document)
