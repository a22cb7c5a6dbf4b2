"""Keeps the demo's processes running and stops them in order. Ours, for honcho and its kin restart no child.

A child is leader of a session of its own, so that Ctrl-C reaches us alone and what it leaves behind can be
ended by group. It cannot outlive us (leash.py); what a killed machine left, `sweep` ends at the next start.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from infra.local.output import Output
from infra.local.paths import ROOT

LEASH = Path(__file__).with_name("leash.py")
FIRST_DELAY, LONGEST_DELAY, CALM_SECONDS = 0.5, 30.0, 10.0


class StopRequested(BaseException):
    """Ctrl-C, or a polite kill: not an error, so nothing may catch it by accident."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """How to run one process and how to end it."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0  # seconds before it is killed
    quiet: bool = False  # its lines go to the log alone
    user: str = ""
    override: bool = False
    after_restart: Callable[[], None] | None = None


class Child:
    """One program and its present process."""

    def __init__(self, program: Program, output: Output) -> None:
        self.program = program
        self.output = output
        self.failures = 0
        self.due: float | None = None  # when to start it again
        self.start()

    def start(self) -> None:
        """From the main thread only: the parent-death signal follows the thread that started it."""
        program = self.program
        leash = [sys.executable, "-I", "-S", str(LEASH), str(int(program.stop_signal))]
        leash += [program.user, "1" if program.override else "0", str(os.getpid()), "--"]
        log = self.output.log_file(program.name)
        self.process = subprocess.Popen(
            [*leash, *program.command],
            cwd=ROOT,
            env={**os.environ, **program.env},
            stdin=subprocess.DEVNULL,
            stdout=log if program.quiet else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started, self.due = time.monotonic(), None
        if program.quiet:
            log.close()
        else:
            threading.Thread(target=self._read, args=(self.process.stdout, log), daemon=True).start()

    def _read(self, lines: IO[bytes], log: IO[bytes]) -> None:
        with log:
            for line in lines:
                log.write(line)
                self.output.line(self.program.name, line.decode(errors="replace").rstrip())

    def look(self) -> None:
        """Restart it when it has died: at once the first time, more slowly if it keeps dying."""
        if self.due is None and self.process.poll() is not None:
            self._mourn()
        if self.due is not None and time.monotonic() >= self.due:
            self.start()
            if self.program.after_restart:
                self.program.after_restart()

    def _mourn(self) -> None:
        kill_group(self.process.pid)
        self.failures = 0 if time.monotonic() - self.started > CALM_SECONDS else self.failures + 1
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** max(0, self.failures - 1))
        self.due = time.monotonic() + delay
        how = describe(self.process.returncode)
        self.output.say(f"{self.program.name} died ({how}); starting it again in {delay:g} s")

    def stop(self, *, hurried: Callable[[], bool]) -> None:
        """Ask, wait, then end it and all it started."""
        if self.process.poll() is None:
            self.process.send_signal(self.program.stop_signal)
            until = time.monotonic() + self.program.grace
            while self.process.poll() is None and time.monotonic() < until and not hurried():
                time.sleep(0.02)
        if self.process.poll() is None:
            self.output.say(f"{self.program.name} did not stop in time and is killed")
        kill_group(self.process.pid)
        self.process.wait()


class Supervisor:
    """Starts in the order given, stops in the opposite one."""

    def __init__(self, output: Output, pid_file: Path) -> None:
        self.output = output
        self.pid_file = pid_file
        self.children: list[Child] = []
        self.stopping = False
        self.hurry = False

    def start(self, program: Program) -> Child:
        """Run it, and keep it running from now on."""
        child = Child(program, self.output)
        self.children.append(child)
        self._remember()
        return child

    def watch(self) -> None:
        """Until a signal says stop."""
        while True:
            self.look()
            time.sleep(0.2)

    def look(self) -> None:
        """One round over all children."""
        before = [child.process.pid for child in self.children]
        for child in self.children:
            child.look()
        if before != [child.process.pid for child in self.children]:
            self._remember()

    def stop(self) -> None:
        """Everything, in order; a second Ctrl-C shortens the waiting."""
        self.stopping = True
        while self.children:
            child = self.children[-1]
            began = time.monotonic()
            child.stop(hurried=lambda: self.hurry)
            self.children.pop()
            self.output.say(f"stopped {child.program.name} ({time.monotonic() - began:.1f} s)")
        self.pid_file.unlink(missing_ok=True)

    def stop_on_signals(self) -> None:
        """Ctrl-C, kill and a closed terminal all stop in order."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: object) -> None:
        if self.stopping:
            self.hurry = True
            return
        self.stopping = True
        raise StopRequested(number)

    def _remember(self) -> None:
        pids = [[child.process.pid, birth(child.process.pid)] for child in self.children]
        self.pid_file.write_text(json.dumps(pids))


def sweep(pid_file: Path, output: Output) -> None:
    """End what an earlier run left behind; a number now worn by a stranger has another birth: let alone."""
    if not pid_file.exists():
        return
    for pid, born in reversed(json.loads(pid_file.read_text())):
        if born and birth(pid) == born:
            output.say(f"ending process {pid}, left over from an earlier run")
            os.kill(pid, signal.SIGINT)  # to PostgreSQL: a fast shutdown
            _wait_for_end(pid, born, seconds=10)
            kill_group(pid)
    pid_file.unlink()


def _wait_for_end(pid: int, born: str, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and birth(pid) == born:
        time.sleep(0.1)


def birth(pid: int) -> str:
    """When the process started, in the kernel's ticks; empty when it is gone. With the pid: one process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else fields[19]


def kill_group(pid: int) -> None:
    """Whatever is left of the child's session."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def describe(code: int) -> str:
    """`exit 1` or `signal 9`."""
    return f"signal {-code}" if code < 0 else f"exit {code}"
