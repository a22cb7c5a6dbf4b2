"""Commits for tests.bench.sockets, in a process of its own: python -m tests.bench.committer SLUG COUNT.

Prints when each grab had committed, by the machine's monotonic clock, which all processes share.
"""

import json
import sys
import time

import django

EVERY = 0.1  # seconds


def main(slug: str, count: int) -> None:
    """One grab at a time, ten a second, each by another technician."""
    django.setup()
    from apps.people import selectors
    from apps.people.accounts.models import User
    from apps.tickets.models import Ticket
    from apps.tickets.services import grab_ticket
    from tenants.context import in_branch
    from tenants.models import Tenant

    committed = {}
    with in_branch(Tenant.objects.get(slug=slug)):
        crew = User.objects.filter(username__startswith="t").order_by("id")[:count]
        actors = [selectors.actor_for_user(user.pk) for user in crew]
        pool = list(Ticket.objects.filter(status="pooled").values_list("public_id", flat=True).order_by("id")[:count])
        for number, public_id in enumerate(pool):
            grab_ticket(public_id=public_id, by=actors[number % len(actors)], key=f"socket-{number}")  # type: ignore[arg-type]
            committed[public_id] = time.monotonic()
            time.sleep(EVERY)
    print(json.dumps(committed))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
