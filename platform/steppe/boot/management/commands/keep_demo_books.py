"""manage.py keep_demo_books [SLUG …]: points and accounts of what the demo says was closed since last month began.

Beside the running product, because hundreds of tickets take their time; run again, it writes what is missing.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.headquarters.services.months import recount
from steppe.boot.demo import books, places
from tenants.context import active_branches, in_branch


class Command(BaseCommand):
    help = "Book the demo's past: points and money."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="these branches only")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["slugs"] or [branch.slug for branch in places.BRANCHES]
        for tenant in active_branches():
            if tenant.slug in wanted:
                with in_branch(tenant):
                    self.stdout.write(f"{tenant.slug}: {books.keep_books()} tickets")
                recount(tenant, months=books.months())  # nobody tells headquarters what was booked for the past
