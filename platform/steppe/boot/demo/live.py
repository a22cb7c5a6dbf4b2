"""What the demo's branches have in the pool right now, opened by the services themselves, push waves and all."""

from apps.people import selectors as people_reads
from apps.tickets.services import Report, open_ticket
from steppe.boot.demo.names import People
from steppe.boot.demo.places import Branch
from steppe.boot.demo.staff import Cast

WISHES = (
    ("fault_bb", "LOS 红灯", 2), ("fault_tv", "无信号", 2), ("fault_cpe", "大风后中断", 2), ("fault_bb", "网速慢", 2),
    ("fault_bb", "晚上掉线", 1), ("install_bb", "新装 300M", 3),
)  # fmt: skip


def fill_pool(branch: Branch, cast: Cast) -> int:
    """A handful of fresh tickets; idempotent by their keys. Runs in the branch."""
    agent = people_reads.actor_for_user(cast.office["agent"])
    assert agent is not None
    names = People(f"pool {branch.slug}")
    for number, (code, words, priority) in enumerate(WISHES):
        _, grid, place = cast.grids[number % len(cast.grids)]
        estate = grid.estates[number % len(grid.estates)]
        report = Report(
            type_code=code, contact_name=names.name(), contact_phone=names.phone(), description=words,
            address=f"{estate} {number + 1}-2-301", lat=(place.lat or 0) + 0.003, lng=(place.lng or 0) - 0.004,
            priority=priority,
        )  # fmt: skip
        open_ticket(report=report, channel="hotline_96066", by=agent, key=f"demo-pool-{number}")
    return len(WISHES)
