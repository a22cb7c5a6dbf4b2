"""Fields for what comes from outside; every one is bounded, so that nothing odd reaches the database."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

BIGINT = 2**63 - 1


class Degrees(serializers.FloatField):
    """A latitude or longitude: a finite number within its limit; `true` is none."""

    def __init__(self, limit: float, **kwargs: Any) -> None:
        super().__init__(min_value=-limit, max_value=limit, **kwargs)

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool):
            self.fail("invalid")
        return float(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number from 1; `true` is not one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"min_value": 1, "max_value": BIGINT} | kwargs))

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, (bool, float)):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class PlainObject(serializers.JSONField):
    """A JSON object whose form a rule decides; bounded in depth, and every text in it can be kept."""

    DEEPEST = 6
    default_error_messages = {"invalid": _("Please check what you entered.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict) or not _plain(data, self.DEEPEST):
            self.fail("invalid")
        return data


def _plain(value: Any, deep: int) -> bool:
    """Nothing in it that a column or a sum could not take: half characters, the zero character, endless nesting."""
    if isinstance(value, str):
        return not any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return deep > 0 and all(_plain(part, deep - 1) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return deep > 0 and all(_plain(part, deep - 1) for part in value)
    return True


def latitude(**kwargs: Any) -> Degrees:
    return Degrees(90, **kwargs)


def longitude(**kwargs: Any) -> Degrees:
    return Degrees(180, **kwargs)
