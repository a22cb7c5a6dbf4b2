"""Canaries: every free text of one branch is marked, so that one search finds any leak (reliability.md §6.3)."""

import gc
from collections.abc import Iterator
from functools import _lru_cache_wrapper

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

MARK = "CNRY"
PRODUCT = ("apps.", "realtime.", "steppe.", "tenants.")
# Words the program itself reads; a mark there would break the row instead of showing a leak.
MEANINGFUL = {
    "status", "kind", "area_class", "role", "org_path", "path", "channel", "action", "before", "after", "entity",
    "actor", "created_by", "owner", "public_id", "code", "username", "password", "session_key", "session_data",
    "language", "preferred_language", "outcome", "request_hash", "key", "mode", "accept_mode", "stage", "clock",
    "subscriber", "skill", "app_label", "model", "codename", "datum_in", "location_source", "close_code", "sha256",
    "phone", "contact_phone", "event", "appid", "openid", "state", "icon", "hq_code",
}  # fmt: skip


def forget_everything() -> None:
    """Empty what functions of the product remember, so that the next visitor fills it."""
    for thing in gc.get_objects():
        if type(thing) is _lru_cache_wrapper and str(thing.__module__).startswith(PRODUCT):
            thing.cache_clear()


def branch_models() -> list[type[models.Model]]:
    """Every model with a table in a branch."""
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return [model for model in apps.get_models() if model._meta.app_label in labels]


def mark_everything() -> list[str]:
    """Mark every text of the branch we stand in; returns which columns. Append-only tables are opened for it."""
    marked = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in branch_models():
            table = model._meta.db_table
            columns = list(_texts(model))
            if not columns:
                continue
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
            for field in columns:
                cursor.execute(_marking(model, field), [f"{MARK}.{table}.{field.column}.", field.max_length or 5000])
                marked.append(f"{table}.{field.column}")
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
    return marked


def _texts(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.local_fields:
        free = type(field) in (models.CharField, models.TextField) and not field.choices and not field.primary_key
        if free and field.name not in MEANINGFUL and (field.max_length or 99) >= 10:
            yield field


def _marking(model: type[models.Model], field: models.Field) -> sql.Composed:
    """`CNRY` first, the row's id last (unique columns stay unique); the middle gives way where it is short."""
    statement = (
        "UPDATE {table} SET {column} = left(%s, greatest(4, %s - length({key}::text) - 1)) || '.' || {key}"
        " WHERE {column} <> ''"
    )
    names = {"table": model._meta.db_table, "column": field.column, "key": model._meta.pk.column}
    return sql.SQL(statement).format(**{name: sql.Identifier(word) for name, word in names.items()})


def checksum() -> dict[str, str]:
    """A sum of every table of the branch we stand in: anything written shows."""
    question = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
    found = {}
    with connection.cursor() as cursor:
        for model in branch_models():
            cursor.execute(sql.SQL(question).format(sql.Identifier(model._meta.db_table)))
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found
