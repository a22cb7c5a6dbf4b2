"""A new release finds branches that an earlier one made, and brings their tables along."""

from io import StringIO

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tenants import blueprint
from tenants.models import Status, Tenant
from tests.cast import Branch
from tests.databases import Database


def go_back(branch: Branch) -> None:
    names = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "tickets")
    schema = branch.tenant.schema_name
    call_command("migrate_schemas", "tickets", names[-2], schema_name=schema, verbosity=0, interactive=False)


def told() -> str:
    said = StringIO()
    call_command("migrate_branches", stdout=said)
    return said.getvalue()


def test_who_is_behind_catches_up_once_and_the_other_is_left_alone(
    committed: Database, lotus: Branch, maple: Branch
) -> None:
    assert told() == ""
    go_back(lotus)
    assert blueprint.is_behind(lotus.tenant) and not blueprint.is_behind(maple.tenant)
    assert told().split(":")[0].strip() == lotus.tenant.name
    assert not blueprint.is_behind(lotus.tenant) and told() == ""


def test_a_branch_without_a_schema_yet_is_nobodys_hurdle(committed: Database) -> None:
    Tenant.objects.create(schema_name="t_halfway1", code="NE", slug="halfway", name="x", status=Status.PROVISIONING)
    assert told() == ""
