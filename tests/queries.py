"""How often a page asks the database: what the pages themselves ask, without the switch into the branch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def asking(times: int) -> Iterator[None]:
    """The block asks exactly so often; the failure shows every statement."""
    with statements() as found:
        yield
    assert len(found) == times, f"{len(found)} queries, {times} stated:\n" + "\n".join(sql[:160] for sql in found)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked in the block, as it comes.

    Counted on the way in: a statement that is prepared already leaves no text behind (steppe.kernel.db).
    """
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "search_path" not in sql:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
