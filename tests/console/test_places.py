"""管理 in the top bar: what waits there is seen from every page, by who can do something about it."""

from datetime import timedelta

import pytest

from apps.wechat import services as wechat
from steppe.kernel import clock
from steppe.ui import badges
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import client_at
from tests.queries import asking

BADGE = '<span class="badge">1</span>'


@pytest.fixture
def troubled(lotus_db: Branch) -> Branch:
    """Lotus's account is silenced for ten minutes."""
    account = wechat.connect_account(**wechat.demo_account("lotus", "莲花"))
    type(account).objects.update(trouble="40125 invalid appsecret", paused_until=clock.now() + timedelta(minutes=10))
    return lotus_db


def test_an_account_in_trouble_is_a_badge_on_every_page_and_the_bar_leads_to_it(troubled: Branch) -> None:
    client = client_at(troubled, troubled.bai)
    for page in ("/console/", "/console/search/", "/console/settings/"):
        shown = client.get(page).content.decode()
        assert BADGE in shown and 'href="/console/wechat/"' in shown
    inner = client.get("/console/settings/").content.decode().partition("inner-nav")[2].partition("</nav>")[0]
    assert '<span class="badge badge-loud">1</span>' in inner


def test_who_cannot_mend_it_sees_no_badge_and_neither_does_the_other_branch(troubled: Branch, maple: Branch) -> None:
    assert BADGE not in client_at(troubled, troubled.lin).get("/console/").content.decode()
    assert BADGE not in client_at(maple, maple.bai).get("/console/").content.decode()
    assert badges.waiting("wechat:guide") == 1 and badges.waiting("console:settings") == 0
    with in_branch(maple.tenant):
        assert badges.waiting("wechat:guide") == 0


def test_without_trouble_the_bar_leads_where_it_always_did(lotus_db: Branch) -> None:
    page = client_at(lotus_db, lotus_db.bai).get("/console/").content.decode()
    assert BADGE not in page and 'href="/console/handovers/"' in page and 'href="/console/wechat/"' not in page


def test_the_badge_is_one_query(troubled: Branch) -> None:
    with asking(1):
        badges.waiting("wechat:guide")
