"""What every active branch does every few seconds. Rooms register their sweep; beat calls one public task."""

from collections.abc import Callable

Sweep = Callable[[], object]
SWEEPS: dict[str, Sweep] = {}


def sweep(name: str) -> Callable[[Sweep], Sweep]:
    """Register a sweep: runs in the branch, must be idempotent and short."""

    def decorate(function: Sweep) -> Sweep:
        SWEEPS[name] = function
        return function

    return decorate
