"""What the address says a screen should show. A saved view is an address: tile, node, type, search."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest

from apps.people import selectors as people
from apps.tickets.desk import TILES, DeskFilter
from apps.tickets.rules.sampling import MODES

if TYPE_CHECKING:
    from apps.people.models import OrgUnit

DEFAULT_TILE = "pooled"


@dataclass(frozen=True)
class Shown:
    """The screen's filter as people chose it; `wanted` is the same for the selectors."""

    tab: str = DEFAULT_TILE
    unit: str = ""
    type: str = ""
    q: str = ""
    calls: str = ""  # on the callback desk: whom we call, or who rates by themselves
    units: "list[OrgUnit]" = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest, *, with_units: bool = False) -> "Shown":
        """Read the address. One query for the organisation when it is asked for or needed, else none."""
        given = {name: request.GET.get(name, "").strip()[:60] for name in ("tab", "unit", "type", "q")}
        if given["tab"] not in TILES:
            given["tab"] = DEFAULT_TILE
        calls = request.GET.get("calls", "")
        shown = cls(given["tab"], given["unit"], given["type"], given["q"], calls if calls in MODES else "")
        return replace(shown, units=people.org_tree()) if with_units or shown.unit else shown

    @property
    def wanted(self) -> DeskFilter:
        return DeskFilter(
            tile=self.tab, text=self.q, unit_path=self.unit_path, type_code=self.type, calls=self.calls
        )  # fmt: skip

    @property
    def unit_path(self) -> str:
        """The chosen node's path; a node nobody knows shows nothing rather than everything."""
        if not self.unit:
            return ""
        return next((unit.path for unit in self.units if unit.code == self.unit), "?")

    def query(self, **changes: str) -> str:
        """The address's query with some parts changed; empty parts are left out."""
        parts = {"tab": self.tab, "unit": self.unit, "type": self.type, "q": self.q, "calls": self.calls} | changes
        return urlencode({name: value for name, value in parts.items() if value})
