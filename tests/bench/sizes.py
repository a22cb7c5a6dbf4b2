"""How much is done. STEPPE_BENCH_SCALE=0.1 makes a quick, rough run for whoever works on the bench itself."""

import os

SCALE = float(os.environ.get("STEPPE_BENCH_SCALE") or 1)
CLIENTS = 8


def _scaled(count: int, least: int) -> int:
    return max(least, int(count * SCALE))


BARES = _scaled(6000, 1600)
NOOPS = _scaled(4000, 400)
PAGES = _scaled(400, 80)
GRABS = _scaled(2400, 400)
OPENS = _scaled(1200, 200)
SOCKETS = _scaled(500, 50)
COMMITS = _scaled(100, 20)
POSTINGS = _scaled(400, 100)
PGBENCH_SECONDS = _scaled(8, 2)
TECHNICIANS = 200
POOLED = 10_000  # never scaled: the page is promised at this size
SEARCHED = 100_000  # nor this one
BOXES_AT_ONCE = 10_000  # nor this one
SETTLED = _scaled(20_000, 1000)  # tickets of a month
BRANCHES = 300  # nor this one
COUNTED = _scaled(20_000, 2000)  # tickets that become figures
MARKED = _scaled(5_000, 500)  # events
