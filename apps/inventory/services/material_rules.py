"""What the branch lays down for a type of ticket: what may be used, how much is usual, whether a device comes back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.inventory.errors import BadMaterial, StaleItem
from apps.inventory.models import Item, MaterialNorm, MaterialRule
from apps.inventory.permissions import ITEM_KEEPERS
from apps.inventory.rules.material import TOLERANCE_PCT, Norm
from apps.inventory.services import _lines as lines
from apps.tickets import selectors as tickets
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

MOST_TOLERANCE = 1000


@command("inventory.save_material_rule")
def save_material_rule(
    *,
    type_code: str,
    recovery: bool = False,
    norms: Sequence[Norm] = (),
    tolerance_pct: int = TOLERANCE_PCT,
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """All that holds for this type from now on; without norms everything that can be used up is allowed.

    `version` is what the reader had before them. Raises BadMaterial, StaleItem. Locks the rule.
    """
    require(by, ITEM_KEEPERS)
    if type_code not in {one.code for one in tickets.ticket_types()}:
        raise BadMaterial({"type_code": [_("There is no such type of ticket here.")]})
    items = _items(norms)
    _check(norms, items, tolerance_pct)
    rule, made = MaterialRule.objects.select_for_update().get_or_create(type_code=type_code)
    if version is not None and version != (0 if made else rule.version):
        raise StaleItem(item=type_code)
    rule.recovery, rule.tolerance_pct, rule.version = recovery, tolerance_pct, rule.version + (not made)
    rule.save()
    write_norms(rule, norms, items)
    return Receipt("material_rule", rule.pk, public_id=rule.type_code, version=rule.version)


def write_norms(rule: MaterialRule, norms: Sequence[Norm], items: dict[str, Item]) -> None:
    rule.norms.all().delete()
    rows = [
        MaterialNorm(rule=rule, item=items.get(one.item), category=one.category, quantity=one.quantity) for one in norms
    ]
    MaterialNorm.objects.bulk_create(rows)


def _items(norms: Sequence[Norm]) -> dict[str, Item]:
    return Item.objects.in_bulk({one.item for one in norms if one.item}, field_name="code")


def _check(norms: Sequence[Norm], items: dict[str, Item], tolerance_pct: int) -> None:
    wrong: dict[str, list[str]] = {}
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(norms):
        if bool(one.item) == bool(one.category):
            wrong[f"norms.{place}.item"] = [_("An item or a category, please: one of the two.")]
        elif one.item and (one.item not in items or items[one.item].kind == "tool"):
            wrong[f"norms.{place}.item"] = [_("There is no such item here.")]
        elif (one.item, one.category) in seen:
            wrong[f"norms.{place}.item"] = [_("This stands in another line already.")]
        if one.quantity is not None and (one.quantity == 0 or not lines.fits(one.quantity, lines.MOST, 2)):
            wrong[f"norms.{place}.quantity"] = [
                _("More than nothing, at most %(most)s, with two decimals at most.") % {"most": lines.MOST}
            ]
        seen.add((one.item, one.category))
    if not 100 <= tolerance_pct <= MOST_TOLERANCE:
        wrong["tolerance_pct"] = [_("Between 100 and %(most)s percent.") % {"most": MOST_TOLERANCE}]
    if wrong:
        raise BadMaterial(wrong)
