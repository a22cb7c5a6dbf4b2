"""Several people at the same ticket in the same moment, each with a connection of their own."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests.cast import Branch


def at_once(branch: Branch, works: Sequence[Callable[[], object]]) -> Counter[str]:
    """All of them start together; how often which outcome: `done`, or the refusal's code."""
    start = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> str:
        try:
            with in_branch(branch.tenant):
                start.wait(timeout=20)
                return _outcome(work)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as crowd:
        return Counter(crowd.map(one, works))


def _outcome(work: Callable[[], object]) -> str:
    try:
        work()
    except DomainError as refusal:
        return refusal.code
    return "done"
