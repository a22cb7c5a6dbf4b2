"""The table people read and the JSON the next run is compared with."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One measurement; `budget` is empty where there is none; `ok` is None then."""

    name: str
    value: float
    unit: str
    budget: str = ""
    ok: bool | None = None


class Report:
    """Collects rows, prints them as they come, writes build/bench.json."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, name: str, value: float, unit: str, *, most: float | None = None, least: float | None = None) -> None:
        budget = f"<= {most:g}" if most is not None else f">= {least:g}" if least is not None else ""
        ok = None if not budget else (value <= most if most is not None else value >= (least or 0))
        row = Row(name, round(value, 3), unit, budget, ok)
        self.rows.append(row)
        mark = {True: "ok", False: "OVER", None: ""}[ok]
        print(f"{row.name:<58} {row.value:>12,.3f} {row.unit:<10} {row.budget:<10} {mark}", flush=True)

    def write(self, path: Path = Path("build/bench.json")) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps([asdict(row) for row in self.rows], indent=1, ensure_ascii=False))

    @property
    def over(self) -> list[Row]:
        return [row for row in self.rows if row.ok is False]
