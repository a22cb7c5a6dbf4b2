"""Wake-ups of headquarters. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task
from django.core.cache import cache

from apps.headquarters.services import catch_up, check_facts, drive, follow_answers, moving_from, was_checked
from tenants.context import current_branch
from tenants.fanout import nightly, sweep

FIRST_AGAIN = 600  # seconds


@shared_task(name="headquarters.drive_handover", scope="public")
def drive_handover(link_id: str) -> str:
    """Tell the branches what became of a hand-over."""
    return drive(link_id)


@sweep("headquarters.handovers")
def sweep_handovers() -> None:
    """What a lost wake-up, a worker that died or a branch that was closed left behind."""
    follow_answers(current_branch())
    for link_id in moving_from(current_branch()):
        drive(link_id)


@shared_task(name="headquarters.count_facts")
def count_facts() -> None:
    """Figures of the branch we stand in follow its tickets; what is left after a while wakes itself again."""
    if catch_up(current_branch()):
        count_facts.wake()


@sweep("headquarters.facts")
def sweep_facts() -> None:
    """What a lost wake-up left behind; and a quiet branch says that it is up to date. One that was never counted from
    its tickets is, but its pages are sent for no more than once in ten minutes.
    """
    branch = current_branch()
    if catch_up(branch):
        count_facts.wake()
    if not was_checked(branch) and cache.add(f"headquarters:first-facts:{branch.pk}", 1, FIRST_AGAIN):
        check_facts_from.wake(0)


@shared_task(name="headquarters.check_facts")
def check_facts_from(after: int) -> None:
    """Compare figures with tickets from this one on; the rest of them in a task of its own."""
    if following := check_facts(current_branch(), after):
        check_facts_from.wake(following)


@nightly("headquarters.facts")
def check_facts_nightly() -> None:
    """Compare the branch's figures with its tickets, report what differs, and mend it."""
    check_facts_from.wake(0)
