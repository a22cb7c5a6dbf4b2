"""The addresses and sign-ins, as a table a newcomer can copy from."""

import json
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.box import SQUARE
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text


def show(data: Path) -> None:
    """What seed_demo wrote to run/signins.json, at today's ports, and the phone simulator."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)  # a log has no width; addresses must stay whole
    ports = _json(data / "run" / "ports.json", {"web": 8000, "sandbox": 8002})
    rows = [at_port(row, ports) for row in _json(data / "run" / "signins.json", [])]
    phone = {"site": "WeChat", "role": "phone simulator", "url": f"http://localhost:{ports['sandbox']}/phone"}
    console.print(render([row for row in rows if row.get("url") != phone["url"]] + [phone]))


def _json(path: Path, absent: Any) -> Any:
    return json.loads(path.read_text()) if path.exists() else absent


def at_port(row: dict[str, Any], ports: dict[str, int]) -> dict[str, Any]:
    """The demo may have been seeded when another program held a port."""
    parts = urlsplit(str(row.get("url") or ""))
    if not (parts.hostname or "").endswith("localhost"):
        return row
    port = ports["sandbox" if parts.hostname == "localhost" else "web"]
    return {**row, "url": parts._replace(netloc=f"{parts.hostname}:{port}").geturl()}


def render(rows: list[dict[str, Any]]) -> Group:
    """For each address its own small table, the columns in line; fits a terminal of 80 columns."""
    cells = [_cells(row) for row in rows]
    widths = [max(cell_len(each[column]) for each in cells) for column in range(3)]
    parts: list[RenderableType] = [Text("Steppe 格派", style="bold")]
    for (site, url), group in groupby(rows, key=lambda row: (row.get("site"), row.get("url"))):
        table = Table(box=SQUARE, show_header=False)
        for width in widths:
            table.add_column(min_width=width, overflow="fold")
        for row in group:
            table.add_row(*_cells(row))
        parts += [Text.assemble(f"{site}  ", (str(url), "underline")), table]
    return Group(*parts)


def _cells(row: dict[str, Any]) -> tuple[str, str, str]:
    who = " · ".join(str(row[name]) for name in ("role", "note") if row.get(name))
    return who, str(row.get("username") or ""), str(row.get("password") or "")
