"""Who walks along with a ticket: a room that has something to do when it is finished, goes back or comes to its end.

Tickets know none of these rooms: one registers here with the steps it wants to know of, and is told of each inside the
step's own transaction, once the ticket has taken it. Technician and ticket are locked then, so what the room locks
comes after them (docs/locking.md). It may refuse: the step has not happened then, and the page shows the sentence.

    company.walks_along({*FINISHES, *LEAVES}, settle)       # in that room's AppConfig.ready()

A step nobody asked for costs nothing, and the grab, which writes its history itself, is never told.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from steppe.kernel.actors import Actor

if TYPE_CHECKING:
    from apps.tickets.models import Ticket

FINISHES = frozenset({"complete", "fail_work"})
LEAVES = frozenset({"return", "decline", "reassign", "transfer"})  # another one's, or nobody's, and it goes on
ENDS = frozenset({"cancel", "void", "merge", "hand_over", "resolve_incident"})  # without who has it finishing it
COMES_BACK = frozenset({"callback_reject", "reopen"})  # finished, and it was not


@dataclass(frozen=True)
class Standing:
    """A ticket as a neighbour needs to know it. `round` counts how often it came back after it was finished; `outcome`
    is what was told at the finish.
    """

    public_id: str
    ticket_no: str
    type_code: str
    status: str
    technician_id: int | None
    account_no: str
    round: int
    outcome: Mapping[str, Any] = field(default_factory=dict)


Walker = Callable[[str, Standing, Actor], None]  # the step, the ticket after it, who took it
_walkers: dict[str, list[Walker]] = {}


def walks_along(steps: Iterable[str], walker: Walker) -> None:
    """Tell this walker of these steps."""
    for action in steps:
        if walker not in _walkers.setdefault(action, []):
            _walkers[action].append(walker)


def walk(ticket: "Ticket", action: str, by: Actor) -> None:
    """The ticket took this step: everybody who walks along does their part, or refuses."""
    for walker in _walkers.get(action, ()):
        walker(action, standing(ticket), by)


def standing(ticket: "Ticket") -> Standing:
    """No query where the type is loaded."""
    return Standing(
        ticket.public_id, ticket.ticket_no, ticket.type.code, str(ticket.status), ticket.technician_id,
        ticket.account_no, ticket.reopen_count, ticket.outcome or {},
    )  # fmt: skip
