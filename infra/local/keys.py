"""Secrets of this machine's demo: made once, kept in `.data/run/secrets.env`, readable by the owner alone."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

MADE: dict[str, Callable[[], str]] = {
    "STEPPE_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "STEPPE_FIELD_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "STEPPE_LOCAL_DATABASE_PASSWORD": lambda: secrets.token_urlsafe(24),
    "STEPPE_LOCAL_VALKEY_PASSWORD": lambda: secrets.token_urlsafe(24),
}


def load(folder: Path) -> dict[str, str]:
    """What is set in the environment wins over the file; what neither has is made now."""
    path = folder / "secrets.env"
    known = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
    missing = {name: make() for name, make in MADE.items() if name not in known}
    if missing:
        _write(path, {**known, **missing})
    return {name: os.environ.get(name) or value for name, value in {**known, **missing}.items()}


def _write(path: Path, values: dict[str, str]) -> None:
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
    new.replace(path)
