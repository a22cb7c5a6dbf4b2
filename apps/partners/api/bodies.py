"""What partners send, as far as we know it; every text bounded, every other attribute of TM Forum's passed over."""

from typing import Any

from rest_framework import serializers

from apps.partners.rules import addresses, asked, states
from apps.partners.rules.incoming import CHANNELS, PRIORITIES, SEVERITIES

PARTS_MOST = 20


class Phone(serializers.Serializer[Any]):
    phoneNumber = serializers.CharField(max_length=20, required=False)


class Medium(serializers.Serializer[Any]):
    mediumType = serializers.CharField(max_length=20)
    characteristic = Phone(required=False)


class Party(serializers.Serializer[Any]):
    role = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=40, required=False, allow_blank=True)
    contactMedium = serializers.ListField(child=Medium(), required=False, max_length=PARTS_MOST)


class Entity(serializers.Serializer[Any]):
    role = serializers.CharField(max_length=30)
    id = serializers.CharField(max_length=30, required=False, allow_blank=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)


class Channel(serializers.Serializer[Any]):
    id = serializers.ChoiceField(CHANNELS)


class Characteristic(serializers.Serializer[Any]):
    """One answer of the type's own fields; `value` as its kind has it, judged by the type."""

    name = serializers.CharField(max_length=40)
    value = serializers.JSONField()


class TroubleTicketCreate(serializers.Serializer[Any]):
    ticketType = serializers.CharField(max_length=30)
    description = serializers.CharField(max_length=500)
    severity = serializers.ChoiceField(SEVERITIES, required=False)
    priority = serializers.ChoiceField(PRIORITIES, required=False)
    externalId = serializers.CharField(max_length=100, required=False)
    channel = Channel(required=False)
    relatedParty = serializers.ListField(child=Party(), required=False, max_length=PARTS_MOST)
    relatedEntity = serializers.ListField(child=Entity(), required=False, max_length=PARTS_MOST)
    troubleTicketCharacteristic = serializers.ListField(child=Characteristic(), required=False, max_length=50)


class Note(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)


class TroubleTicketChange(serializers.Serializer[Any]):
    status = serializers.CharField(max_length=20, required=False)
    statusChangeReason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    note = serializers.ListField(child=Note(), required=False, max_length=1)


class HubInput(serializers.Serializer[Any]):
    callback = serializers.CharField(max_length=addresses.LONGEST)
    query = serializers.CharField(max_length=300, required=False, allow_blank=True, allow_null=True)


class Query(serializers.Serializer[Any]):
    """The parameters of a list. An unknown one is refused: a filter that is passed over would return too much."""

    offset = serializers.IntegerField(min_value=0, max_value=asked.DEEPEST, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=asked.MOST, default=asked.PAGE)
    externalId = serializers.CharField(max_length=100, required=False)


class TroubleQuery(Query):
    status = serializers.ChoiceField(states.TROUBLE, required=False)
    ticketType = serializers.CharField(max_length=30, required=False)


class WorkQuery(Query):
    state = serializers.ChoiceField(states.WORK, required=False)
    category = serializers.CharField(max_length=30, required=False)


_SINCE, _UNTIL = "{}.gt", "{}.lt"


def with_moments(query: type[Query], name: str) -> type[Query]:
    """The same with `name.gt` and `name.lt`, which no class can spell; they come out as `{name: {gt: …}}`."""
    moments = {form.format(name): serializers.DateTimeField(required=False) for form in (_SINCE, _UNTIL)}
    return type(query.__name__, (query,), moments)


TroubleList = with_moments(TroubleQuery, "creationDate")
WorkList = with_moments(WorkQuery, "orderDate")
