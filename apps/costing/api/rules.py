"""Versions of the rules: list, one with its body, what it changes; drafting, changing, publishing, withdrawing."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.costing import rule_words, rules_read
from apps.costing.services import rules
from apps.tickets.types_read import forms_in_force
from steppe.kernel.api.fields import Whole
from steppe.kernel.api.views import View


class Version(serializers.Serializer[Any]):
    """`now`: it counts at this moment."""

    number = serializers.IntegerField(source="row.number")
    state = serializers.CharField(source="row.state")
    version = serializers.IntegerField(source="row.version")
    note = serializers.CharField(source="row.note")
    now = serializers.BooleanField()
    effective_from = serializers.DateField(source="row.effective_from", allow_null=True)
    drafted_by = serializers.CharField(source="row.drafted_by_name")
    drafted_at = serializers.DateTimeField(source="row.drafted_at")
    published_by = serializers.CharField(source="row.published_by_name")
    published_at = serializers.DateTimeField(source="row.published_at", allow_null=True)


class Full(Version):
    """`body`: numbers as decimal text, money as whole fen."""

    body = serializers.JSONField(source="row.body")


class RulesDone(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    version = serializers.IntegerField()
    number = serializers.IntegerField()
    state = serializers.CharField()


class RuleSets(View):
    """Every version the reader may see, the newest first. POST: a new draft, a copy of `pattern` or of the newest."""

    class Input(serializers.Serializer[Any]):
        pattern = Whole(required=False)

    class Output(serializers.Serializer[Any]):
        results = Version(many=True)

    Done = RulesDone
    success = 201

    def get(self, request: Request) -> Response:
        return Response(self.Output({"results": rules_read.versions_for(self.actor)}).data)

    def post(self, request: Request) -> Response:
        key = self.key
        return self.done(rules.draft_rules(**self.entered(), by=self.actor, key=key), status=201)


class OneRuleSet(View):
    """One version with its whole body. PUT: what the draft says from now on; `version` is the one that was seen."""

    class Input(serializers.Serializer[Any]):
        version = Whole()
        body = serializers.JSONField()

    Output = Full
    Done = RulesDone

    def get(self, request: Request, number: int) -> Response:
        return Response(Full(rules_read.version_for(self.actor, number)).data)

    def put(self, request: Request, number: int) -> Response:
        key = self.key
        return self.done(rules.change_rules(number=number, **self.entered(), by=self.actor, key=key))


class Changes(View):
    """What it changes in the published version before it, in the reader's words. `than` is null for the first."""

    class Output(serializers.Serializer[Any]):
        than = serializers.IntegerField(allow_null=True)
        changes = serializers.ListField(child=serializers.CharField())

    def get(self, request: Request, number: int) -> Response:
        found, old = rules_read.version_for(self.actor, number), rules_read.before(number)
        lines = rule_words.differences(old.book, found.book, _names()) if old else []
        return Response(self.Output({"than": old.row.number if old else None, "changes": lines}).data)


def _names() -> dict[str, str]:
    """The types that are offered, by code. One query."""
    return {one.type.code: one.type.name for one in forms_in_force()}


class PublishRules(View):
    """From which day it counts; `note` says how the workers were heard."""

    class Input(serializers.Serializer[Any]):
        version = Whole()
        note = serializers.CharField(max_length=rules.LONGEST_NOTE)
        effective_from = serializers.DateField()

    Done = RulesDone

    def post(self, request: Request, number: int) -> Response:
        key = self.key
        return self.done(rules.publish_rules(number=number, **self.entered(), by=self.actor, key=key))


class WithdrawRules(View):
    """Nobody needs this draft."""

    class Input(serializers.Serializer[Any]):
        version = Whole()

    Done = RulesDone

    def post(self, request: Request, number: int) -> Response:
        key = self.key
        return self.done(rules.withdraw_rules(number=number, **self.entered(), by=self.actor, key=key))
