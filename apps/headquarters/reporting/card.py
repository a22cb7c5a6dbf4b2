"""A branch (or all) in one look: its KPIs against the period before and last year, its grids, what is open and late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from apps.headquarters import reports_read
from apps.headquarters.kpi_words import WORDS
from apps.headquarters.reporting.figures import Tile, level_of, shown
from apps.headquarters.reporting.kpi_page import crumbs, tile
from apps.headquarters.reporting.kpi_rows import reader_s
from apps.headquarters.reporting.ranking import Cell
from apps.headquarters.reporting.told import Told
from apps.headquarters.reporting.ways import Ways
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.kpis import HOLDS, KPIS
from steppe.kernel.actors import Actor

FIRST = (
    "ticket_volume", "open_overdue", "on_time_rate", "overdue_rate", "avg_accept_minutes", "mttr", "csat",
    "first_time_fix_rate",
)  # fmt: skip
OF_GRIDS = ("ticket_volume", "open_overdue", "on_time_rate", "overdue_rate", "mttr", "csat")
GROUPS: Mapping[str, tuple[Promise, tuple[str, ...]]] = {
    "amount": (
        pgettext_lazy("group of figures", "Amount"),
        ("ticket_volume", "open_overdue", "void_rate", "direct_report_share", "handover_out", "handover_in",
         "tickets_per_tech", "fault_per_100"),
    ),
    "taking": (
        pgettext_lazy("group of figures", "Taking on"),
        ("grab_rate", "dispatch_rate", "avg_accept_minutes", "accept_on_time_rate", "contact_on_time_rate",
         "return_rate", "reassign_rate", "transfer_rate"),
    ),
    "time": (
        pgettext_lazy("group of figures", "Time"),
        ("on_time_rate", "overdue_rate", "mttr", "mttr_gross", "avg_arrive_minutes", "appointment_kept_rate",
         "reschedule_rate", "hold_rate", "avg_hold_hours", *(f"avg_hold_hours_{cause}" for cause in HOLDS)),
    ),
    "quality": (
        pgettext_lazy("group of figures", "Quality"),
        ("first_time_fix_rate", "repeat_fault_rate", "early_failure_rate", "callback_rate", "callback_reach_rate",
         "csat", "mean_score", "reopen_rate", "complaint_rate", "complaints_per_1000", "urge_rate"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A grid of the branch with its figures."""

    name: str
    cells: Sequence[Cell]


def card_of(actor: Actor, ways: Ways, told: Told) -> dict[str, Any]:
    """The context. Thirteen queries at headquarters, however many grids."""
    now, before, year = reports_read.compared(actor, told.asked, FIRST)
    grids = reports_read.by(actor, told.asked, "grid", OF_GRIDS)
    return {
        "ways": ways, "told": told, "tiles": _tiles(ways, told, FIRST, now, before, year),
        "heads": [WORDS[code].title for code in OF_GRIDS], "grids": [_grid(ways, told, line, now) for line in grids],
        "as_of": reports_read.as_of(actor, told.asked.branch),
    }  # fmt: skip


def index_of(actor: Actor, ways: Ways, told: Told) -> dict[str, Any]:
    """Every KPI there is, in groups; what no group names stands at the end. Fifteen queries at headquarters."""
    now, before, year = reports_read.compared(actor, told.asked, list(KPIS))
    grouped = [(word, [code for code in codes if code in KPIS]) for word, codes in GROUPS.values()]
    others = [code for code in KPIS if not any(code in codes for _word, codes in grouped)]
    if others:
        grouped.append((pgettext_lazy("group of figures", "Money, stock and hours"), others))
    return {
        "ways": ways, "told": told, "crumbs": crumbs(actor, told),
        "groups": [(word, _tiles(ways, told, codes, now, before, year)) for word, codes in grouped],
        "as_of": reports_read.as_of(actor, told.asked.branch),
    }  # fmt: skip


def _tiles(
    ways: Ways, told: Told, codes: Sequence[str], now: Line, before: Line, year: Line
) -> list[tuple[Tile, str]]:  # fmt: skip
    """Each with the address of its page."""
    return [(tile(KPIS[code], now, before, year), f"{ways.to_kpi(code)}?{told.query}") for code in codes]


def _grid(ways: Ways, told: Told, line: Line, whole: Line) -> Grid:
    return Grid(reader_s((line.name, line.name_en)) or "—", [_cell(ways, told, line, whole, code) for code in OF_GRIDS])


def _cell(ways: Ways, told: Told, line: Line, whole: Line, code: str) -> Cell:
    own, kpi = line.figures[code], KPIS[code]
    rate = kpi.denominator is not None and code in whole.figures
    link = f"{ways.to_kpi(code)}?{told.narrowed('grid', line.key).query}" if line.key else ""
    level = level_of(code, own.value, whole.figures[code].value) if rate else "plain"
    return Cell(str(WORDS[code].title), shown(kpi, own.value), level, link)
