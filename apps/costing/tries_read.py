"""Try-outs of a draft for who may see everybody's points: how far it is, who gains and who loses."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.costing.models import TryOut
from apps.costing.rule_errors import TryOutNotFound
from apps.costing.rule_permissions import RULE_TRIERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.money import Fen

GOING = ("waiting", "running")
NEWEST = 10
ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One technician, or one type of ticket (without money): by the rules that counted, and by the draft."""

    name: str
    unit: str
    tickets: int
    before: Decimal
    after: Decimal
    before_fen: Fen = 0
    after_fen: Fen = 0

    @property
    def gain(self) -> Decimal:
        return self.after - self.before

    @property
    def gain_fen(self) -> Fen:
        return self.after_fen - self.before_fen

    @property
    def gain_pct(self) -> int | None:
        return round(self.gain * 100 / self.before) if self.before else None


@dataclass(frozen=True)
class Trial:
    """A try-out. `people` by what they gain, the largest loss first."""

    row: TryOut
    people: list[Line]
    types: list[Line]

    @property
    def going(self) -> bool:
        return self.row.state in GOING

    @property
    def total(self) -> Line:
        """Everybody together. `tickets` counts each ticket once."""
        return Line(
            "", "", int(self.row.result.get("tickets", 0)), sum((one.before for one in self.people), ZERO),
            sum((one.after for one in self.people), ZERO), sum(one.before_fen for one in self.people),
            sum(one.after_fen for one in self.people),
        )  # fmt: skip

    @property
    def winners(self) -> int:
        return sum(one.gain > 0 for one in self.people)

    @property
    def losers(self) -> int:
        return sum(one.gain < 0 for one in self.people)


def trials_of(actor: Actor, number: int) -> list[TryOut]:
    """The newest try-outs of a version, for who may try; for others none. One query, none for them."""
    if not actor.holds(*RULE_TRIERS):
        return []
    return list(TryOut.objects.filter(rule_set__number=number).order_by("-id").defer("result")[:NEWEST])


def trial_for(actor: Actor, public_id: str) -> Trial:
    """One try-out with its result. One query. Raises NotAllowed, TryOutNotFound."""
    require(actor, RULE_TRIERS)
    row = TryOut.objects.select_related("rule_set").filter(public_id=public_id[:16]).first()
    if row is None or len(public_id) > 16:
        raise TryOutNotFound
    people = sorted(map(_person, row.result.get("people", ())), key=lambda one: (one.gain, one.name))
    return Trial(row, people, [_type(code, one) for code, one in row.result.get("types", {}).items()])


def _person(kept: dict[str, Any]) -> Line:
    return Line(
        kept["name"], kept["unit"], kept["tickets"], Decimal(kept["before"]), Decimal(kept["after"]),
        kept["before_fen"], kept["after_fen"],
    )  # fmt: skip


def _type(code: str, kept: dict[str, Any]) -> Line:
    return Line(code, "", kept["n"], Decimal(kept["before"]), Decimal(kept["after"]))
