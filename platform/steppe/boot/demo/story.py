"""The months behind the demo: the last one whole, to be settled, and the present one so far. Believable hours, types,
distances, endings, fees and helpers; the same everywhere but for the date.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from apps.people import selectors as people_reads
from apps.people import services as people
from apps.people.models import OrgUnit
from apps.tickets.models import TicketType
from apps.tickets.past import Past, write_past
from apps.tickets.rules.workflow import State
from apps.tickets.selectors import ticket_types
from steppe.boot.demo.names import People
from steppe.boot.demo.places import Branch, Grid, Unit
from steppe.boot.demo.staff import Cast
from steppe.boot.demo.turns import Fate
from steppe.boot.demo.worked import last_month
from steppe.kernel import clock

WEIGHTS = {
    "fault_bb": 42, "fault_tv": 24, "fault_cpe": 8, "install_bb": 10, "install_tv": 4, "swap_device": 6,
    "relocate": 3, "complaint": 2, "other": 1,
}  # fmt: skip
SAYINGS = {
    "fault_bb": ("LOS 红灯", "网速慢", "晚上掉线", "PON 灯闪烁", "无法拨号 691"),
    "fault_tv": ("无信号", "马赛克", "有图无声", "E06 未授权", "遥控器失灵"),
    "fault_cpe": ("无法上网", "信号弱", "大风后中断"),
    "install_bb": ("新装 300M",),
    "install_tv": ("新装 4K 机顶盒",),
    "swap_device": ("更换光猫", "更换机顶盒"),
    "relocate": ("移到客厅",),
    "complaint": ("等待太久",),
    "other": ("线缆垂落",),
}
# How often two people go, and what the customer pays, in fen.
HELPED = {"install_bb": 0.4, "install_tv": 0.3, "relocate": 0.5}
FEES = {
    "install_bb": (("install", "初装工料费", 10_000),), "install_tv": (("install", "初装工料费", 30_000),),
    "relocate": (("relocate", "移机费", 5000),),
}  # fmt: skip
# What stands open on the demo's first morning, besides what the services open live.
STILL_OPEN: tuple[tuple[State, int], ...] = (
    (State.SUBMITTED, 2), (State.ASSIGNED, 3), (State.ACCEPTED, 9), (State.IN_PROGRESS, 7), (State.ON_HOLD, 3),
    (State.AWAITING_CALLBACK, 14),
)  # fmt: skip


@dataclass
class Teller:
    """Draws one ticket after the other for a branch."""

    branch: Branch
    cast: Cast
    types: dict[str, TicketType]
    random: Random
    people: People

    @classmethod
    def of(cls, branch: Branch, cast: Cast) -> "Teller":
        types = {kind.code: kind for kind in ticket_types()}
        return cls(branch, cast, types, Random(f"story {branch.slug}"), People(f"customers {branch.slug}"))

    def past(self, state: State, reported_at: datetime) -> Past:
        """One ticket of the past that came as far as `state`."""
        unit, grid, place = self._where()
        code = self.random.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
        estate = self.random.choice(grid.estates)
        customer = people.customer_for_contact(name=self.people.name(), phone=self.people.phone(), address="")
        crew = self.cast.technicians[place.pk]
        worker = self.random.choice(crew)
        others = [one for one in crew if one.pk != worker.pk]
        return Past(
            state=state, type=self.types[code], grid=place, reported_at=reported_at, steps=self._gaps(grid),
            address=f"{unit.name}{estate}{self._door(grid)}", coarse=f"{place.name} · {estate}", name=customer.name,
            phone=customer.phone, customer_id=customer.pk, technician_id=worker.pk, score=self._score(),
            lat=(place.lat or 0) + self.random.uniform(-0.01, 0.01),
            lng=(place.lng or 0) + self.random.uniform(-0.012, 0.012),
            description=self.random.choice(SAYINGS[code]), actors=self._actors(worker.user_id, str(worker)),
            channel=self.random.choices(["wechat_oa", "hotline_96066", "shop"], weights=[5, 3, 2])[0],
            priority=self.random.choices([1, 2, 3], weights=[1, 8, 1])[0],
            helper_id=self.random.choice(others).pk if others and self.random.random() < HELPED.get(code, 0) else None,
            fees=FEES.get(code, ()),
        )  # fmt: skip

    def _where(self) -> tuple[Unit, Grid, OrgUnit]:
        places = self.cast.grids
        weights = [unit.share / len(unit.grids) * (0.4 if grid.area_class == "D" else 1) for unit, grid, _ in places]
        return self.random.choices(places, weights=weights)[0]

    def _door(self, grid: Grid) -> str:
        if grid.area_class in "CD":
            return f" {self.random.randrange(1, 40)} 号"
        r = self.random.randrange
        return f" {r(1, 12)}-{r(1, 5)}-{r(1, 7)}0{r(1, 3)}"

    def _gaps(self, grid: Grid) -> tuple[float, ...]:
        """Minutes from report to grab, to arrival, to the end, to the callback; far away takes longer."""
        far = {"A": 1.0, "B": 1.4, "C": 3.0, "D": 5.0}[grid.area_class]
        draw = self.random.lognormvariate
        return (0.0, min(300, draw(2.0, 0.8)), draw(3.6, 0.6) * far, draw(3.4, 0.5), draw(5.2, 0.8))

    def _score(self) -> int | None:
        return self.random.choices([5, 4, 3, 2, 1, None], weights=[52, 22, 6, 2, 1, 17])[0]

    def _actors(self, user_id: int, name: str) -> dict[str, tuple[str, str]]:
        office = self.cast.office
        return {
            "desk": (f"staff:{office['agent']}", "赵丽"),
            "dispatcher": (f"staff:{office['dispatcher']}", "张敏"),
            "callback": (f"staff:{office['callback']}", "陈霞"),
            "technician": (f"staff:{user_id}", name),
        }


def tell(branch: Branch, cast: Cast, say: Callable[[str], None]) -> int:
    """Write the months and what is still open; returns the number of tickets. Runs in the branch."""
    teller = Teller.of(branch, cast)
    now = clock.now()
    tickets = write_past([*_month(teller, now), *_unfinished(teller, now)])
    for crew in cast.technicians.values():
        for worker in crew[: max(1, len(crew) - 1)]:
            _start_duty(worker.user_id)
    say(f"{branch.name}: {len(tickets)} tickets")
    return len(tickets)


def _month(teller: Teller, now: datetime) -> Iterator[Past]:
    """As drawn, then as fate has it: what came late, failed, was sent back or came again."""
    states = (State.CLOSED, State.CANCELLED, State.VOID)
    drawn = [
        teller.past(teller.random.choices(states, weights=[93, 4, 3])[0], _moment(teller.random, now))
        for _ in range(teller.branch.past_tickets)
    ]
    yield from Fate(teller.branch, now).of_all(drawn)


def _unfinished(teller: Teller, now: datetime) -> Iterator[Past]:
    full = teller.branch.past_tickets > 500
    for state, count in STILL_OPEN:
        for _ in range(count if full else max(1, count // 3)):
            yield teller.past(state, now - timedelta(minutes=teller.random.uniform(400, 900)))


def _moment(random: Random, now: datetime) -> datetime:
    """Mostly between eight and nine in the evening, a little more towards today; since last month's first day."""
    behind = (now - last_month()) / timedelta(days=1)
    day = now - timedelta(days=1 + (behind - 1) * random.random() ** 1.15)
    hour = min(22.5, max(7.0, random.gauss(14.5, 3.6)))
    local = day.astimezone(clock.BUSINESS_ZONE)
    return min(local.replace(hour=int(hour), minute=random.randrange(60)), now - timedelta(hours=20))


def _start_duty(user_id: int) -> None:
    actor = people_reads.actor_for_user(user_id)
    if actor is not None:
        people.set_duty(on_duty=True, by=actor, key=f"demo-duty-{user_id}")
