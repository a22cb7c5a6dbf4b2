"""The addresses and sign-ins, as a table a newcomer can copy from."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

COLUMNS = ("site", "who", "address", "user name", "password")


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


def render(rows: list[dict[str, Any]]) -> Table:
    """One row for each sign-in, a line between sites."""
    table = Table(title="Steppe 格派", title_justify="left", header_style="bold")
    for name in COLUMNS:
        table.add_column(name, overflow="fold", no_wrap=name in {"address", "user name", "password"})
    for row, following in zip(rows, [*rows[1:], {}], strict=True):
        role = " · ".join(filter(None, [str(row.get("role", "")), str(row.get("note") or "")]))
        cells = [str(row.get(name) or "") for name in ("site", "url", "username", "password")]
        table.add_row(cells[0], role, *cells[1:], end_section=row.get("site") != following.get("site"))
    return table
