"""The product's processes: what is started, and the environment they share."""

import os
import sys
from collections.abc import Callable, Mapping

from infra.local.paths import ROOT, data_dir
from infra.local.supervisor import Program

PYTHONPATH = os.pathsep.join([str(ROOT), str(ROOT / "platform")])


Facts = Mapping[str, str]
# Threads of one process want the one interpreter: four of them took a quarter more CPU for a page (docs/bench.md).
WEB = ("--workers", "2", "--blocking-threads", "2")


def environment(ports: Mapping[str, int], services: Facts, secrets: Facts) -> dict[str, str]:
    """What every process gets. Addresses of outside systems that are set already stay as they are."""
    sandbox = f"http://localhost:{ports['sandbox']}"
    wechat = os.environ.get("STEPPE_WECHAT_ROOT") or sandbox
    return {
        **{name: value for name, value in secrets.items() if not name.startswith("STEPPE_LOCAL_")},
        **services,
        **{f"STEPPE_{name.upper()}_PORT": str(port) for name, port in ports.items()},
        "STEPPE_DATA_DIR": services.get("STEPPE_DATA_DIR") or str(data_dir()),
        "STEPPE_WECHAT_ROOT": wechat,
        "STEPPE_WECHAT_OPEN_ROOT": os.environ.get("STEPPE_WECHAT_OPEN_ROOT") or wechat,
        "STEPPE_WECOM_ROOT": os.environ.get("STEPPE_WECOM_ROOT") or f"{wechat}/qyapi",
        "STEPPE_SMS_ROOT": os.environ.get("STEPPE_SMS_ROOT") or f"{wechat}/sms",
        "STEPPE_JSSDK_URL": os.environ.get("STEPPE_JSSDK_URL") or f"{wechat}/open/js/jweixin-1.6.0.js",
        **basics(),
    }


def basics() -> dict[str, str]:
    """So that each tool finds the product from the repository's root, and its lines come out at once."""
    no_sermon = "ignore:You're running the worker with superuser privileges"  # a demo may be tried as root
    return {"PYTHONPATH": PYTHONPATH, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": no_sermon}


def sandbox(env: Mapping[str, str], *, after_restart: Callable[[], None] | None = None) -> Program:
    """The WeChat stand-in. It remembers nothing, so it is introduced to everybody again after a restart."""
    command = _granian("asgi", env["STEPPE_SANDBOX_PORT"], "sandbox.app:app")
    return Program(name="sandbox", command=command, env=env, after_restart=after_restart)


def product(env: Mapping[str, str]) -> list[Program]:
    """In starting order: realtime, web, relay, worker, beat. Stopping is the other way round."""
    return [*pages(env), *senders(env)]


def pages(env: Mapping[str, str]) -> list[Program]:
    """What browsers talk to: realtime and web."""
    socket = ["-b", "127.0.0.1", "-p", env["STEPPE_REALTIME_PORT"], "steppe.boot.asgi:application"]
    web = _granian("wsgi", env["STEPPE_WEB_PORT"], "steppe.boot.wsgi:application", *WEB)
    return _programs({"realtime": [sys.executable, "-m", "daphne", *socket], "web": web}, env)


def senders(env: Mapping[str, str]) -> list[Program]:
    """What works by itself and calls other systems: relay, worker and beat."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "steppe.boot.celery"]
    commands = {
        "relay": [sys.executable, "manage.py", "relay"],
        "worker": [*celery, "worker", "-P", "prefork", "-c", "2", "-Q", "urgent,default,reports"],
        "beat": [*celery, "beat"],
    }
    return _programs(commands, env)


def _programs(commands: Mapping[str, list[str]], env: Mapping[str, str]) -> list[Program]:
    return [Program(name=name, command=command, env=env) for name, command in commands.items()]


def _granian(interface: str, port: str, target: str, *more: str) -> list[str]:
    serve = ["--interface", interface, "--host", "127.0.0.1", "--port", port]
    return [sys.executable, "-m", "granian", *serve, "--log-level", "warning", *more, target]
