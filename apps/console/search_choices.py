"""What the search page offers to choose from, read once: the rows of the list are named by it too."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model

from apps.console import search_words as words
from apps.people import selectors as people
from apps.tickets import search
from apps.tickets.wanted import Wanted, sorts_of

if TYPE_CHECKING:
    from apps.people.models import OrgUnit, Technician
    from apps.tickets.models import TicketType

Thing = TypeVar("Thing", bound=Model)


@dataclass(frozen=True)
class Choices:
    """Types, nodes of the organisation and technicians of the branch."""

    types: "list[TicketType]"
    units: "list[OrgUnit]"
    crew: "list[Technician]"

    @classmethod
    def read(cls) -> "Choices":
        """Three queries."""
        return cls(search.all_types(), people.org_tree(), people.technicians_to_choose())

    def known(self) -> search.Known:
        """By their ids, for the search."""
        return search.Known(_by_id(self.types), _by_id(self.units), _by_id(self.crew))

    def offered(self, wanted: Wanted) -> dict[str, Any]:
        """Each field's (value, word). One query when the technician asked for has left."""
        return {
            "types": [(one.code, one.name) for one in self.types],
            "areas": [(unit.code, _indented(unit)) for unit in self.units if unit.kind in {"sub_branch", "grid"}],
            "departments": [(unit.code, unit.name) for unit in self.units if unit.kind == "department"],
            "technicians": self._technicians(wanted.technician_id), "periods": words.PERIODS,
            "overdue": words.OVERDUE, "days": words.DAYS, "channels": words.channels(), "priorities": words.PRIORITIES,
            "sorts": [(name, word) for name, word in words.SORTS if name in sorts_of(wanted.tab)],
        }  # fmt: skip

    def _technicians(self, chosen: int | None) -> list[tuple[int, str]]:
        """Who works here, and who is asked for though they have left."""
        found = [(one.pk, one.user.name) for one in self.crew]
        if chosen is None or any(pk == chosen for pk, _name in found):
            return found
        gone = people.technicians_named([chosen]).get(chosen)
        return [*found, (chosen, gone.user.name if gone else "—")]


def _by_id(things: "list[Thing]") -> "dict[int, Thing]":
    return {one.pk: one for one in things}


def _indented(unit: "OrgUnit") -> str:
    """A grid stands below its sub-branch; blanks that a browser keeps."""
    return f"\u00a0\u00a0{unit.name}" if unit.kind == "grid" else unit.name
