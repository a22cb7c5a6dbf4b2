"""`python -m tests.faults.worker SCHEMA`: a process of threads that send, and one that takes in what WeChat tells.

A line on standard input says what time it is; they work until nothing is due and say how many cards they looked at.
"""

import json
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event

import django

SENDERS = 3
TURN = 10  # cards in one turn


def main(schema: str) -> None:
    django.setup()
    from tenants.context import branch_by_schema

    branch = branch_by_schema(schema)
    with ThreadPoolExecutor(SENDERS + 1) as pool:
        print("ready", flush=True)
        for line in sys.stdin:
            print(json.dumps(_worked(pool, branch, datetime.fromisoformat(line.strip()))), flush=True)


def _worked(pool: ThreadPoolExecutor, branch: object, now: datetime) -> dict[str, object]:
    """One phase: cards looked at, and the errors that no worker should ever see."""
    over = Event()
    taker = pool.submit(_take, branch, now, over)
    senders = [pool.submit(_send, branch, now) for _ in range(SENDERS)]
    wait(senders)
    over.set()
    found = [one.result() for one in (*senders, taker)]
    return {"looked_at": sum(count for count, _ in found), "errors": [error for _, error in found if error]}


def _send(branch: object, now: datetime) -> tuple[int, str]:
    from apps.wechat.push import delivery
    from steppe.kernel import clock
    from tenants.context import in_branch

    done = 0
    try:
        with in_branch(branch):
            while True:
                with clock.frozen(now):
                    count = delivery.send_due(TURN)
                if not count:
                    return done, ""
                done += count
    except Exception:
        return done, traceback.format_exc(limit=-4)


def _take(branch: object, now: datetime, over: Event) -> tuple[int, str]:
    from apps.wechat.inbound import inbox
    from steppe.kernel import clock
    from tenants.context import in_branch

    try:
        with in_branch(branch):
            while not over.wait(0.05):
                with clock.frozen(now):
                    inbox.take_all()
    except Exception:
        return 0, traceback.format_exc(limit=-4)
    return 0, ""


if __name__ == "__main__":
    main(sys.argv[1])
