"""Work for many branches in one process: what fails in one never stops the others."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connection

log = logging.getLogger("steppe.relay")


@contextmanager
def guarded(work: str, where: str) -> Iterator[None]:
    """Log a failure and go on; after a database error the connection is given up, the next use makes a new one."""
    try:
        yield
    except Error as error:
        log.warning("%s failed", work, extra={"where": where, "error": f"{type(error).__name__}: {error}".strip()})
        connection.close()
    except Exception:
        log.exception("%s failed", work, extra={"where": where})
