"""When an outside system that does not answer is left alone, and who tries it again. Pure.

Three failures in a row open the circuit; while it is open nobody calls. Then one caller goes ahead, the probe, and the
others wait for what it finds. Times are seconds since 1970.
"""

import json
from dataclasses import asdict, dataclass, replace

FAILURES = 3  # in a row, by whatever process
FIRST_S, LONGEST_S = 5.0, 60.0  # each probe that fails doubles the time
PROBE_S = 30.0  # longer than the slowest call: a probe that never came back holds up nobody for longer
GLANCE_S = 2.0
KEPT_S = 600.0  # what happened longer ago is not "in a row"


@dataclass(frozen=True)
class Circuit:
    """`fails` in a row; closed to everybody until `until`; `probing`: one caller is finding out."""

    fails: int = 0
    until: float = 0.0
    probing: bool = False


def left(now: float, circuit: Circuit) -> float:
    """Seconds until somebody may call; 0: now."""
    return max(0.0, circuit.until - now)


def patience(now: float, circuit: Circuit) -> float:
    """Seconds until another look is worthwhile: a probe that is under way may be back in a moment."""
    return min(left(now, circuit), GLANCE_S) if circuit.probing else left(now, circuit)


def entered(now: float, circuit: Circuit) -> Circuit:
    """The same after a caller went ahead (`left` is 0): through an open circuit it is the probe."""
    return replace(circuit, until=now + PROBE_S, probing=True) if circuit.until else circuit


def failed(now: float, circuit: Circuit) -> Circuit:
    """The same after a call found nobody. Calls that were under way when it opened change nothing."""
    if left(now, circuit) and not circuit.probing:
        return circuit
    fails = circuit.fails + 1
    if fails < FAILURES:
        return Circuit(fails)
    return Circuit(fails, now + min(LONGEST_S, FIRST_S * 2 ** (fails - FAILURES)))


def written(circuit: Circuit) -> str:
    """As text; nothing for a circuit of which there is nothing to say."""
    return "" if circuit == Circuit() else json.dumps(asdict(circuit))


def read(text: str) -> Circuit:
    """From text; what cannot be read is closed."""
    try:
        return Circuit(**json.loads(text)) if text else Circuit()
    except (ValueError, TypeError):
        return Circuit()
