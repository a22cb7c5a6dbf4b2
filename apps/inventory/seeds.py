"""A new branch has its places of which there is one, and a warehouse to begin with; and what its types may use."""

from decimal import Decimal

from apps.inventory.models import MaterialNorm, MaterialRule, Place
from apps.inventory.rules.places import KINDS, ONLY_ONE
from tenants.models import Tenant
from tenants.provisioning import seed

NAMES = {
    "in_transit": "在途", "repair": "维修", "scrap": "报废", "supplier": "供应商", "customer": "用户处",
    "loss": "盘亏盘盈",
}  # fmt: skip
# By the type's code: does a device come back, and of which categories (of an item's master data) how much is usual in
# one household. Without categories everything that can be used up is allowed; what is not named here, likewise.
USUAL: dict[str, tuple[bool, dict[str, str]]] = {
    "install_bb": (False, {"onu": "1", "router": "1", "drop_cable": "15", "connector": "4", "panel": "2"}),
    "install_tv": (False, {"stb": "1", "smart_card": "1", "remote": "1", "coax": "15", "connector": "4", "panel": "2"}),
    "install_cpe": (False, {"cpe": "1", "router": "1", "coax": "30", "connector": "4", "panel": "2"}),
    "swap_device": (True, {"stb": "1", "onu": "1", "router": "1", "cpe": "1", "smart_card": "1", "remote": "1"}),
    "disconnect": (True, {}),
}


@seed("inventory")
def seed_places(tenant: Tenant) -> None:
    """Idempotent: only what is missing is made."""
    for kind in ONLY_ONE:
        _open(kind, kind, NAMES[kind])
    _open("warehouse", "main", "分公司仓库")
    for code, (recovery, norms) in USUAL.items():
        _lay_down(code, recovery, norms)


def _lay_down(code: str, recovery: bool, norms: dict[str, str]) -> None:
    """Once: what the branch changed afterwards stays."""
    rule, made = MaterialRule.objects.get_or_create(type_code=code, defaults={"recovery": recovery})
    if made:
        rows = [MaterialNorm(rule=rule, category=name, quantity=Decimal(usual)) for name, usual in norms.items()]
        MaterialNorm.objects.bulk_create(rows)


def _open(kind: str, code: str, name: str) -> None:
    rule = KINDS[kind]
    told = {"kind": kind, "name": name, "physical": rule.physical, "valued": rule.valued}
    Place.objects.get_or_create(code=code, defaults=told)
