"""manage.py rebuild_facts [CODE …]: figures at headquarters made anew from the branches' tickets. Harmless twice."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.headquarters.services import rebuild_facts
from tenants.context import active_branches


class Command(BaseCommand):
    help = "Make the figures of these branches, or of all that work, what their tickets say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", help="these branches only")

    def handle(self, *args: Any, **options: Any) -> None:
        for branch in active_branches():
            if not options["codes"] or branch.code in options["codes"]:
                found = rebuild_facts(branch)
                self.stdout.write(f"{branch.code}: {len(found.tickets)} tickets and {len(found.sums)} sums were wrong")
