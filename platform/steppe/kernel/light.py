"""Rows without their constructors and statements: a model's walk over all its columns costs more than reading them."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db.models import JSONField, Model
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)


def light(model: type[Row], columns: Sequence[str], values: Sequence[Any]) -> Row:
    """An instance as `only(*columns)` gives it. Any other column costs a query when it is asked for."""
    row = model.__new__(model)
    row.__dict__.update(zip(columns, values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, "default"
    return row


def columns(model: type[Model], table: str) -> str:
    """All columns, as a statement that is written once names them: `t.id, t.code, …`. For `whole`."""
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


def whole(model: type[Row], values: Sequence[Any]) -> Row:
    """An instance of the values of `columns`, in their order."""
    names, texts = _attributes(model)
    found = light(model, names, values)
    for name in texts:
        found.__dict__[name] = json.loads(found.__dict__[name])
    return found


@cache
def _attributes(model: type[Model]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All attributes, and those of them that the driver gives as text of JSON, as Django tells it to."""
    fields = model._meta.concrete_fields
    return (
        tuple(field.attname for field in fields),
        tuple(field.attname for field in fields if isinstance(field, JSONField)),
    )
