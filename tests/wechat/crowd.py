"""Real processes with real threads that use one account at the same moment."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, Any

from apps.wechat.calls.vault import Credentials
from infra.local.paths import ROOT

CHILD = """
import django, json, sys
django.setup()
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import logging
from django.conf import settings
logging.basicConfig(level=logging.DEBUG, force=True)
from apps.wechat.calls import store
from apps.wechat.calls.client import TenantWeChatClient
from apps.wechat.calls.vault import Credentials
from apps.wechat.errors import WeChatError

settings.STEPPE_WECHAT_SANDBOX = True
given = json.loads(sys.stdin.readline())
store.LOCK_S = given.pop("lock_s")
client = TenantWeChatClient(Credentials(**given), settings.STEPPE_WECHAT_ROOT)
calls = {
    "ticket": client.jsapi_ticket, "token": lambda: client.access_token,
    "info": lambda: client.user_info("o-lotus-wu").follows,
}

def one(name, barrier):
    barrier.wait()
    try:
        return ["ok", str(calls[name]())]
    except WeChatError as error:
        return [type(error).__name__, str(error.errcode)]

print("ready", flush=True)
for line in sys.stdin:
    name, threads = json.loads(line)
    barrier = Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        print(json.dumps([f.result() for f in [pool.submit(one, name, barrier) for _ in range(threads)]]), flush=True)
"""


class Crowd:
    """Some processes that wait for a word."""

    def __init__(self, children: list[subprocess.Popen[str]], hidden: set[str]) -> None:
        self.children, self.hidden = children, hidden

    def start(self, call: str, threads: int = 16) -> None:
        """All threads of all processes make this call now: `token`, `ticket` or `info`."""
        for child in self.children:
            assert child.stdin
            child.stdin.write(json.dumps([call, threads]) + "\n")
            child.stdin.flush()

    def results(self) -> list[list[str]]:
        """What came out for each thread: ["ok", value] or [error, number]."""
        found: list[list[str]] = []
        for child in self.children:
            assert child.stdout
            line = child.stdout.readline()
            assert line, "a process of the crowd ended"
            found += json.loads(line)
        self.hidden |= {value for kind, value in found if kind == "ok" and len(value) > 30}
        return found

    def do(self, call: str, threads: int = 16) -> list[list[str]]:
        self.start(call, threads)
        return self.results()


@contextmanager
def crowd(
    secrets: Credentials, *, database: str, root: str, processes: int = 2, lock_s: float = 15.0, **env: str
) -> Iterator[Crowd]:
    """So many processes that know this account."""
    environment = {
        **os.environ, "STEPPE_DATABASE_URL": database, "STEPPE_WECHAT_ROOT": root, "STEPPE_WECHAT_SANDBOX": "True",
        "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        **env,
    }  # fmt: skip
    pipe: Any = subprocess.PIPE
    log = tempfile.TemporaryFile("w+")  # noqa: SIM115
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD], env=environment, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=log, text=True
        )
        for _ in range(processes)
    ]
    hidden = {secrets.secret, secrets.token, *secrets.aes_keys, "o-lotus-wu"}
    try:
        for child in children:
            assert child.stdin and child.stdout
            child.stdin.write(json.dumps({**asdict(secrets), "lock_s": lock_s}) + "\n")
            child.stdin.flush()
        for child in children:
            assert child.stdout and child.stdout.readline().strip() == "ready", _read(log)[-2000:]
        yield Crowd(children, hidden)
        assert not [secret for secret in hidden if secret in _read(log)]
    finally:
        for child in children:
            child.kill()
            child.wait()
        log.close()


def _read(log: IO[str]) -> str:
    """What the processes have logged, at the finest level."""
    log.seek(0)
    return log.read()
