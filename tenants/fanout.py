"""What every active branch does every few seconds, or every night. Rooms register; beat calls one public task each."""

from collections.abc import Callable

Sweep = Callable[[], object]
SWEEPS: dict[str, Sweep] = {}
NIGHTLY: dict[str, Sweep] = {}
AT_HEADQUARTERS: dict[str, Sweep] = {}


def sweep(name: str) -> Callable[[Sweep], Sweep]:
    """Register a sweep: runs in the branch, must be idempotent and short."""

    def decorate(function: Sweep) -> Sweep:
        SWEEPS[name] = function
        return function

    return decorate


def nightly(name: str, *, headquarters: bool = False) -> Callable[[Sweep], Sweep]:
    """Register housekeeping: runs in the branch once a night, must be idempotent.

    With `headquarters` in `public` too: only for tables that stand in both kinds of schema.
    """

    def decorate(function: Sweep) -> Sweep:
        NIGHTLY[name] = function
        if headquarters:
            AT_HEADQUARTERS[name] = function
        return function

    return decorate
