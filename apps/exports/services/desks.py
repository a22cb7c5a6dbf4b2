"""Where a file is being written: a folder of its own for each try, on the machine of the worker."""

import tempfile
from pathlib import Path
from shutil import rmtree

FILE = "file"


def new_desk(public_id: str) -> Path:
    """A folder nobody else has."""
    return Path(tempfile.mkdtemp(prefix=_prefix(public_id)))


def left_behind(public_id: str) -> list[Path]:
    """Files that other tries have begun on this machine; their makers may still be alive."""
    return [one / FILE for one in _desks(public_id)]


def sweep_desk(public_id: str, *, but: Path | None = None) -> None:
    """What makers that were killed left half written on this machine."""
    for one in _desks(public_id):
        if one != but:
            rmtree(one, ignore_errors=True)


def _desks(public_id: str) -> list[Path]:
    return sorted(Path(tempfile.gettempdir()).glob(f"{_prefix(public_id)}*"))


def _prefix(public_id: str) -> str:
    return f"steppe-export-{public_id}-"
