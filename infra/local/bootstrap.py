"""From a bare clone to a virtual environment with the locked packages; then over to `python -m infra.local`.

Only the standard library: nothing is installed yet, and an older Python must still be able to read this.
Usage: python3 infra/local/bootstrap.py runtime|dev [COMMAND ARGUMENTS...]
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "steppe-installed.json"
OLDEST = (3, 11)
NO_PIP = """\
This Python cannot put pip into a new environment, and the machine has neither pip nor uv.
On Debian and Ubuntu: apt-get install python3-venv"""


def main(arguments: Sequence[str]) -> None:
    """Make the environment what the lock says, then become the command."""
    os.environ.setdefault("STEPPE_STARTED", repr(time.time()))
    insist_on_python()
    extent, command = arguments[0], list(arguments[1:])
    VENV.mkdir(exist_ok=True)
    with open(VENV / "steppe-install.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make up` and `make test` may be typed at once
        if not is_current(extent):
            install(extent)
    if command:
        os.chdir(ROOT)
        os.execv(str(PYTHON), [str(PYTHON), "-m", "infra.local", *command])  # noqa: S606  (no shell is the point)


def insist_on_python() -> None:
    """An old `python3` steps aside for a newer one on the path, or says what is missing."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(19, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606
    sys.exit(f"Steppe needs Python 3.11 or newer; this is {sys.version.split()[0]}.")


def fingerprint(extent: str) -> str:
    """The lock's own hash: what the stamp must say for the environment to be up to date."""
    return hashlib.sha256((ROOT / "requirements" / f"{extent}.txt").read_bytes()).hexdigest()


def is_current(extent: str) -> bool:
    """Read from the stamp alone, so that a second start costs nothing."""
    if not (STAMP.exists() and PYTHON.exists()):
        return False
    stamp: dict[str, str] = json.loads(STAMP.read_text())
    return stamp.get(extent) == fingerprint(extent)


def install(extent: str) -> None:
    """Environment, installer, packages, each with its time. Stamped last: a broken-off install is redone."""
    STAMP.unlink(missing_ok=True)
    step("virtual environment .venv", make_venv)
    step("installer", install_uv)
    step(f"packages of requirements/{extent}.txt (the first time: downloads)", lambda: install_packages(extent))
    # The development lock holds the runtime's packages, at the same versions.
    STAMP.write_text(json.dumps({each: fingerprint(each) for each in {"runtime", extent}}))


def step(words: str, action: Callable[[], None]) -> None:
    """One line before, one after: what, and how long it took."""
    print(f"  ..  {words}", flush=True)
    began = time.monotonic()
    action()
    print(f"  ok  {words}: {time.monotonic() - began:.1f} s", flush=True)


def make_venv() -> None:
    """With pip where this Python can; some distributions package that part apart."""
    if PYTHON.exists():
        return
    try:
        import ensurepip  # noqa: F401  (its absence is the question)
    except ImportError:
        venv.create(VENV, with_pip=False, symlinks=True)
    else:
        venv.create(VENV, with_pip=True, symlinks=True)


def install_uv() -> None:
    """The installer itself comes from a lock too."""
    lock = str(ROOT / "requirements" / "installer.txt")
    inside = [str(PYTHON), "-m", "pip"]
    outside = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    options = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    for pip in (inside, outside):
        if succeeds([*pip, "--version"]):
            run([*pip, *options])
            return
    if not shutil.which("uv"):
        sys.exit(NO_PIP)


def install_packages(extent: str) -> None:
    """Exactly the lock: every file is checked against its hash."""
    uv = VENV / "bin" / "uv"
    lock = str(ROOT / "requirements" / f"{extent}.txt")
    command = [str(uv) if uv.exists() else "uv", "pip", "install", "--python", str(PYTHON)]
    if not sys.stderr.isatty():
        command.append("--quiet")  # a log has no use for progress bars and a hundred names
    run([*command, "--require-hashes", "-r", lock], env={**pip_mirror(), **os.environ})


def pip_mirror() -> dict[str, str]:
    """A mirror set up for pip is meant for uv as well, which does not read pip's configuration."""
    ask = [str(PYTHON), "-m", "pip", "config", "list"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    found = dict(line.split("=", 1) for line in answer.stdout.splitlines() if "=" in line)
    for name in (":env:.index-url", "user.index-url", "global.index-url"):
        if name in found:
            return {"UV_DEFAULT_INDEX": found[name].strip("'\"")}
    return {}


def succeeds(command: Sequence[str]) -> bool:
    """Whether the command can be run at all."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run(command: Sequence[str], env: dict[str, str] | None = None) -> None:
    """A failed step ends the setup with the tool's own words above ours."""
    if subprocess.run(command, env=env, check=False).returncode:
        sys.exit("The setup stopped here; the lines above say why. The same command takes it up again.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
