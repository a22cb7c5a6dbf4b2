"""Which ports the demo listens on: the usual ones, or the next free ones, said so."""

import errno
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

USUAL = {"web": 8000, "realtime": 8001, "sandbox": 8002}


def is_free(port: int) -> bool:
    """Nobody listens there on either loopback address: a browser tries both for a name below localhost."""
    return _can_bind(socket.AF_INET, "127.0.0.1", port) and _can_bind(socket.AF_INET6, "::1", port)


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as refusal:
        return refusal.errno in {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}  # no IPv6 here, so nobody listens
    return True


def next_free(after: int, avoid: set[int]) -> int:
    """The first port above that is free and not meant for a sister process."""
    for port in range(after + 1, 65536):
        if port not in avoid and is_free(port):
            return port
    raise SystemExit(f"No free port above {after}.")


def any_free() -> int:
    """A port the kernel picks, for what no person types."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def choose(names: dict[str, int] = USUAL) -> tuple[dict[str, int], list[str]]:
    """The ports, and a sentence for each that had to move; nobody moves onto a sister's usual place."""
    wanted = {name: int(os.environ.get(f"STEPPE_{name.upper()}_PORT") or usual) for name, usual in names.items()}
    chosen: dict[str, int] = {}
    sentences = []
    for name, port in wanted.items():
        chosen[name] = port
        if not is_free(port):
            chosen[name] = next_free(port, avoid={*wanted.values(), *chosen.values()})
            sentences.append(f"port {port} is taken by another program: {name} uses {chosen[name]} instead")
    return chosen, sentences


@contextmanager
def held(chosen: dict[str, int]) -> Iterator[None]:
    """Nobody else finds these free inside the block: minutes pass between choosing and serving, and a server that
    shares its port with a stranger's would answer every other request of theirs.
    """
    with ExitStack() as kept:
        for port in chosen.values():
            guard = kept.enter_context(socket.socket())
            guard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            guard.bind(("127.0.0.1", port))
            guard.listen()
        yield


def remember(chosen: dict[str, int], folder: Path) -> None:
    """For people and tests that look for the running demo."""
    (folder / "ports.json").write_text(json.dumps(chosen, indent=2) + "\n")
