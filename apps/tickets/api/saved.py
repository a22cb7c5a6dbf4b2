"""Saved views: the reader's own searches, each the query string of /tickets."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tickets import search, services
from apps.tickets.permissions import CONSOLE
from apps.tickets.services.views import LONGEST_NAME, LONGEST_QUERY, MOST
from steppe.kernel.actors import require
from steppe.kernel.api.views import View


class ViewShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    query = serializers.CharField()
    position = serializers.IntegerField()


class SavedViews(View):
    """GET: the reader's views in their order. POST: keep another; with the answer of a deletion it comes back."""

    class Output(serializers.Serializer[Any]):
        results = ViewShape(many=True)

    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=LONGEST_NAME)
        query = serializers.CharField(max_length=2 * LONGEST_QUERY, allow_blank=True)
        position = serializers.IntegerField(min_value=0, max_value=MOST, required=False)

    Done = ViewShape
    success = 201

    def get(self, request: Request) -> Response:
        require(self.actor, CONSOLE)
        return Response(self.Output({"results": search.saved_views(self.actor)}).data)

    def post(self, request: Request) -> Response:
        key, told = self.key, self.entered()
        return self.done(services.save_view(**told, by=self.actor, key=key), status=201)


class Change(View):
    """Another name or another search."""

    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=LONGEST_NAME, required=False)
        query = serializers.CharField(max_length=2 * LONGEST_QUERY, required=False, allow_blank=True)

    Done = ViewShape

    def post(self, request: Request, view_id: int) -> Response:
        key, told = self.key, self.entered()
        return self.done(services.change_view(view_id=view_id, **told, by=self.actor, key=key))


class Move(View):
    """Another place in the row, counted from 0."""

    class Input(serializers.Serializer[Any]):
        position = serializers.IntegerField(min_value=0, max_value=MOST)

    Done = ViewShape

    def post(self, request: Request, view_id: int) -> Response:
        key, told = self.key, self.entered()
        return self.done(services.move_view(view_id=view_id, **told, by=self.actor, key=key))


class Delete(View):
    """Away with it; the answer is what /saved-views takes to bring it back."""

    class Input(serializers.Serializer[Any]):
        pass

    Done = ViewShape

    def post(self, request: Request, view_id: int) -> Response:
        key = self.key
        self.entered()
        return self.done(services.delete_view(view_id=view_id, by=self.actor, key=key))
