"""Pages of figures in English are English. Chinese is left to names that people gave, and nobody here gave any."""

import re

import pytest

from apps.headquarters.rules.kpis import KPIS
from apps.headquarters.services import converge, rebuild
from apps.headquarters.services.facts_check import rebuild_facts
from apps.headquarters.services.months import recount
from apps.headquarters.services.types import look_at_types
from steppe.kernel import clock
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import client_at, make_ticket

CHINESE = re.compile(r"[㐀-鿿，。：；！？（）“”、]*[㐀-鿿]+[^<>\"]*")
OWN_NAME = re.compile(r'<button class="menu-item"[^>]*lang="zh-hans".*?</button>', re.DOTALL)
HEADQUARTERS = (
    "", "?rank=csat", "branches/LO/", "kpi/", *(f"kpi/{code}/" for code in KPIS), "kpi/csat/?by=channel",
    "kpi/on_time_rate/?mix=1", "kpi/csat/?by=day", "kpi/csat/?branch=LO", "kpi/ticket_volume/tickets/",
    "kpi/csat/tickets/?side=denominator", "money/", "money/?branch=LO", "stock/", "stock/?branch=LO", "templates/",
    "audit/?branch=LO", "handovers/", "settlement/?branch=lotus", "connect/",
)  # fmt: skip
REPORTS = ("", "figures/", "kpi/load_gini/", "kpi/csat/?by=department", "kpi/ticket_volume/tickets/", "work/")


def chinese(page: str) -> set[str]:
    """What is left in Chinese, in words and in attributes."""
    body = re.sub(r"<!--.*?-->|<script.*?</script>", "", OWN_NAME.sub("", page), flags=re.DOTALL)
    return set(CHINESE.findall(body))


@pytest.fixture
def counted(lotus_db: Branch, maple: Branch) -> None:
    """Tickets in some states in both branches, counted."""
    for branch in (lotus_db, maple):
        with in_branch(branch.tenant):
            for status in ("pooled", "accepted", "on_hold", "closed", "void"):
                make_ticket(status=status, address="Birch 1", description="dark", contact_name="Mei")
        rebuild(branch.tenant)
        rebuild_facts(branch.tenant)
        converge(branch.tenant)
        recount(branch.tenant, months=[clock.today()[:7]])
        look_at_types(branch.tenant)


def test_headquarters_pages_are_english(counted: None, headquarters: Branch) -> None:
    keeper = client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")
    left = {}
    for path in HEADQUARTERS:
        page = keeper.get(f"/hq/{path}")
        assert page.status_code == 200, path
        left[path] = chinese(page.content.decode())
    assert not {path: found for path, found in left.items() if found}


def test_a_branchs_reports_are_english(counted: None, lotus_db: Branch) -> None:
    bai = client_at(lotus_db, lotus_db.bai, HTTP_ACCEPT_LANGUAGE="en")
    left = {path: chinese(bai.get(f"/console/reports/{path}").content.decode()) for path in REPORTS}
    assert not {path: found for path, found in left.items() if found}


def test_what_is_left_in_chinese_is_seen() -> None:
    own = '<button class="menu-item" lang="zh-hans">中文</button>'
    assert chinese(f'<a title="报表">x</a> <b>工单</b><!-- 无 -->{own}') == {"报表", "工单"}
