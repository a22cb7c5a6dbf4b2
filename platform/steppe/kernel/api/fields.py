"""Fields for what comes from outside; every one is bounded, so that nothing odd reaches the database."""

from typing import Any

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


def latitude(**kwargs: Any) -> Degrees:
    return Degrees(90, **kwargs)


def longitude(**kwargs: Any) -> Degrees:
    return Degrees(180, **kwargs)
