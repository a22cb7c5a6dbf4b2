"""manage.py migrate_branches: branches that an earlier release made get the tables of this one; others cost a look."""

from typing import Any

from django.core.management.base import BaseCommand

from steppe.kernel.names import PUBLIC
from tenants import blueprint
from tenants.models import Status, Tenant


class Command(BaseCommand):
    help = "Bring the tables of all branches up to date; after migrate_schemas --shared."

    def handle(self, *args: Any, **options: Any) -> None:
        """Not those that are being made: they may have no schema yet, and get their tables from who makes them."""
        branches = Tenant.objects.exclude(schema_name=PUBLIC).exclude(status=Status.PROVISIONING)
        for tenant in branches.order_by("id"):
            if blueprint.is_behind(tenant):
                blueprint.migrate(tenant)
                self.stdout.write(f"  {tenant.name}: tables up to date")
