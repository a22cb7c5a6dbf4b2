"""Which documents there are: where goods come from and go to, who must agree, what may follow. Pure.

States: draft → submitted → approved → posted → reversed; what is handed over in two steps is shipped before it is
posted; draft and submitted may be withdrawn. A kind without `approval` is posted straight from its draft.
"""

from dataclasses import dataclass

from apps.inventory.rules.places import STORES

DRAFT, SUBMITTED, APPROVED, SHIPPED = "draft", "submitted", "approved", "shipped"
POSTED, REVERSED, WITHDRAWN = "posted", "reversed", "withdrawn"
STATES = (DRAFT, SUBMITTED, APPROVED, SHIPPED, POSTED, REVERSED, WITHDRAWN)


@dataclass(frozen=True)
class Kind:
    """One kind of document. `sources`/`targets`: kinds of places; a kind of which there is one is filled in.

    `two_steps`: one hands out, another receives. `far`: the receiver's place need not be the sender's to use.
    """

    code: str
    prefix: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    approval: bool = False
    two_steps: bool = False
    far: bool = False
    costed: bool = False  # the lines name their own cost: goods that come in
    by_hand: bool = True


_ALL = (
    Kind("receipt", "RK", ("supplier",), STORES, costed=True),
    Kind("issue", "LY", STORES, ("van",), two_steps=True),
    Kind("return", "TK", ("van",), STORES),
    Kind("transfer", "DB", (*STORES, "repair"), (*STORES, "repair"), two_steps=True, far=True),
    Kind("supplier_return", "TC", (*STORES, "repair"), ("supplier",), approval=True),
    Kind("repair", "FX", (*STORES, "van"), ("repair",)),
    Kind("scrap", "BF", (*STORES, "van", "repair"), ("scrap",), approval=True),
    Kind("claim", "SP", ("in_transit",), ("loss", *STORES), approval=True, by_hand=False),
    Kind("consumption", "XH", ("van", "counter"), ("customer",), by_hand=False),
    Kind("recovery", "HS", ("customer",), ("van", "repair", "scrap"), costed=True, by_hand=False),
    Kind("surplus", "PY", ("loss",), (*STORES, "van"), costed=True, by_hand=False),
    Kind("shortage", "PK", (*STORES, "van"), ("loss",), by_hand=False),
    # A unit that a stocktake found here while the books had it there.
    Kind("relocation", "YW", (*STORES, "van", "repair"), (*STORES, "van"), by_hand=False),
    # Nothing moves; the lines say what one unit is worth from now on. Posted with its approval.
    Kind("revaluation", "TJ", ("loss",), ("loss",), approval=True, by_hand=False),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}


def may_post(kind: str, state: str) -> bool:
    """Is it the turn of the books? What has two steps is posted by its receiver, after it was shipped."""
    rule = KINDS[kind]
    wanted = APPROVED if rule.approval else SHIPPED if rule.two_steps else DRAFT
    return state == wanted


def number_of(kind: str, *, year: int, document_id: int) -> str:
    """`RK-2026-000012`."""
    return f"{KINDS[kind].prefix}-{year}-{document_id:06d}"
