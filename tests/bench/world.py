"""What is measured against: a branch with 200 technicians on duty and 10,000 tickets in the pool."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection

from apps.people import roles as r
from apps.people import services as people
from apps.people.accounts.models import User
from apps.people.middleware import BRANCH_KEY
from apps.people.models import Technician
from apps.tickets.models import TicketType
from apps.tickets.past import Past, write_past
from apps.tickets.rules.workflow import State
from steppe.kernel import clock
from tenants.context import in_branch
from tenants.models import Tenant
from tenants.services import create_branch, ensure_headquarters
from tests.bench.sizes import POOLED, TECHNICIANS

ESTATES = ("新华小区", "阳光里", "盛世嘉园", "学府花园")


@dataclass(frozen=True)
class World:
    """The branch, signed-in headers of its people, and the pool's public ids."""

    tenant: Tenant
    desk: dict[str, str]
    technicians: list[dict[str, str]]
    pool: list[str]

    @property
    def host(self) -> str:
        return f"{self.tenant.slug}.{settings.STEPPE_BASE_DOMAIN}:{settings.STEPPE_WEB_PORT}"


def build(slug: str = "bench", pooled: int = POOLED) -> World:
    """Make it in the database the environment names."""
    call_command("migrate_schemas", "--shared", verbosity=0)
    ensure_headquarters()
    policy = {"accept_minutes": 10_000, "accept_minutes_far": 10_000, "service": [0, 1440]}  # nothing runs out
    tenant = create_branch(code=slug[:6].upper(), slug=slug, name=f"{slug} 分公司", policy=policy)
    with in_branch(tenant):
        made = _fill(tenant, pooled)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # or autovacuum's work would fall into somebody's measurement
        return made


def _fill(tenant: Tenant, pooled: int) -> World:
    root = people.add_org_unit(kind="branch", code="root", name="分公司")
    unit = people.add_org_unit(kind="sub_branch", code="u", name="锡林浩特市", parent=root)
    grid = people.add_org_unit(kind="grid", code="g", name="杭盖网格", parent=unit, lat=43.93, lng=116.09)
    encoded, random = make_password(secrets.token_urlsafe(12)), Random(1)
    desk = people.add_user(username="desk", name="张敏", encoded=encoded, grants=[(r.DISPATCHER, root.path)])
    crew = []
    for number in range(TECHNICIANS):
        user = people.add_user(
            username=f"t{number}", name=f"师傅{number}", encoded=encoded, grants=[(r.TECHNICIAN, unit.path)]
        )
        people.add_technician(
            user=user, org_unit=grid, skills=["broadband", "tv"], cap=30_000,
            lat=43.93 + random.uniform(-0.1, 0.1), lng=116.09 + random.uniform(-0.1, 0.1),
        )  # fmt: skip
        crew.append(user)
    Technician.objects.update(on_duty=True)
    pool = _pool(grid, desk, pooled, random)
    return World(tenant, _headers(tenant, desk), [_headers(tenant, user) for user in crew], pool)


def _pool(grid: Any, desk: User, count: int, random: Random) -> list[str]:
    kind, now = TicketType.objects.get(code="fault_bb"), clock.now()
    actors = dict.fromkeys(("desk", "dispatcher", "callback", "technician"), (f"staff:{desk.pk}", "张敏"))
    pasts = (
        Past(
            state=State.POOLED, type=kind, grid=grid, reported_at=now - timedelta(seconds=count - number), steps=(0.0,),
            address=f"锡林浩特市{random.choice(ESTATES)} {number}", coarse="杭盖网格 · 新华小区", phone="12600000001",
            lat=43.93 + random.uniform(-0.1, 0.1), lng=116.09 + random.uniform(-0.1, 0.1), actors=actors,
            description="LOS 红灯",
        )
        for number in range(count)
    )  # fmt: skip
    return [ticket.public_id for ticket in write_past(pasts)]


def _headers(tenant: Tenant, user: User) -> dict[str, str]:
    """A session as the sign-in page would leave it, and a CSRF pair."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BRANCH_KEY] = str(tenant.uuid)
    session.save()
    token = secrets.token_hex(16)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    return {"Cookie": cookie, "X-CSRFToken": token}
