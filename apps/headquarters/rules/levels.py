"""How a branch stands beside all of them together: better, near, worse. Pure."""

from decimal import Decimal

NONE, PLAIN, GOOD, NEAR, BAD = "none", "plain", "good", "near", "bad"
NEARLY = Decimal("0.1")  # so much worse than all together is still near


def level(direction: str, value: Decimal | None, whole: Decimal | None) -> str:
    """`direction`: which way is better, `up`, `down` or neither. `whole`: the same figure of all together."""
    if value is None:
        return NONE
    if direction not in {"up", "down"} or whole is None:
        return PLAIN
    worse = value - whole if direction == "down" else whole - value
    if worse <= 0:
        return GOOD
    return NEAR if worse <= abs(whole) * NEARLY else BAD
