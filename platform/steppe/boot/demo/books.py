"""The demo's points and accounts since last month began: what the subscribers would have written as things happened."""

from django.db import transaction

from apps.costing.services import book
from apps.costing.services.catching_up import catch_up
from apps.costing.services.pay_bases import Told, set_pay_bases
from apps.people import selectors as people_reads
from apps.tickets.worked_read import closed_between
from steppe.boot.demo.staff import Cast
from steppe.boot.demo.worked import DAY, last_month
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM

BATCH = 200
BASE, GUARANTEE = 180_000, 180_000  # fen a month


def set_bases(cast: Cast) -> None:
    """What everybody gets in any case, as the accountant says."""
    keeper = people_reads.actor_for_user(cast.office["accountant"])
    assert keeper is not None
    told = [Told(one.pk, BASE, GUARANTEE) for crew in cast.technicians.values() for one in crew]
    set_pay_bases(from_month=f"{last_month():%Y-%m}", told=told, by=keeper, key="demo-bases")


def keep_books() -> int:
    """Book what was closed since last month began, points and money; how many tickets."""
    start, after, found = last_month(), 0, 0
    while batch := closed_between(start, clock.now(), after=after, limit=BATCH):
        after, found = batch[-1][0], found + len(batch)
        with transaction.atomic():
            book([name for _id, name in batch], by=SYSTEM)
    for month in months():
        catch_up(month)
    return found


def months() -> list[str]:
    """Last month and this one."""
    return [f"{moment:%Y-%m}" for moment in (last_month(), last_month() + 32 * DAY)]
