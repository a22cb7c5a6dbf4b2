"""An empty branch with one grid, in an empty database."""

from django.core.management import call_command

from apps.people import services as people
from tenants.context import in_branch
from tenants.models import Tenant
from tenants.services import create_branch, ensure_headquarters
from tests.faults.scene import TOWN


def make() -> Tenant:
    """The branch."""
    call_command("migrate_schemas", "--shared", verbosity=0)
    ensure_headquarters()
    tenant = create_branch(code="PU", slug="pushes", name="推送分公司")
    with in_branch(tenant):
        root = people.add_org_unit(kind="branch", code="root", name="分公司")
        unit = people.add_org_unit(kind="sub_branch", code="u", name="锡林浩特市", parent=root)
        people.add_org_unit(kind="grid", code="g", name="杭盖网格", parent=unit, lat=TOWN[0], lng=TOWN[1])
    return tenant
