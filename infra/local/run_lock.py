"""One demo at a time in one data folder. The kernel frees the lock however its holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from infra.local.paths import run_dir


@contextmanager
def hold(refusal: str) -> Iterator[None]:
    """Refuses with a sentence (`{pid}` names the holder) while another process runs the demo."""
    with (run_dir() / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise SystemExit(refusal.format(pid=file.read().strip())) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
