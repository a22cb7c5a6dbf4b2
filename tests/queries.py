"""How often a page asks the database: what the pages themselves ask, without the switch into the branch."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def asking(times: int) -> Iterator[None]:
    """The block asks exactly so often; the failure shows every statement."""
    with CaptureQueriesContext(connection) as captured:
        yield
    found = [str(query["sql"]) for query in captured.captured_queries if "search_path" not in str(query["sql"])]
    assert len(found) == times, f"{len(found)} queries, {times} stated:\n" + "\n".join(sql[:160] for sql in found)
