"""The demo's processes are kept running, said so, and stopped in order."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from infra.local.output import Output
from infra.local.paths import ROOT
from infra.local.supervisor import Program, Supervisor, birth, sweep

# Writes its name to a file when asked to stop, then goes.
POLITE = """
import pathlib, signal, sys, time
def stop(*_):
    with open(sys.argv[2], "a") as file: file.write(sys.argv[1] + "\\n")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(60)
"""
# Ignores the request and has a child that does so too.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("child", child.pid, flush=True)
time.sleep(60)
"""


def python(code: str, *arguments: str, name: str = "stand-in", grace: float = 5) -> Program:
    return Program(name=name, command=[sys.executable, "-c", code, *arguments], grace=grace)


def until(fact: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(tmp_path: Path, terminal: io.StringIO) -> Iterator[Supervisor]:
    made = Supervisor(Output(tmp_path / "logs", terminal=terminal), tmp_path / "pids.json")
    yield made
    made.hurry = True
    made.stop()


def test_a_child_that_dies_is_restarted_and_said_so(supervisor: Supervisor, terminal: io.StringIO) -> None:
    child = supervisor.start(python("import time; time.sleep(60)", name="relay"))
    first = child.process.pid

    os.kill(first, signal.SIGKILL)
    until(lambda: [supervisor.look(), child.process.pid != first][1])

    assert child.process.poll() is None
    assert "relay died (signal 9); starting it again in 0.5 s" in terminal.getvalue()
    assert child.process.pid in [pid for pid, _ in json.loads(supervisor.pid_file.read_text())]


def test_a_child_that_keeps_dying_is_restarted_more_and_more_slowly(
    supervisor: Supervisor, terminal: io.StringIO
) -> None:
    supervisor.start(python("raise SystemExit(3)", name="web"))

    until(lambda: [supervisor.look(), "in 2 s" in terminal.getvalue()][1])

    said = [line for line in terminal.getvalue().splitlines() if "web died" in line]
    assert [line.rpartition(" in ")[2] for line in said] == ["0.5 s", "1 s", "2 s"]
    assert "exit 3" in said[0]


def test_what_follows_a_restart_is_done_after_each_one(supervisor: Supervisor) -> None:
    introductions: list[int] = []
    program = Program(
        name="sandbox", command=["sleep", "60"], after_restart=lambda: introductions.append(child.process.pid)
    )
    child = supervisor.start(program)
    assert introductions == []  # the first start is introduced by whoever started it

    os.kill(child.process.pid, signal.SIGKILL)
    until(lambda: [supervisor.look(), introductions][1])

    assert introductions == [child.process.pid]


def test_everything_stops_in_the_opposite_order_of_starting(
    supervisor: Supervisor, terminal: io.StringIO, tmp_path: Path
) -> None:
    names = ["postgres", "valkey", "sandbox", "web", "relay", "worker", "beat"]
    diary = tmp_path / "diary"
    for name in names:
        supervisor.start(python(POLITE, name, str(diary), name=name))
    until(lambda: terminal.getvalue().count("ready") == len(names))

    supervisor.stop()

    assert diary.read_text().split() == names[::-1]
    assert not supervisor.pid_file.exists()


def test_a_child_that_will_not_stop_is_killed_with_what_it_started(
    supervisor: Supervisor, terminal: io.StringIO
) -> None:
    supervisor.start(python(STUBBORN, name="worker", grace=0.3))
    until(lambda: "child " in terminal.getvalue())
    grandchild = int(terminal.getvalue().rpartition("child ")[2])
    asked = time.monotonic()

    supervisor.stop()

    assert time.monotonic() - asked < 20  # both would sleep for a minute
    assert "worker did not stop in time and is killed" in terminal.getvalue()
    until(lambda: not birth(grandchild))


def test_each_line_of_a_child_is_shown_with_its_name_and_logged(supervisor: Supervisor, terminal: io.StringIO) -> None:
    supervisor.start(python("print('抢单成功', flush=True); import time; time.sleep(60)", name="web"))

    until(lambda: "抢单成功" in terminal.getvalue())

    assert "web      | 抢单成功" in terminal.getvalue()
    assert "抢单成功" in (supervisor.output.logs / "web.log").read_text()


def test_no_child_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
from infra.local.output import Output
from infra.local.supervisor import Program, Supervisor
supervisor = Supervisor(Output(Path({str(tmp_path)!r})), Path({str(tmp_path / "pids.json")!r}))
supervisor.start(Program(name="web", command=["sleep", "60"]))
print("started", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        [[child, born]] = json.loads((tmp_path / "pids.json").read_text())
        assert birth(child) == born
        time.sleep(0.3)  # the leash is put on within the first moments of the child's life
        process.kill()

    until(lambda: not birth(child))


def sleeper() -> "subprocess.Popen[bytes]":
    """It heeds Ctrl-C also where the tests were started with `&`: such a shell has its children ignore it."""
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(["sleep", "60"], start_new_session=True, preexec_fn=heed)


def test_what_an_earlier_run_left_is_ended_and_a_stranger_with_its_number_is_not(
    tmp_path: Path, terminal: io.StringIO
) -> None:
    with sleeper() as left:
        with sleeper() as stranger:
            facts = [[left.pid, birth(left.pid)], [stranger.pid, "1"]]
            (tmp_path / "pids.json").write_text(json.dumps(facts))

            sweep(tmp_path / "pids.json", Output(tmp_path, terminal=terminal))

            assert left.wait(5) == -signal.SIGINT
            assert stranger.poll() is None
            stranger.kill()
    assert f"ending process {left.pid}, left over from an earlier run" in terminal.getvalue()
