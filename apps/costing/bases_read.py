"""Base pay and guarantee of every technician in a month, for who says it and who settles by it."""

from dataclasses import dataclass

from apps.costing.permissions import SETTLERS
from apps.costing.services import _lines, _settling
from apps.people import selectors as people
from steppe.kernel.actors import Actor
from steppe.kernel.money import Fen


@dataclass(frozen=True)
class BaseRow:
    """What one technician gets in any case; nothing where nobody said anything."""

    technician_id: int
    name: str
    unit: str
    base_fen: Fen
    guarantee_fen: Fen


def bases_for(actor: Actor, month: str) -> list[BaseRow]:
    """Everybody at work, in the order of the tree. Two queries. Raises NotAllowed, MonthNotFound."""
    _settling.check_whole_branch(actor, SETTLERS)
    _settling.check_month(month)
    bases = _lines.pay_bases(month)
    return [
        BaseRow(one.pk, one.user.name, one.org_unit.name, *bases.get(one.pk, (0, 0))) for one in people.technicians()
    ]
