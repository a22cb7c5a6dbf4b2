"""Bells: a lower room rings, higher rooms hear it, in this process. A missed ring costs a delay, never a fact.

    @bells.numbered.heard_by("realtime")
    def tell_the_screens(schema: str, epoch: str, seq: int) -> None: ...

Nothing may rest on a bell: every hearer also looks by itself from time to time.
"""

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")
log = logging.getLogger("steppe.bells")


class Bell(Generic[P]):
    """One kind of news. A hearer that fails keeps neither the ringer nor the other hearers from going on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.hearers: dict[str, Callable[P, object]] = {}

    def heard_by(self, name: str) -> Callable[[Callable[P, object]], Callable[P, object]]:
        """Register the decorated function; a second registration under the name replaces the first."""

        def decorate(hearer: Callable[P, object]) -> Callable[P, object]:
            self.hearers[name] = hearer
            return hearer

        return decorate

    def ring(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call every hearer, in order of registration."""
        for name, hearer in self.hearers.items():
            try:
                hearer(*args, **kwargs)
            except Exception:
                log.exception("a bell was not heard", extra={"bell": self.name, "hearer": name})


# The relay numbered events: (schema, epoch of the stream, its new end).
numbered: Bell[[str, str, int]] = Bell("numbered")
# Somebody's rights in a branch changed: (schema, `staff:12`), or ("" for everybody: a suspended branch).
rights_changed: Bell[[str, str]] = Bell("rights_changed")
