"""manage.py bi_reader lotus: a new password for the reader of a branch's views (hq: of headquarters'), shown once."""

import secrets as randomness
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.bi import roles_sql, services
from apps.bi.services import readers
from apps.bi.site import code
from apps.bi.views.connect import PASSWORD_BYTES
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import DomainError
from steppe.kernel.names import PUBLIC
from tenants.context import in_branch, in_public
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Give the database's reader of a branch (or hq) a new password, take the reader back, or remove its roles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the branch's subdomain, or hq")
        parser.add_argument("--revoke", action="store_true", help="take it back")
        parser.add_argument(
            "--remove", action="store_true", help="before a branch is dropped: every role of it, known or not"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["slug"]).first()
        if tenant is None:
            raise CommandError("no such branch")
        with in_public() if tenant.schema_name == PUBLIC else in_branch(tenant):
            try:
                self.stdout.write(self._done(options))
            except DomainError as refusal:
                raise CommandError(refusal.sentence) from refusal

    def _done(self, options: dict[str, Any]) -> str:
        if options["remove"]:
            return "removed: " + (", ".join(readers.remove_roles()) or "none")
        if options["revoke"]:
            services.revoke_reader(by=SYSTEM, key=uuid.uuid4().hex)
            return "revoked"
        role, password = roles_sql.role_name(code()), randomness.token_urlsafe(PASSWORD_BYTES)
        kept = roles_sql.verifier(role, password)
        services.give_password(role=role, password=kept, by=SYSTEM, key=uuid.uuid4().hex)
        return f"{role}\n{password}"
