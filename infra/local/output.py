"""What the terminal shows: a prefixed, coloured line for each line of a child; the same in `.data/logs/`."""

import sys
import threading
from pathlib import Path
from typing import IO

COLOURS = {"web": 36, "realtime": 35, "relay": 33, "worker": 32, "beat": 34, "sandbox": 96}
KEEP_BYTES = 5 * 1024 * 1024


class Output:
    """Lines from several threads, never mixed within a line."""

    def __init__(self, logs: Path, *, terminal: IO[str] | None = None) -> None:
        self.logs = logs
        self.terminal = terminal or sys.stdout
        self.colour = self.terminal.isatty()
        self._lock = threading.Lock()
        logs.mkdir(parents=True, exist_ok=True)

    def log_file(self, name: str) -> IO[bytes]:
        """The program's own log, continued; a large one steps aside first."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > KEEP_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab", buffering=0)

    def line(self, name: str, text: str) -> None:
        """A child's line, with its name before it."""
        prefix = f"{name:<9}|"
        if self.colour:
            prefix = f"\033[{COLOURS.get(name, 37)}m{prefix}\033[0m"
        self._write(f"{prefix} {text}")

    def say(self, text: str) -> None:
        """The supervisor's own sentence."""
        self._write(f"\033[1m{'steppe':<9}|\033[0m {text}" if self.colour else f"{'steppe':<9}| {text}")

    def _write(self, text: str) -> None:
        with self._lock:
            self.terminal.write(text + "\n")
            self.terminal.flush()


def tail(path: Path, lines: int = 15) -> str:
    """The end of a log, for the sentence about what went wrong."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else "(no log)"
