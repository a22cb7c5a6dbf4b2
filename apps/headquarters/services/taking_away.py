"""The figures of a period to take away: every KPI of every branch, a line each, in the formats of exports.

As many lines as branches times KPIs, so it is written while one waits; tables of any length are exports of a branch
(apps.exports) and the feed (apps.bi). The same figures are the same bytes.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.exports.columns import Column
from apps.exports.errors import BadExport
from apps.exports.writers import FORMS, Sheet
from apps.headquarters import reports_read
from apps.headquarters.kpi_words import UNITS, WORDS
from apps.headquarters.reports_read import Asked, Line
from apps.headquarters.rules.kpis import KPIS, Figure, Kpi, readable
from steppe.kernel.actors import Actor
from steppe.kernel.journal_store import write_note
from tenants.context import in_public

TAKE = "headquarters.take_figures"
TITLE = _("Figures of all branches")
Cell = Callable[[Line, Kpi, Figure], Any]


@dataclass(frozen=True)
class TakenAway:
    """An open file with its name and type; whoever sends it closes it, and it is gone."""

    file: IO[bytes]
    name: str
    mime: str
    size: int
    sha256: str


def take_figures(*, asked: Asked, form: str, by: Actor) -> TakenAway:
    """The figures as they stand. Raises BadExport for a format there is none of, and what `reports_read.by` raises.

    One line in headquarters' audit, before the file leaves.
    """
    if form not in FORMS:
        raise BadExport
    rows = [(line, KPIS[code], one) for line in _lines(by, asked) for code, one in line.figures.items()]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "figures"
        _write(path, form, asked, rows)
        file = path.open("rb")
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = file.tell()
    file.seek(0)
    _note(by, asked, form, digest, len(rows))
    name = f"{TITLE}_{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.{form}"
    return TakenAway(file, name, FORMS[form].mime, size, digest)


def _lines(by: Actor, asked: Asked) -> Sequence[Line]:
    """All together first, then every branch."""
    kpis = list(KPIS)
    return [reports_read.total(by, asked, kpis), *reports_read.by(by, asked, "branch", kpis)]


def _write(path: Path, form: str, asked: Asked, rows: Sequence[tuple[Line, Kpi, Figure]]) -> None:
    columns = [column for column, _cell in TABLE]
    period = f"{asked.first:%Y-%m-%d} – {asked.last:%Y-%m-%d}"
    writer = FORMS[form].writer(path, Sheet(str(TITLE), period, str(_("Headquarters")), columns))
    writer.page([[cell(*row) for row in rows] for _column, cell in TABLE])
    writer.close()


def _note(by: Actor, asked: Asked, form: str, sha256: str, lines: int) -> None:
    told = {
        "first": asked.first.isoformat(), "last": asked.last.isoformat(), "branch": asked.branch, "form": form,
        "sha256": sha256, "lines": lines,
    }  # fmt: skip
    with in_public():
        write_note(TAKE, by, told, entity="figures", entity_id=0)


def _name(line: Line) -> str:
    return line.name if line.key else str(_("All branches"))


def _column(code: str, word: str | Promise, kind: str = "text", width: int = 12) -> Column:
    return Column(code, word, kind, width)


TABLE: Sequence[tuple[Column, Cell]] = (
    (_column("branch_code", _("Branch code")), lambda line, _kpi, _one: line.key),
    (_column("branch", pgettext_lazy("report by", "Branch"), width=20), lambda line, _kpi, _one: _name(line)),
    (_column("kpi", pgettext_lazy("export column", "Figure"), width=18), lambda _line, kpi, _one: kpi.code),
    (
        _column("kpi_name", pgettext_lazy("export column", "Name of the figure"), width=22),
        lambda _line, kpi, _one: str(WORDS[kpi.code].title),
    ),
    (
        _column("numerator", pgettext_lazy("export column", "Numerator"), "decimal"),
        lambda _line, kpi, one: readable(kpi.numerator, one.numerator),
    ),
    (
        _column("denominator", pgettext_lazy("export column", "Denominator"), "decimal"),
        lambda _line, kpi, one: None if one.denominator is None else readable(kpi.denominator or (), one.denominator),
    ),
    (_column("value", pgettext_lazy("export column", "Value"), "decimal"), lambda _line, _kpi, one: one.value),
    (_column("unit", pgettext_lazy("export column", "Unit")), lambda _line, kpi, _one: str(UNITS[kpi.unit])),
)
