"""The views as Django asks them: one unmanaged model for each set, in a registry of their own.

They are made from the list of sets and known to nobody else: no migration follows them, no relation leads to them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps.registry import Apps
from django.db import models

from apps.bi.rules.shapes import Column, RowSet

APART = Apps()
FIELDS: dict[str, tuple[type[models.Field[Any, Any]], dict[str, Any]]] = {
    "text": (models.TextField, {}),
    "int": (models.BigIntegerField, {}),
    "decimal": (models.DecimalField, {"max_digits": 14, "decimal_places": 2}),
    "bool": (models.BooleanField, {}),
    "moment": (models.DateTimeField, {}),
    "day": (models.DateField, {}),
}


@cache
def model_of(rows: RowSet) -> type[models.Model]:
    """The model over the set's view, in whatever schema the connection stands. Of a key of many the first is called
    primary, for Django wants one; nothing here asks by it."""
    meta = type("Meta", (), {"managed": False, "db_table": rows.view, "app_label": "bi", "apps": APART})
    fields = {one.name: _field(one, primary_key=one.name == rows.key[0]) for one in rows.columns}
    return type(rows.entity, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def _field(column: Column, *, primary_key: bool) -> models.Field[Any, Any]:
    kind, options = FIELDS[column.kind]
    return kind(null=column.null, primary_key=primary_key, **options)
