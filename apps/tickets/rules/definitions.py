"""What a version of a ticket type says: fields, proof, skills, promise, points, fees, callback. Pure.

Stored as JSON (`TypeVersion.body`); `read` and `write` are inverse. Whether it makes sense: rules/bodies.py; what it
asks of a ticket: rules/forms.py.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

FIELD_KINDS = (
    "text", "number", "choice", "choices", "date", "datetime", "yes_no", "serial", "photo", "location", "signature",
)  # fmt: skip
CHOICE_KINDS = ("choice", "choices")
BOUND_KINDS = ("text", "number", "choices", "photo")  # which `least` and `most` mean something for
PICTURE_KINDS = ("photo", "signature")
STAGES = ("report", "finish")
DISPATCH_RULES = ("pool", "owner_first", "by_hand")
APPOINTMENTS = ("no", "optional", "required")
AREAS = "ABCD"
HOURS = ("resolve_hours", "p0_hours", "p1_hours", "p3_hours", "legal_hours")  # each by area class


@dataclass(frozen=True)
class Option:
    """One choice of a field. A code may have two levels: `optical.los`."""

    code: str
    zh: str
    en: str = ""


@dataclass(frozen=True)
class Field:
    """One field of the form: at the report, or at completion. `least` to `most` bound numbers, lengths and photos."""

    key: str
    kind: str
    zh: str
    en: str = ""
    stage: str = "report"
    required: bool = False
    unit: str = ""
    least: float | None = None
    most: float | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Fee:
    """A charge this type may bring, in fen."""

    code: str
    zh: str
    fen: int
    en: str = ""


@dataclass(frozen=True)
class Definition:
    """`resolve_hours` and `legal_hours` by area class A to D; 0 leaves them to the branch (no legal limit).

    `p0_hours`, `p1_hours`, `p3_hours`: the promise for tickets of that priority; 0: as `resolve_hours` has it.
    `accept_minutes`, `contact_minutes` 0: the branch's own.
    """

    fields: tuple[Field, ...] = ()
    skills: tuple[str, ...] = ()
    resolve_hours: tuple[float, float, float, float] = (24, 36, 48, 72)
    p0_hours: tuple[float, float, float, float] = (0, 0, 0, 0)
    p1_hours: tuple[float, float, float, float] = (0, 0, 0, 0)
    p3_hours: tuple[float, float, float, float] = (0, 0, 0, 0)
    legal_hours: tuple[float, float, float, float] = (0, 0, 0, 0)
    accept_minutes: float = 0
    contact_minutes: float = 0
    dept_hours: float = 24
    priority: int = 2
    base_points: str = "0"
    fees: tuple[Fee, ...] = ()
    callback_pct: int = 30
    script: str = ""
    remote_allowed: bool = False
    appointment: str = "optional"
    dispatch_rule: str = "pool"
    first_queue: str = ""  # code of a department; empty: the grid
    photos: int = 0  # at least so many at completion

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Definition":
        """From stored JSON. Raises TypeError for a name it does not know."""
        known: dict[str, Any] = dict(body)
        known["fields"] = tuple(_field(one) for one in body.get("fields", ()))
        known["fees"] = tuple(Fee(**one) for one in body.get("fees", ()))
        lists = {field.name for field in fields(cls)} - {"fields", "fees"}
        told: dict[str, Any] = {
            name: tuple(v) if name in lists and isinstance(v, list) else v for name, v in known.items()
        }
        return cls(**told)

    def write(self) -> dict[str, Any]:
        """As JSON: lists where it has tuples, so that what is written equals what is read back."""
        written: dict[str, Any] = _listed(asdict(self))
        return written

    def promised(self, area: int, priority: int) -> float:
        """Hours in this area class (0 is A) at this priority; 0 leaves them to the branch."""
        own = {0: self.p0_hours, 1: self.p1_hours, 3: self.p3_hours}.get(priority, self.resolve_hours)
        return own[area] or self.resolve_hours[area]

    def at(self, stage: str) -> tuple[Field, ...]:
        """The fields of one stage."""
        return tuple(one for one in self.fields if one.stage == stage)


def word(named: Field | Option | Fee, language: str = "zh") -> str:
    """What a reader of this language calls it: English where it has an English name, else the Chinese one."""
    return named.en if named.en and language.startswith("en") else named.zh


def _field(stored: Mapping[str, Any]) -> Field:
    return Field(**{**stored, "options": tuple(Option(**one) for one in stored.get("options", ()))})


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(part) for name, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, tuple | list) else value
