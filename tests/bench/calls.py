"""What the clients ask for: one list of calls per client."""

from tests.bench import sizes
from tests.bench.load import Call
from tests.bench.world import World

Work = list[list[Call]]


def bares() -> Work:
    return [[Call("/bare")] * (sizes.BARES // sizes.CLIENTS)] * sizes.CLIENTS


def noops(made: World) -> Work:
    """Signed in, and nothing done: the least that any request of ours costs."""
    share = sizes.NOOPS // sizes.CLIENTS
    return [[Call("/api/v1/me", headers=made.technicians[client])] * share for client in range(sizes.CLIENTS)]


def pages(made: World) -> Work:
    """The dispatcher's first page of the pool, 50 rows."""
    share = sizes.PAGES // sizes.CLIENTS
    return [[Call("/api/v1/tickets?tab=pooled", headers=made.desk)] * share for _ in range(sizes.CLIENTS)]


def grabs(made: World) -> Work:
    """Every client grabs other tickets, each time as another technician: what a branch does all day."""
    work: Work = [[] for _ in range(sizes.CLIENTS)]
    for number, public_id in enumerate(made.pool[: sizes.GRABS]):
        who = made.technicians[number % len(made.technicians)]
        headers = {**who, "Idempotency-Key": f"grab-{number}"}
        work[number % sizes.CLIENTS].append(Call(f"/api/v1/tickets/{public_id}/grab", "POST", {}, headers))
    return work


def opens(made: World) -> Work:
    """The clerk enters reports of other customers at other doors."""
    work: Work = [[] for _ in range(sizes.CLIENTS)]
    for number in range(sizes.OPENS):
        body = {
            "type_code": "fault_bb", "contact_phone": f"139{number:08d}", "contact_name": "王芳",
            "channel": "shop", "address": f"锡林浩特市新华小区 {number}", "lat": 43.93, "lng": 116.1,
            "description": "LOS 红灯",
        }  # fmt: skip
        headers = {**made.desk, "Idempotency-Key": f"open-{number}"}
        work[number % sizes.CLIENTS].append(Call("/api/v1/tickets", "POST", body, headers, expect=(201,)))
    return work
