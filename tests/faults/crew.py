"""Several worker processes that are told together and answer together."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from infra.local.paths import ROOT


class Crew:
    """Worker processes of one branch."""

    def __init__(self, children: "list[subprocess.Popen[str]]") -> None:
        self.children, self.errors, self.looked_at = children, list[str](), 0

    def ready(self) -> None:
        """All of them have started."""
        for child in self.children:
            assert child.stdout and child.stdout.readline().strip() == "ready", "a worker did not start"

    def work(self, now: datetime) -> int:
        """Everybody works until nothing is due at this time; cards that were looked at."""
        for child in self.children:
            assert child.stdin
            print(now.isoformat(), file=child.stdin, flush=True)
        told = [json.loads(child.stdout.readline()) for child in self.children if child.stdout]
        self.errors += [error for one in told for error in one["errors"]]
        done = sum(one["looked_at"] for one in told)
        self.looked_at += done
        return done


@contextmanager
def crew(schema: str, env: Mapping[str, str], processes: int) -> Iterator[Crew]:
    """So many processes; gone with the block."""
    told = {**os.environ, **env, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}
    command = [sys.executable, "-m", "tests.faults.worker", schema]
    children = [
        subprocess.Popen(command, cwd=ROOT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    try:
        yield Crew(children)
    finally:
        for child in children:
            child.kill()
            child.wait()


def environment(*, database: str, root: str, port: int) -> dict[str, str]:
    """What a process of the product has to know."""
    return {
        "STEPPE_DATABASE_URL": database, "STEPPE_WECHAT_ROOT": root, "STEPPE_WECHAT_OPEN_ROOT": root,
        "STEPPE_WECOM_ROOT": f"{root}/qyapi", "STEPPE_SMS_ROOT": f"{root}/sms", "STEPPE_WECHAT_SANDBOX": "True",
        "STEPPE_WEB_PORT": str(port), "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test",
    }  # fmt: skip
