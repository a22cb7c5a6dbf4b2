"""The tables of a new branch: by migrations once per release, afterwards by the statements these came to.

Nine tenths of a migration's time is Django following its own models through history; what the database does is a
second's work. So the first branch after a release is made by the migrations, and what they told the database is kept
(decision 0017). There is nothing to drift apart: the kept script is what the migrations said, word for word.
"""

import hashlib
import inspect
import re
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from steppe.kernel import clock
from steppe.kernel.db import connection
from tenants.context import in_branch, in_public
from tenants.models import Blueprint, Tenant

ASKED_OR_SET = re.compile(r"\s*(SELECT|SHOW|RESET|SET\s+(?!CONSTRAINTS))\b", re.IGNORECASE)
BESIDE_OTHERS = re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE)  # nobody else is in a schema that is being made
AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"  # a table with a check still to come may not be altered
ITS_OWN = "UPDATE django_migrations SET applied = %s; UPDATE journal_stream SET epoch = %s"


def build(tenant: Tenant) -> None:
    """Schema and tables of a branch that has neither. About a second; about six for the first after a release.

    In one transaction when the script is known; else an interrupted run leaves what its migrations had done.
    """
    script = _known()
    if script:
        _follow(tenant, script)
    else:
        _create_schema(tenant)
        _keep(tenant.schema_name, migrate(tenant))


def migrate(tenant: Tenant) -> list[str]:
    """Bring a branch's tables up to date; what was told to the database, in order, with its values."""
    told: list[str] = []
    with connection.execute_wrapper(_listener(tenant.schema_name, told)):
        call_command("migrate_schemas", schema_name=tenant.schema_name, interactive=False, verbosity=0)
    return told


def is_behind(tenant: Tenant) -> bool:
    """Has a migration of this release not run in the branch? One query there."""
    with in_branch(tenant):
        done = set(MigrationRecorder(connection).applied_migrations())
    return bool(set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations) - done)


@cache
def release() -> str:
    """A sum over every migration that shapes a branch, so that another release never uses this one's script."""
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    total = hashlib.sha256(django.__version__.encode())
    for (label, name), migration in sorted(found.items()):
        if label in labels:
            total.update(f"{label} {name} ".encode() + Path(inspect.getfile(type(migration))).read_bytes())
    return total.hexdigest()


def _known() -> str:
    with in_public():
        return Blueprint.objects.filter(release=release()).values_list("script", flat=True).first() or ""


def _keep(schema: str, told: list[str]) -> None:
    """Only a script that names no branch fits another one."""
    script = ";\n".join(told)
    if schema in script:
        return
    with in_public():
        Blueprint.objects.update_or_create(
            release=release(), defaults={"script": BESIDE_OTHERS.sub("", script), "made_at": clock.now()}
        )
        Blueprint.objects.exclude(release=release()).delete()


def _follow(tenant: Tenant, script: str) -> None:
    """All or nothing."""
    with connection.schema_editor(atomic=True) as editor:
        _create_schema(tenant)
        with in_branch(tenant):
            editor.execute(AT_ONCE)
            editor.execute(script, params=None)
            editor.execute(ITS_OWN, [clock.now(), uuid.uuid4()])


def _create_schema(tenant: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(tenant.schema_name)))


def _listener(schema: str, told: list[str]) -> Callable[..., Any]:
    """Writes down what changes this schema, after it went well."""

    def hear(execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said = (
            []
            if ASKED_OR_SET.match(str(statement)) or connection.schema_name != schema
            else params
            if many
            else [params]
        )
        whole = [context["cursor"].mogrify(statement, values) for values in said]  # before it has an answer to lose
        answer = execute(statement, params, many, context)
        told.extend(whole)
        return answer

    return hear
