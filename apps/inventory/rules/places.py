"""What kinds of places goods can be in (domain.md §6.2). Pure.

A physical place never holds less than nothing. Goods in a valued place are the branch's stock in money; what
leaves the valued places leaves at the present average, what enters them enters at its own cost.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`physical`: somebody could count it. `valued`: worth money to the branch. `home`: a document may name it."""

    code: str
    physical: bool
    valued: bool
    home: bool = True


_ALL = (
    Kind("warehouse", physical=True, valued=True),
    Kind("store", physical=True, valued=True),
    Kind("counter", physical=True, valued=True),
    Kind("van", physical=True, valued=True),
    Kind("repair", physical=True, valued=True),
    Kind("in_transit", physical=True, valued=True, home=False),
    Kind("scrap", physical=True, valued=False),
    Kind("supplier", physical=False, valued=False, home=False),
    Kind("customer", physical=False, valued=False, home=False),
    Kind("loss", physical=False, valued=False, home=False),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}
PHYSICAL = tuple(kind.code for kind in _ALL if kind.physical)
STORES = ("warehouse", "store", "counter")
# One of each in a branch, made with it; the others are opened by the storekeeper.
ONLY_ONE = ("in_transit", "repair", "scrap", "supplier", "customer", "loss")

# Where a serialised unit is, in one word of its life.
SERIAL_STATE = {
    "warehouse": "in_stock", "store": "in_stock", "counter": "in_stock", "van": "with_technician",
    "in_transit": "in_transit", "repair": "repair", "scrap": "scrapped", "supplier": "returned",
    "customer": "installed", "loss": "lost",
}  # fmt: skip


def is_whole_branch(path: str) -> bool:
    """Is this node the branch itself (`/1/`)? Whoever holds a role there uses also the places of which there is one."""
    return path.count("/") <= 2
