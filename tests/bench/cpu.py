"""CPU seconds (user + system) of process trees, from the kernel's own accounts: steadier than rates."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def tree(roots: Iterable[int]) -> set[int]:
    """The processes and all their descendants."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = set(), list(roots)
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += parents.get(pid, [])
    return found


@dataclass(frozen=True)
class Meter:
    """CPU of some trees since it was made; children that have ended count by their parents."""

    roots: tuple[int, ...]
    before: float

    @classmethod
    def of(cls, *roots: int) -> "Meter":
        return cls(roots, _spent(roots))

    def seconds(self) -> float:
        return _spent(self.roots) - self.before


def _spent(roots: tuple[int, ...]) -> float:
    """Own time of every living process, and what the roots' ended children took."""
    total = 0.0
    for pid in tree(roots):
        if fields := _stat(pid):
            total += int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])
    return total / TICK


def _stat(pid: int) -> list[str]:
    """/proc/PID/stat after the name: state, parent, … user, system, ended children's user and system."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
