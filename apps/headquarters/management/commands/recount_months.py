"""manage.py recount_months [CODE …]: the branches' months and types at headquarters read anew. Harmless twice."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.headquarters.services.months import compare
from apps.headquarters.services.types import look_at_types
from tenants.context import active_branches


class Command(BaseCommand):
    help = "Make the months of these branches, or of all that work, what their own rooms say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", help="these branches only")

    def handle(self, *args: Any, **options: Any) -> None:
        for branch in active_branches():
            if not options["codes"] or branch.code in options["codes"]:
                found, types = compare(branch), look_at_types(branch)
                self.stdout.write(f"{branch.code}: {len(found)} months were otherwise, {types} types are in use")
