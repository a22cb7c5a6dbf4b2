"""A new branch starts from the template set (rules/catalogue.py); later it publishes versions of its own."""

from apps.tickets.models import TicketType, TypeVersion
from apps.tickets.rules.catalogue import TEMPLATES, Template
from steppe.kernel import clock
from tenants.models import Tenant
from tenants.provisioning import seed

STEP = 10  # between two places, so that one more finds room


@seed("tickets")
def seed_types(tenant: Tenant) -> None:
    """One row per type with its first version; a second run adds only what is missing."""
    for place, template in enumerate(TEMPLATES, start=1):
        made, new = TicketType.objects.get_or_create(code=template.code, defaults=_face(template, place * STEP))
        if new:
            _first_version(made, template)


def _face(template: Template, position: int) -> dict[str, object]:
    return {
        "name_zh": template.zh, "name_en": template.en, "kind": template.kind, "family": template.family,
        "icon": template.icon, "customer_may_report": template.customer, "hq_code": template.code,
        "position": position, "number": 1,
    }  # fmt: skip


def _first_version(kind: TicketType, template: Template) -> None:
    TypeVersion.objects.create(
        type=kind, number=1, body=template.definition.write(), skills=list(template.definition.skills),
        published_at=clock.now(), published_by="system",
    )  # fmt: skip
