"""送达记录: cards by state, way, reason and day; for one ticket who got what when; only within the reader's reach."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.wechat.deliveries import PAGE as ROWS
from apps.wechat.models import PushOutbox
from steppe.kernel import clock
from tenants.context import in_branch
from tests.make import PHONE, actor, client_at, make_ticket
from tests.wechat import stand, ways

PAGE = "/console/wechat/deliveries/"


@pytest.fixture
def lin_at(office, lotus_db):
    return client_at(lotus_db, actor("lin"))


def rows(client, query=""):
    found = client.get(f"{PAGE}{query}")
    assert found.status_code == 200
    return found.context["rows"]


@pytest.fixture
def some(office, wx):
    """Wu refused by WeChat and reached by WeCom; Bo reached by WeChat."""
    ways.open_wecom(wx, "wu")
    ways.introduce_people(wx, office.account)
    wx.spoil("template/send", {"errcode": 43101}, openid=office.openids["wu"])
    ticket = make_ticket()
    stand.relay()
    ways.work(0, 1)
    return ticket


def test_one_ticket_shows_who_got_what_when_and_instead_of_what(lin_at, some):
    found = [(one["to"], one["row"].channel, one["row"].status) for one in rows(lin_at, f"?ticket={some.public_id}")]
    assert sorted(found) == sorted([
        (actor("wu").name, "wx_template", "blocked"), (actor("bo").name, "wx_template", "accepted"),
        (actor("wu").name, "wecom", "delivered"),
    ])  # fmt: skip
    page = lin_at.get(f"{PAGE}?ticket={some.public_id}").content.decode()
    assert some.ticket_no in page and PHONE not in page and some.contact_name not in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3), ("?status=blocked", 1), ("?channel=wecom", 1), ("?reason=template_refused", 1),
        ("?status=delivered&channel=wx_template", 0), ("?day=2001-01-01", 0), ("?status=nonsense", 3),
        ("?day=nonsense", 3), ("?before=x", 3), ("?channel=' OR 1=1", 0),
    ],
)  # fmt: skip
def test_each_filter_narrows_and_nonsense_does_not_hurt(lin_at, some, query, count):
    assert len(rows(lin_at, query)) == count


def test_the_tabs_count_the_states_of_the_filter_and_the_day(lin_at, some):
    tabs = {str(one["word"]): one["n"] for one in lin_at.get(f"{PAGE}?status=blocked").context["tabs"]}
    assert sorted(tabs.values()) == [1, 1, 1, 3]
    with clock.frozen(clock.now() + ways.timedelta(days=1)):
        assert rows(lin_at) == []


def test_more_than_a_page_goes_on_where_it_stopped(lin_at, some):
    one = PushOutbox.objects.first()
    for number in range(ROWS):
        one.pk, one.public_id, one.client_msg_id, one.round = None, f"x{number}", f"x{number}", 100 + number
        one.instead_of = None
        one.save()
    first = lin_at.get(PAGE)
    second = lin_at.get(PAGE + first.context["more"])
    seen = [row["row"].pk for page in (first, second) for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == ROWS + 3 and second.context["more"] == ""


def test_it_takes_as_many_queries_for_many_rows_as_for_few(lin_at, some):
    rows(lin_at)
    with CaptureQueriesContext(connection) as few:
        rows(lin_at)
    for _ in range(5):
        make_ticket()
    stand.relay()
    with CaptureQueriesContext(connection) as many:
        rows(lin_at)
    assert len(many) == len(few)


def test_a_dispatcher_of_another_place_sees_none_of_it_and_the_administrator_all(some, lotus_db):
    seen = {who: len(rows(client_at(lotus_db, actor(who)))) for who in ("lin", "gao", "bai")}
    assert seen == {"lin": 3, "gao": 0, "bai": 3}


@pytest.mark.parametrize("who", ["cai", "hui", "wu", "ku"])
def test_nobody_else_comes_in(lotus_db, who):
    assert client_at(lotus_db, actor(who)).get(PAGE).status_code == 403


def test_the_other_branch_sees_nothing(some, maple):
    with in_branch(maple.tenant):
        assert rows(client_at(maple, actor("lin")), f"?ticket={some.public_id}") == []
