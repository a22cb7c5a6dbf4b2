"""The tickets behind a figure: rows of the index, and the way to one of them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from apps.headquarters import reports_read
from apps.headquarters.kpi_words import WORDS
from apps.headquarters.names import Name, names_of
from apps.headquarters.reach import reach_of
from apps.headquarters.reporting.kpi_page import crumbs, kpi_of
from apps.headquarters.reporting.kpi_rows import reader_s
from apps.headquarters.reporting.told import Told
from apps.headquarters.reporting.ways import Ways
from apps.headquarters.reports_read import Row
from steppe.kernel.actors import Actor
from tenants.context import in_public

SIDES = ("numerator", "denominator")


@dataclass(frozen=True)
class Line:
    """One ticket of the list with the names of what it belongs to."""

    row: Row
    branch: str
    kind: str
    grid: str
    link: str


def page_of(actor: Actor, ways: Ways, told: Told, code: str, *, side: str, after: str) -> dict[str, Any]:
    """The context. Seven queries at headquarters, two for each step we are down."""
    kpi = kpi_of(code)
    side = side if side in SIDES and kpi.denominator is not None else "numerator"
    page = reports_read.tickets_behind(actor, told.asked, kpi=code, side=side, after=after)
    types, grids = _names(actor, told)
    return {
        "ways": ways, "told": told, "kpi": kpi, "title": WORDS[code].title, "definition": WORDS[code].definition,
        "lines": [_line(ways, told, row, types, grids) for row in page.rows], "crumbs": crumbs(actor, told),
        "side": side, "two_sides": kpi.denominator is not None,
        "after": f"{told.query}&{urlencode({'side': side, 'after': page.after})}" if page.after else "",
        "as_of": reports_read.as_of(actor, told.asked.branch), "figures": f"{ways.to_kpi(code)}?{told.query}",
    }  # fmt: skip


def _names(actor: Actor, told: Told) -> tuple[dict[str, Name], dict[str, Name]]:
    reach = reach_of(actor, told.asked)
    with in_public():
        return names_of(reach, "type_code"), names_of(reach, "grid")


def _line(ways: Ways, told: Told, row: Row, types: dict[str, Name], grids: dict[str, Name]) -> Line:
    grid = row.grid if told.asked.branch else f"{row.branch}/{row.grid}"
    return Line(
        row, reader_s((row.branch_name, row.branch_name_en)),
        reader_s(types.get(row.type_code, (row.type_code, ""))), reader_s(grids.get(grid, (row.grid, ""))),
        ways.to_ticket(row.branch, row.ticket),
    )  # fmt: skip
