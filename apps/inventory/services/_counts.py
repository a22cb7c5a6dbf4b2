"""Steps shared by the commands of a stocktake: reach, lock, state, event."""

from collections.abc import Iterable

from apps.inventory.errors import CountNotFound, OwnCount, StaleDocument, WrongState
from apps.inventory.events import CountChanged
from apps.inventory.models import Count, Place, Tally
from apps.inventory.permissions import APPROVERS, HANDS, KEEPERS
from apps.inventory.services import _papers as papers
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, emit
from steppe.kernel.db import connection

COUNTERS = (*KEEPERS, *HANDS)


def lock_count(
    number: str, by: Actor, roles: Iterable[str], *, version: int | None = None, states: Iterable[str]
) -> Count:
    """The count, locked; who holds none of the roles does not learn whether there is one.

    Raises NotAllowed, CountNotFound, StaleDocument, WrongState.
    """
    assert connection.in_atomic_block
    require(by, roles)
    count = Count.objects.select_for_update(of=("self",)).select_related("place").filter(number=number).first()
    if count is None:
        raise CountNotFound
    if version is not None and version != count.version:
        raise StaleDocument(number=number)
    if count.state not in tuple(states):
        raise WrongState(number=number)
    return count


def check_counter(by: Actor, place: Place) -> None:
    """Who may count here: keepers of the place, and the technician whose van it is. Raises NotAllowed, NotYourPlace."""
    if by.technician_id is None or place.technician_id != by.technician_id:
        papers.check_reach(by, KEEPERS, place)


def check_judge(by: Actor, count: Count) -> None:
    """Who may decide: an approver of the place who neither opened, counted nor closed it. One query.

    Raises NotAllowed, NotYourPlace, OwnCount.
    """
    papers.check_reach(by, APPROVERS, count.place)
    if took_part(by, count):
        raise OwnCount(number=count.number)


def may_take(by: Actor, place: Place) -> bool:
    """May this approver bring a unit away from there? No query."""
    return by.kind == "system" or papers.reaches(by.scopes(APPROVERS), place)


def took_part(by: Actor, count: Count) -> bool:
    """Did they open, close or count it, also what was taken back or counted anew since? One query at most."""
    if by.ref in (count.opened_by, count.closed_by):
        return True
    return Tally.objects.filter(line__count=count, by=by.ref).exists()


def step(count: Count, state: str, **more: object) -> Receipt:
    """The count's next state, its version, the event. One query."""
    for field, value in {"state": state, **more}.items():
        setattr(count, field, value)
    count.version += 1
    count.save(update_fields=["state", "version", *more])
    announce(count)
    return receipt(count)


def announce(count: Count) -> None:
    emit(
        CountChanged(
            entity_id=count.pk, public_id=count.number, version=count.version, number=count.number,
            place=count.place.code, state=count.state,
        )
    )  # fmt: skip


def receipt(count: Count, **facts: object) -> Receipt:
    told = {"number": count.number, "state": count.state, **facts}
    return Receipt("stock_count", count.pk, count.number, count.version, told)
