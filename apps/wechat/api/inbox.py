"""What WeChat told the branch and could not be taken in."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.wechat import services, tasks
from steppe.kernel.api.views import View


class Inbox(View):
    """GET: the dead letters, newest first, openids masked. POST: try the named ones again, or all (no `letters`)."""

    class Output(serializers.Serializer[Any]):
        class Letter(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            openid = serializers.CharField()
            event = serializers.CharField()
            received_at = serializers.DateTimeField()
            attempts = serializers.IntegerField()
            error = serializers.CharField()

        results = Letter(many=True)

    class Input(serializers.Serializer[Any]):
        letters = serializers.ListField(
            child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=200, required=False
        )

    class Done(serializers.Serializer[Any]):
        retried = serializers.IntegerField()

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": services.dead_letters(by=self.actor)}).data)

    def post(self, request: Request) -> Response:
        _ = self.key  # asked for like everywhere, though doing it twice is harmless
        count = services.retry_letters(ids=self.entered().get("letters"), by=self.actor)
        tasks.handle_inbox.wake()
        return Response({"retried": count})
