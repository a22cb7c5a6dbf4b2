"""A new branch starts with the domain's rules as its first version, in force from the beginning."""

from datetime import UTC, date, datetime

from apps.costing.models import PointRuleSet
from apps.costing.rules.rulebook import DEFAULT
from tenants.models import Tenant
from tenants.provisioning import seed

BEGINNING = date(2000, 1, 1)
NOTE = "系统预置的规则；分公司征求职工意见后发布自己的版本。"


@seed("costing")
def seed_rules(tenant: Tenant) -> None:
    """Once: what the branch published afterwards stays."""
    began = datetime(2000, 1, 1, tzinfo=UTC)
    first = {
        "state": "published", "body": DEFAULT.body(), "note": NOTE, "drafted_by": "system:0",
        "drafted_by_name": "system", "drafted_at": began, "published_by": "system:0", "published_by_name": "system",
        "published_at": began, "effective_from": BEGINNING,
    }  # fmt: skip
    PointRuleSet.objects.get_or_create(number=1, defaults=first)
