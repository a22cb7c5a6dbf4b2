"""Who must not be called now: one circuit and one silence per account, shared by all processes.

The circuit opens by itself after failures in a row (rules/circuit.py). The silence is what the policy says after an
answer (rules/policy.py: Pause); the account's `paused_until` is its durable half. Without Valkey each process has its
own of both.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from apps.wechat.calls.shelves import MEMORY, Away, drop_near, near
from apps.wechat.errors import QuotaExhausted, RateLimited, Transient, WeChatError
from apps.wechat.rules import circuit as rules
from apps.wechat.rules.circuit import Circuit
from steppe.kernel import clock

SWAPS = 8  # several processes change one circuit: look again and try again, so often


class CircuitOpen(Transient):
    """Nobody was asked: this account did not answer a moment ago. `wait_s`: when it is worth another look."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(errmsg="left alone for a moment: it did not answer")
        self.wait_s = wait_s


@dataclass(frozen=True)
class Gate:
    """One account's; `name` is its place on the shelves."""

    name: str

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around one call. Raises CircuitOpen instead of calling; two round trips, a third after trouble."""
        before = self._change(rules.entered, check=True)
        try:
            yield
        except WeChatError as error:
            self._found(before, gone=_says_nothing(error))
            raise
        self._found(before, gone=False)

    def wait_s(self) -> float:
        """Seconds for which nobody should try; 0: go on. Takes nothing. Two round trips."""
        return max(rules.patience(_now(), rules.read(_get(self.name))), self._silence())

    def silence(self, until: datetime) -> None:
        """The policy lets the account rest until then: for every branch that uses it."""
        seconds = (until - clock.now()).total_seconds()
        if seconds > 0:
            _set(self._silent, str(until.timestamp()), seconds)

    def reopen(self) -> None:
        """What was wrong is mended: the next call may go at once."""
        drop_near(self.name)
        drop_near(self._silent)

    @property
    def _silent(self) -> str:
        return f"{self.name}:silent"

    def _silence(self) -> float:
        text = _get(self._silent)
        return max(0.0, float(text) - _now()) if text else 0.0

    def _found(self, before: Circuit, *, gone: bool) -> None:
        if gone:
            self._change(rules.failed)
        elif before.fails:
            drop_near(self.name)

    def _change(self, step: Callable[[float, Circuit], Circuit], *, check: bool = False) -> Circuit:
        """Take one step; the circuit as it was before. Raises CircuitOpen if `check` and it is open."""
        for _ in range(SWAPS):
            text = _get(self.name)
            now, before = _now(), rules.read(text)
            if check and rules.left(now, before):
                raise CircuitOpen(rules.patience(now, before))
            if (after := rules.written(step(now, before))) == text or _swap(self.name, text, after):
                return before
        return before


def _says_nothing(error: WeChatError) -> bool:
    """An answer, even a bad one, shows that somebody is there."""
    return isinstance(error, Transient) and not isinstance(error, (RateLimited, QuotaExhausted, CircuitOpen))


def _now() -> float:
    return clock.now().timestamp()


def _get(name: str) -> str:
    with suppress(Away):
        return near().get(name)
    return MEMORY.get(name)


def _set(name: str, text: str, seconds: float) -> None:
    try:
        near().set(name, text, seconds)
    except Away:
        MEMORY.set(name, text, seconds)


def _swap(name: str, old: str, new: str) -> bool:
    try:
        return near().swap(name, old, new, rules.KEPT_S)
    except Away:
        return MEMORY.swap(name, old, new, rules.KEPT_S)
