"""The branch's service account for its administrator: without any secret on the way out."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.wechat import account_reads, services
from apps.wechat.errors import NoAccount
from apps.wechat.views import guide_page
from steppe.kernel.api.views import View


class Step(serializers.Serializer[Any]):
    """How a step of the guide stands: `good`, `todo`, `doubt` or `wrong`, and when it was tried last."""

    name = serializers.CharField()
    stand = serializers.CharField()
    sentence = serializers.CharField()
    tried = serializers.DateTimeField(allow_null=True)


class Account(View):
    """GET: the account and how each step of its guide stands; secrets say only whether they are set.

    PUT: enter the account or change it. An empty or missing secret keeps what is there; another appid needs all three.
    """

    class Output(serializers.Serializer[Any]):
        appid = serializers.CharField()
        original_id = serializers.CharField()
        name = serializers.CharField()
        enabled = serializers.BooleanField()
        shared = serializers.BooleanField()
        callback_url = serializers.CharField()
        previous_key_accepted = serializers.BooleanField()
        rotated_at = serializers.DateTimeField(allow_null=True)
        verified_at = serializers.DateTimeField(allow_null=True)
        heard_at = serializers.DateTimeField(allow_null=True)
        trouble = serializers.CharField()
        paused_until = serializers.DateTimeField(allow_null=True)
        domain_files = serializers.ListField(child=serializers.CharField())
        steps = Step(many=True)

    class Input(serializers.Serializer[Any]):
        appid = serializers.CharField(max_length=40)
        original_id = serializers.CharField(max_length=40)
        name = serializers.CharField(max_length=80)
        app_secret = serializers.CharField(max_length=64, allow_blank=True, required=False, default="")
        token = serializers.CharField(max_length=64, allow_blank=True, required=False, default="")
        aes_key = serializers.CharField(max_length=64, allow_blank=True, required=False, default="")

    class Done(serializers.Serializer[Any]):
        public_id = serializers.CharField()
        version = serializers.IntegerField()
        appid = serializers.CharField()

    def get(self, request: Request) -> Response:
        account = account_reads.kept_account(by=self.actor)
        if account is None:
            raise NoAccount
        told = {
            "callback_url": "" if account.shared else services.callback_url(account),
            "previous_key_accepted": bool(account.previous_aes_key),
            "domain_files": list(account.verify_files),
            "steps": guide_page.steps(account).values(),
        }
        plain = ("appid", "original_id", "name", "enabled", "shared", "rotated_at", "verified_at", "heard_at")
        more = {name: getattr(account, name) for name in (*plain, "trouble", "paused_until")}
        return Response(self.Output(more | told).data)

    def put(self, request: Request) -> Response:
        key = self.key
        return self.done(services.enter_account(**self.entered(), by=self.actor, key=key))


class Check(View):
    """Try one step of the guide now: `token`, `callback`, `domains`, `templates`, `menu` (compares) or `card`."""

    class Input(serializers.Serializer[Any]):
        pass

    class Done(serializers.Serializer[Any]):
        ok = serializers.BooleanField()
        at = serializers.DateTimeField()
        facts = serializers.JSONField(help_text="errcode, errmsg, rid, advice; for 40164 the address that WeChat saw")

    def post(self, request: Request, step: str) -> Response:
        key = self.key
        self.entered()
        return Response(self.Done(services.run_check(step, by=self.actor, key=key)).data)
