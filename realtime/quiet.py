"""Spares the socket server a debug line for every frame.

The library below daphne paints each line in colours before it asks whether anybody reads it. That was a third of
what a hint cost (tests/bench, 500 sockets; docs/bench.md). The line itself stays, plain, for who turns it on.
"""

from autobahn.websocket import protocol


def paint_nothing() -> None:
    """Call once, before the server starts. Fails when the library no longer has these names: then drop this file."""
    for painter in ("hltype", "hlval"):
        if not hasattr(protocol, painter):
            raise AttributeError(f"autobahn.websocket.protocol has no {painter} any more")
        setattr(protocol, painter, _plain)


def _plain(value: object, **_: object) -> object:
    return value
