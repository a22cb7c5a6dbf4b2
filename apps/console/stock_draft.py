"""A stock document as it is being typed: read from a form or from a draft, shown again with everything in it.

What the services are told are codes, decimals and fen; people type names or bar codes, yuan and pasted lists.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.console.said import said, whole
from apps.inventory import shelves_read
from apps.inventory.errors import BadDocument
from apps.inventory.papers_read import Paper
from apps.inventory.rules.documents import KINDS, Kind
from apps.inventory.rules.serials import read_list
from apps.inventory.services import Told
from apps.inventory.shelves_read import Choices
from steppe.kernel.actors import Actor

Errors = Mapping[str, Sequence[str]]
FIELDS = ("item", "quantity", "batch", "cost", "serials")
LONGEST = {"item": 60, "quantity": 20, "batch": 60, "cost": 20, "serials": 1_500_000}
MOST_LINES = 230  # five fields each: a form of ours has 1,200 at most
BIGGEST = Decimal(10) ** 15


@dataclass(frozen=True)
class Typed:
    """One line as typed. `kind` and `name` are of the item, once it is known."""

    item: str = ""
    quantity: str = ""
    batch: str = ""
    cost: str = ""
    serials: str = ""
    kind: str = ""
    name: str = ""

    @property
    def blank(self) -> bool:
        return not (self.item or self.quantity or self.batch or self.serials.strip())

    @property
    def count(self) -> int:
        return len(read_list(self.serials)[0])


@dataclass
class PaperDraft:
    """The whole form."""

    kind: str
    source: str = ""
    target: str = ""
    reason: str = ""
    origin: str = ""
    version: int | None = None
    lines: list[Typed] = field(default_factory=list)

    @property
    def rule(self) -> Kind:
        return KINDS[self.kind]

    @classmethod
    def read(cls, kind: str, posted: QueryDict) -> "PaperDraft":
        """What was typed; lines with nothing in them are no lines."""
        told = {name: said(posted, name, 200) for name in ("source", "target", "reason", "origin")}
        lines = [line for line in _lines(posted) if not line.blank]
        return cls(kind, **told, version=whole(posted, "version"), lines=lines)

    @classmethod
    def of(cls, paper: Paper) -> "PaperDraft":
        """The draft as it stands."""
        one = paper.document
        lines = [
            Typed(
                line.item.code, "" if line.item.by_number else plain(line.quantity),
                line.batch.number if line.batch else "",
                "" if line.unit_cost is None else plain(line.unit_cost / 100),
                "\n".join(sorted(unit.number for unit in line.serials.all())), line.item.kind, line.item.name,
            )
            for line in paper.lines
        ]  # fmt: skip
        return cls(
            one.kind, one.source.code, one.target.code, one.reason, one.origin, version=one.version, lines=lines
        )  # fmt: skip

    def drop(self, place: int) -> None:
        """Without this line."""
        del self.lines[place : place + 1]

    def recognise(self, actor: Actor) -> None:
        """Each line's item by its code, whatever of it was typed or scanned. One query."""
        known = shelves_read.items_named(actor, (line.item for line in self.lines))
        self.lines = [
            replace(line, item=found.code, kind=found.kind, name=found.name)
            if (found := known.get(line.item))
            else line
            for line in self.lines
        ]

    def told(self, choices: Choices, *, whole: bool = True) -> list[Told]:
        """The lines as services take them. Raises BadDocument for what cannot be read; `whole`: the places too."""
        wrong = dict(_missing(self, choices)) if whole else {}
        told: list[Told] = []
        for place, line in enumerate(self.lines):
            found, bad = _told(line)
            told.append(found)
            wrong |= {f"lines.{place}.{name}": [why] for name, why in bad.items()}
        if wrong:
            raise BadDocument(wrong)
        return told

    def rows(self, errors: Errors) -> list[dict[str, object]]:
        """The lines with their sentences, and an empty one to go on with."""
        shown = [*self.lines, Typed()] if not self.lines else self.lines
        return [
            {"n": place, "line": line, "wrong": {name: errors.get(f"lines.{place}.{told}") for name, told in _ASKED}}
            for place, line in enumerate(shown)
        ]


_ASKED = (("item", "item"), ("quantity", "quantity"), ("batch", "batch"), ("cost", "unit_cost"), ("serials", "serials"))


def _lines(posted: QueryDict) -> Iterable[Typed]:
    names = {name.split(".")[1] for name in posted if name.startswith("line.") and name.count(".") == 2}
    places = sorted(int(one) for one in names if one.isascii() and one.isdecimal() and len(one) < 5)[:MOST_LINES]
    for place in places:
        told = {one: said(posted, f"line.{place}.{one}", LONGEST[one]) for one in FIELDS}
        yield Typed(**told)


def _missing(draft: PaperDraft, choices: Choices) -> Iterable[tuple[str, list[str]]]:
    for name, offered in (("source", choices.sources), ("target", choices.targets)):
        if offered and getattr(draft, name) not in {one.code for one in offered}:
            yield name, [_("Choose a place.")]
    if not draft.lines:
        yield "lines", [_("Write at least one line.")]


def _told(line: Typed) -> tuple[Told, dict[str, str]]:
    wrong: dict[str, str] = {}
    quantity, cost = decimal(line.quantity), decimal(line.cost)
    good, bad = read_list(line.serials)
    if line.quantity and quantity is None:
        wrong["quantity"] = _("Please write a number.")
    if line.cost and cost is None:
        wrong["unit_cost"] = _("Please write an amount in yuan.")
    if bad:
        wrong["serials"] = _("These cannot be numbers: %(numbers)s.") % {"numbers": ", ".join(bad[:5])}
    fen = None if cost is None else cost * 100
    return Told(line.item, quantity or Decimal(0), line.batch, tuple(good), fen), wrong


def decimal(text: str) -> Decimal | None:
    """A number as people write it, or None: full width, with commas, nothing endless."""
    try:
        found = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < BIGGEST else None


def plain(number: Decimal) -> str:
    """Without a tail of noughts: 20, 0.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
