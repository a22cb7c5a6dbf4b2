"""manage.py create_branch XL xilingol 锡林郭勒盟分公司: opens a branch company, ready to sign in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from steppe.kernel.errors import DomainError
from tenants.services import create_branch, ensure_headquarters


class Command(BaseCommand):
    help = "Open a branch company: schema, tables, seeds, subdomain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="prefix of ticket numbers, e.g. XL")
        parser.add_argument("slug", help="subdomain, e.g. xilingol")
        parser.add_argument("name", help="name in Chinese")
        parser.add_argument("--name-en", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_headquarters()
        try:
            tenant = create_branch(
                code=options["code"], slug=options["slug"], name=options["name"], name_en=options["name_en"]
            )
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(self.style.SUCCESS(f"{tenant.name}: {tenant.domains.get().domain} ({tenant.schema_name})"))
