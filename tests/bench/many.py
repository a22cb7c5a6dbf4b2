"""A branch with 100,000 tickets of a year: what the search is measured against."""

from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection
from django.db.models import F

from apps.people import services as people
from apps.people.models import OrgUnit, Technician
from apps.tickets.models import Ticket, TicketType
from apps.tickets.past import Past, write_past
from apps.tickets.rules.workflow import OPEN, State
from steppe.kernel import clock

SEEDS = 1000  # written with their history; the rest are copies of these rows, spread over the year
DAYS = 365
STATES = (
    (State.CLOSED, 84), (State.VOID, 4), (State.CANCELLED, 3), (State.AWAITING_CALLBACK, 3), (State.POOLED, 2),
    (State.ACCEPTED, 1), (State.IN_PROGRESS, 1), (State.ON_HOLD, 1), (State.ASSIGNED, 1),
)  # fmt: skip
CHANNELS = ("hotline_96066", "hotline_96066", "hotline_96066", "shop", "h5", "wechat_oa", "wechat_oa", "local_line")
ESTATES = ("新华小区", "阳光里", "盛世嘉园", "学府花园", "额尔敦南路", "团结大街", "希日塔拉街", "民族花园", "御景湾")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "芳敏伟娜强磊军洋勇艳杰涛明超秀霞平刚桂华"
# Copies: other people at other doors on other days. Only text and moments differ; a finished ticket stays finished.
COPIES = """
INSERT INTO tickets_ticket ({columns})
SELECT {values} FROM tickets_ticket AS t CROSS JOIN generate_series(1, %(copies)s) AS n
  CROSS JOIN LATERAL (SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id')) AS id, n * 7919 + t.id AS r) AS x
"""
OTHER = {
    "id": "x.id",
    "public_id": "'m' || lpad(x.id::text, 11, '0')",
    "ticket_no": "split_part(t.ticket_no, '-', 1) || '-2026-' || lpad(x.id::text, 6, '0')",
    "contact_phone": "'13' || lpad((x.id * 7654321 %% 1000000000)::text, 9, '0')",
    "contact_name": "substr(%(surnames)s, (x.r %% 20)::int + 1, 1) || substr(%(given)s, (x.r / 20 %% 20)::int + 1, 1)",
    "account_no": "lpad((x.id * 31337 %% 10000000000)::text, 12, '0')",
    "address": "t.coarse_address || ' ' || x.r %% 60 + 1 || '-' || x.r %% 6 + 1 || '-' || x.r %% 17 + 1 || '02'",
}


def fill(tickets: int) -> None:
    """Write them into the branch we stand in."""
    _people()
    write_past(_seeds())
    _some_are_late_or_elsewhere()
    moved = {name: f"t.{name} - make_interval(secs => x.r %% 997 * 31)" for name in _moments()}
    columns = [field.column for field in Ticket._meta.concrete_fields]
    values = [(OTHER | moved).get(name, f"t.{name}") for name in columns]
    statement = COPIES.format(columns=", ".join(columns), values=", ".join(values))
    with connection.cursor() as cursor:
        given = {"copies": tickets // SEEDS - 1, "surnames": SURNAMES, "given": GIVEN}
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement, given)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def _some_are_late_or_elsewhere() -> None:
    """What no past tells by itself: some of the running ones are late now, every twentieth is with a department."""
    late = Ticket.objects.filter(status__in=OPEN, id__in=Ticket.objects.annotate(r=F("id") % 4).filter(r=0))
    late.update(overdue_clocks=["resolve"], was_overdue=True)
    departments = list(OrgUnit.objects.filter(kind="department").order_by("id"))
    for number, unit in enumerate(departments):
        there = Ticket.objects.annotate(r=F("id") % 60).filter(r=number)
        there.update(department=unit)


def _moments() -> list[str]:
    return [field.column for field in Ticket._meta.concrete_fields if field.column.endswith("_at")]


def _people() -> None:
    """Two sub-branches with six grids and three departments; the crew is spread over the grids."""
    root, above = OrgUnit.objects.get(kind="branch"), OrgUnit.objects.get(code="u")
    for name in ("工程部", "运维部", "客服部"):
        people.add_org_unit(kind="department", code=f"d-{name}", name=name, parent=root)
    other = people.add_org_unit(kind="sub_branch", code="v", name="阿巴嘎旗", parent=root)
    grids = [
        people.add_org_unit(kind="grid", code=f"g{number}", name=f"网格{number}", parent=(above, other)[number % 2],
                            lat=43.9 + number / 50, lng=116.0)
        for number in range(6)
    ]  # fmt: skip
    for number, one in enumerate(Technician.objects.order_by("id")):
        Technician.objects.filter(id=one.pk).update(org_unit=grids[number % 6])


def _seeds() -> "list[Past]":
    random, kinds = Random(2), list(TicketType.objects.order_by("id"))
    grids = list(OrgUnit.objects.filter(code__regex=r"^g\d$").order_by("id"))
    crew = list(Technician.objects.order_by("id").values_list("id", flat=True))
    states = [state for state, share in STATES for _ in range(share * SEEDS // 100)]
    random.shuffle(states)
    return [_past(random, kinds, grids, crew, number, state) for number, state in enumerate(states)]


def _past(random: Random, kinds: Any, grids: Any, crew: Any, number: int, state: State) -> Past:
    estate, done = random.choice(ESTATES), state in (State.CLOSED, State.VOID, State.CANCELLED)
    actors = dict.fromkeys(("desk", "dispatcher", "callback", "technician"), ("staff:1", "张敏"))
    return Past(
        state=state, type=random.choice(kinds), grid=random.choice(grids),
        reported_at=clock.now() - timedelta(days=DAYS * number / SEEDS if done else random.uniform(0, 5)),
        steps=(0.0, *(random.uniform(5, 600) for _ in range(4))), address=f"锡林浩特市{estate} {number}",
        coarse=f"锡林浩特市{estate}", phone=f"138{number:08d}", lat=43.9 + random.uniform(-0.1, 0.1), lng=116.1,
        actors=actors, name=random.choice(SURNAMES) + random.choice(GIVEN), channel=random.choice(CHANNELS),
        priority=random.choice((1, 2, 2, 2, 2, 3)), technician_id=random.choice(crew), score=random.choice((3, 4, 5)),
        description="LOS 红灯",
    )  # fmt: skip
