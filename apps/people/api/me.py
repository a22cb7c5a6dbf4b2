"""Who am I here, and am I listening for tickets?"""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.people import roles, selectors, services
from steppe.kernel.api.fields import latitude, longitude
from steppe.kernel.api.views import View
from tenants.context import current_branch


class Me(View):
    """The signed-in person with the roles held in this branch."""

    class Output(serializers.Serializer[Any]):
        class Role(serializers.Serializer[Any]):
            role = serializers.CharField()
            label = serializers.CharField()  # type: ignore[assignment]
            org_path = serializers.CharField()

        class Branch(serializers.Serializer[Any]):
            code = serializers.CharField()
            name = serializers.CharField()

        class Slots(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            on_duty = serializers.BooleanField()
            open_count = serializers.IntegerField()
            cap = serializers.IntegerField()
            skills = serializers.ListField(child=serializers.CharField())

        kind = serializers.CharField()
        name = serializers.CharField()
        branch = Branch()
        roles = Role(many=True)
        technician = Slots(allow_null=True)

    def get(self, request: Request) -> Response:
        """Written by hand: every phone asks it all day. Output describes; tests/api holds the two together."""
        actor, branch = self.actor, current_branch()
        held = [{"role": o.role, "label": str(roles.LABELS[o.role]), "org_path": o.org_path} for o in actor.grants]
        mine = selectors.slots_of(actor.technician_id) if actor.technician_id else None
        shown = {"kind": actor.kind, "name": actor.name, "branch": {"code": branch.code, "name": branch.name}}
        return Response(shown | {"roles": held, "technician": mine})


class Duty(View):
    """Start or stop listening for tickets; the position is kept only while on duty."""

    class Input(serializers.Serializer[Any]):
        on_duty = serializers.BooleanField()
        lat = latitude(required=False, allow_null=True)
        lng = longitude(required=False, allow_null=True)

    class Done(serializers.Serializer[Any]):
        on_duty = serializers.BooleanField()

    def post(self, request: Request) -> Response:
        return self.done(services.set_duty(by=self.actor, key=self.key, **self.entered()))
