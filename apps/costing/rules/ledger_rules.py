"""What the ledger should say of a ticket, against what it says: only the difference is appended. Pure.

A slot is what an entry of the ticket's own work pays: work, road, waiting, and of who went there before the ticket went
to somebody else visit and visit_road. Per person and slot the entries sum to what is due; a difference after the first
earning is an adjustment that names what it corrects. Whatever people decided apart (bonuses, deductions, clawbacks,
disputes) has codes of its own and is none of this.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

WORK, ROAD, WAITING, VISIT, VISIT_ROAD = SLOTS = ("work", "road", "waiting", "visit", "visit_road")
PROVISIONAL, EARNED = "provisional", "earned"
EARN, TRAVEL, BONUS, ADJUSTMENT = KINDS = ("earn", "travel", "bonus", "adjustment")
CLAWBACK = "clawback"
STAYS = ""  # nothing waits, and what was earned stays as it is
NOTHING = Decimal(0)
Slot = tuple[int, str]  # whose, and for what


@dataclass(frozen=True)
class Due:
    """Points that should stand."""

    technician_id: int
    slot: str
    kind: str
    points: Decimal

    @property
    def of(self) -> Slot:
        return self.technician_id, self.slot


@dataclass(frozen=True)
class Said:
    """An entry that stands. `round`: how often the ticket had come back when it was booked, `rule_set`: by which."""

    id: int
    technician_id: int
    slot: str
    kind: str
    stage: str
    points: Decimal
    round: int = 0
    rule_set: int | None = None

    @property
    def of(self) -> Slot:
        return self.technician_id, self.slot


@dataclass(frozen=True)
class Missing:
    """An entry to append: the `number`-th of its stage, person and slot; `corrects` an earlier one."""

    technician_id: int
    slot: str
    kind: str
    stage: str
    points: Decimal
    number: int
    corrects: int | None = None


def stage_of(status: str, round_: int, said: Iterable[Said]) -> str:
    """Where the ticket's points belong now: PROVISIONAL, EARNED, or STAYS.

    Earned once, it earns nothing more when it comes back; only a ticket that turns out void loses what it had.
    """
    earned = [one.round for one in said if one.stage == EARNED]
    if status == "void":
        return EARNED
    if earned and max(earned) != round_:
        return STAYS
    if status in ("closed", "cancelled"):
        return EARNED
    return PROVISIONAL if status == "awaiting_callback" and not earned else STAYS


def reopened_after_pay(status: str, round_: int, said: Sequence[Said]) -> bool:
    """Did it come back after its first visit had earned something? Sent back before its end it had earned nothing yet;
    one that turned out void has nothing left."""
    earned = [one for one in said if one.stage == EARNED]
    paid = sum((one.points for one in earned), NOTHING)
    return status != "void" and paid > 0 and max(one.round for one in earned) < round_


def missing(due: Sequence[Due], stage: str, said: Sequence[Said]) -> list[Missing]:
    """What is to be appended so that each slot sums to what is due at this stage; nothing the second time."""
    waiting = [one for one in said if one.stage == PROVISIONAL]
    found = list(_differences(due if stage == PROVISIONAL else (), PROVISIONAL, waiting))
    if stage == EARNED:
        found += _differences(due, EARNED, [one for one in said if one.stage == EARNED])
    return found


def _differences(due: Sequence[Due], stage: str, said: Sequence[Said]) -> Iterator[Missing]:
    kinds = {one.of: one.kind for one in reversed(said) if one.kind != ADJUSTMENT} | {one.of: one.kind for one in due}
    wanted = dict.fromkeys((*(one.of for one in due), *sorted({one.of for one in said})), NOTHING)
    for one in due:
        wanted[one.of] += one.points
    for slot, points in wanted.items():
        mine = [one for one in said if one.of == slot]
        if gap := points - sum((one.points for one in mine), NOTHING):
            later = stage == EARNED and bool(said)
            kind = ADJUSTMENT if later else kinds[slot]
            yield Missing(*slot, kind, stage, gap, len(mine), _corrected(slot, said) if later else None)


def _corrected(slot: Slot, said: Sequence[Said]) -> int:
    """The person's own first entry of the slot, else anybody's of it, else the first of the ticket."""
    near = [one.id for one in said if one.of == slot] or [one.id for one in said if one.slot == slot[1]]
    return min(near or [one.id for one in said])
