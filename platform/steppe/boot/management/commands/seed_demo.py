"""manage.py seed_demo: headquarters and three branches with two months behind them. A second run changes nothing."""

import json
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.headquarters.services import rebuild, rebuild_facts
from apps.headquarters.services.months import compare as count_months
from apps.headquarters.services.types import look_at_types
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets.selectors import tab_counts
from apps.wechat import demo as wechat_demo
from apps.wechat import services as wechat
from apps.wechat.gateway import sharing
from apps.wechat.services import channels as wechat_channels
from steppe.boot.demo import books, live, places, staff, stock, story, worked
from steppe.boot.settings import env
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.journal import stream
from tenants.context import in_branch, in_public
from tenants.models import Status, Tenant
from tenants.services import create_branch, ensure_headquarters

# Short clocks, so that a visitor sees one run out while looking on.
ACCEPT_MINUTES = env.number("STEPPE_DEMO_ACCEPT_MINUTES", 4)
POLICY = {
    "accept_minutes": ACCEPT_MINUTES, "accept_minutes_far": 2 * ACCEPT_MINUTES, "confirm_minutes": 3,
    "service": [0, 1440],
}  # fmt: skip
SHARING = ("HL", "OR")  # who is to use headquarters' service account


class Command(BaseCommand):
    help = "Fill an empty installation with the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--branch", help="fill this one, which is open already; how the whole starts its parts")

    def handle(self, *args: Any, branch: str | None = None, **options: Any) -> None:
        if branch:
            self._fill(next(one for one in places.BRANCHES if one.code == branch))
            return
        keeper_id = self._headquarters()
        beside_each_other([one.code for one in places.BRANCHES if self._is_to_fill(one)])
        with in_public():
            share_an_account(keeper_id)
        self._write_signins()

    def _headquarters(self) -> int:
        ensure_headquarters()
        encoded = make_password(staff.PASSWORD)
        with in_public():
            people.add_user(username="hq", name="总部 周航", encoded=encoded, grants=[("hq_viewer", "/")])
            keeper = people.add_user(username="hqadmin", name="总部 吴桐", encoded=encoded, grants=[("hq_admin", "/")])
        self._say("Headquarters")
        return int(keeper.pk)

    def _is_to_fill(self, branch: places.Branch) -> bool:
        tenant = Tenant.objects.filter(code=branch.code, status=Status.ACTIVE).first()
        if tenant is not None and _told(tenant):
            self._say(f"{branch.name}: already there")
            return False
        if tenant is None:
            seat = [branch.units[0].lat, branch.units[0].lng]
            names = {name: getattr(branch, name) for name in ("code", "slug", "name", "name_en")}
            create_branch(**names, policy=POLICY | {"seat": seat})
        return True

    def _fill(self, branch: places.Branch) -> None:
        started = time.monotonic()
        tenant = Tenant.objects.get(code=branch.code)
        with in_branch(tenant):
            cast = staff.hire(branch)
            wechat_people(branch, cast)
            with clock.frozen(worked.last_month()):
                stock.stock_up(cast)
            worked.mend_with_goods(branch.slug, cast)
            worked.write_duty(cast)
            story.tell(branch, cast, self._say)
            books.set_bases(cast)
            stream.pass_over()
            live.fill_pool(branch, cast)
        rebuild(tenant)
        rebuild_facts(tenant)
        count_months(tenant)
        look_at_types(tenant)
        self._say(f"{branch.name}: ready after {time.monotonic() - started:.1f} s")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _write_signins(self) -> None:
        """Who can sign in where, for the table that `make up` prints."""
        rows = [
            _row("总部 Headquarters", "hq", "headquarters", "hq", "各分公司并列"),
            _row("总部 Headquarters", "hq", "headquarters", "hqadmin", "共享服务号"),
        ]
        for branch in places.BRANCHES:
            rows += [
                _row(branch.name, branch.slug, role, username, note)
                for role, username, note in (
                    ("dispatcher", "dispatcher", "调度台"), ("clerk", "clerk", "建单"),
                    ("callback_agent", "callback", "回访台"), ("technician", "tech01", "抢单"),
                    ("branch_admin", "admin", "管理"),
                )
            ]  # fmt: skip
        folder = settings.DATA_DIR / "run"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "signins.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1))


def beside_each_other(codes: list[str]) -> None:
    """Each branch by a process of its own: they have nothing in common, and one after the other only one core works.

    Raises CommandError when one fails; the others are finished first, and the next run does what is left.
    """
    command = [sys.executable, *sys.argv[:1], "seed_demo", "--branch"]
    started = [subprocess.Popen([*command, code]) for code in codes]  # noqa: S603  (ourselves, and codes of ours)
    if sum(process.wait() != 0 for process in started):
        raise CommandError("a branch of the demo could not be filled; what went wrong stands above")


def wechat_people(branch: places.Branch, cast: staff.Cast) -> None:
    """The branch's (sandbox) service account, with its technicians bound to it."""
    account = wechat.connect_account(**wechat.demo_account(branch.slug, branch.name))
    wechat_channels.connect_notices(account, wechat_demo.demo_notices(branch.slug))
    wechat_channels.connect_sms(**wechat_demo.demo_sms(branch.slug))
    wechat_channels.connect_wecom(**wechat_demo.demo_wecom(branch.slug))
    crews = [worker for crew in cast.technicians.values() for worker in crew]
    wechat_channels.link_members({worker.user_id: f"{branch.slug}{worker.user_id:04d}" for worker in crews})
    for crew in cast.technicians.values():
        for worker in crew:
            wechat.bind_at_once(account=account, user_id=worker.user_id, openid=f"o-{branch.slug}-{worker.user_id:04d}")


def share_an_account(keeper_id: int) -> None:
    """Headquarters' account for two branches, which use their own as long as they have one. Once."""
    keeper = people_reads.actor_for_user(keeper_id)
    if keeper is None or sharing.accounts(keeper):
        return
    told = wechat_demo.demo_account("headquarters", "内蒙古广电")
    templates = told.pop("templates")
    made = sharing.share_account(**told, by=keeper, key="demo-shared").entity_id
    members = [Tenant.objects.get(code=code).pk for code in SHARING]
    sharing.choose_members(account_id=made, tenant_ids=members, by=keeper, key="demo-shared-members")
    sharing.keep_templates(account_id=made, told=templates, by=keeper, key="demo-shared-templates")


def _told(tenant: Tenant) -> bool:
    """The story is written in one transaction: more than the few tickets with goods means all of them."""
    with in_branch(tenant):
        return sum(tab_counts(SYSTEM).values()) > 2 * stock.VANS


def _row(site: str, slug: str, role: str, username: str, note: str) -> dict[str, str]:
    url = f"{settings.STEPPE_SCHEME}://{slug}.{settings.STEPPE_BASE_DOMAIN}:{settings.STEPPE_WEB_PORT}/"
    return {
        "site": site,
        "url": url,
        "role": role,
        "username": username,
        "password": staff.PASSWORD,
        "note": note,
    }
