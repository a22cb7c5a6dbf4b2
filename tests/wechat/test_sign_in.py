"""Signing in by WeChat: staff are staff, others customers; no state of anybody else, no page of anybody else."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from apps.people import services as people
from apps.people.middleware import actor_of_session
from apps.people.models import Customer
from apps.wechat.models import CustomerIdentity
from tenants.context import in_branch
from tests.make import client_at
from tests.wechat import stand

PAGE = "/w/pool"


@pytest.fixture
def phone(office, lotus):
    """A browser in WeChat at Lotus's site."""
    return client_at(lotus)


def start(phone, page=PAGE):
    answer = phone.get("/wx/auth/start", {"next": page})
    assert answer.status_code == 302
    return answer["Location"]


def at_wechat(wx, url, user="lotus-wu", **more):
    """What WeChat does with the browser of this person: the address it sends it back to."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    url = url.split("#")[0] + query
    answer = httpx.get(url, cookies={"sandbox_user": user}, trust_env=False)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == "/wx/auth/done"
    return f"{back.path}?{back.query}"


def visit(phone, wx, user="lotus-wu", page=PAGE):
    return phone.get(at_wechat(wx, start(phone, page), user))


def who(phone, lotus):
    return actor_of_session(phone.session, str(lotus.tenant.uuid))


def test_a_bound_technician_is_signed_in_without_a_password(phone, wx, lotus, wu):
    answer = visit(phone, wx)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert who(phone, lotus).ref == wu.ref
    assert who(phone, lotus).technician_id == wu.technician_id


def test_the_address_at_wechat_is_in_its_order_and_carries_nothing_of_ours(phone):
    url = start(phone, "/w/t/abc?m=1")
    assert url.endswith("#wechat_redirect")
    names = [pair.split("=")[0] for pair in urlsplit(url).query.split("&")]
    assert names == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert "abc" not in url
    state = parse_qs(urlsplit(url).query)["state"][0]
    assert len(state) == 32
    assert state.isalnum()


def test_a_stranger_becomes_a_customer_once(phone, wx, lotus):
    before = Customer.objects.count()
    for _ in range(2):
        assert visit(phone, wx, "lotus-visitor1", "/h5/report").status_code == 302
    assert who(phone, lotus).kind == "customer"
    assert Customer.objects.count() == before + 1
    assert CustomerIdentity.objects.count() == 1


def test_a_person_switched_off_is_no_staff_any_more(phone, wx, lotus, wu):
    people.set_active(user_id=wu.id, active=False)
    visit(phone, wx)
    assert who(phone, lotus).kind == "customer"


def test_a_snapshot_visitor_gets_no_session_and_reads_why(phone, wx, lotus):
    answer = phone.get(at_wechat(wx, start(phone), snapshot="1"), headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert answer["X-Refusal"] == "wechat.snapshot"
    assert who(phone, lotus).kind == "anonymous"


def test_the_back_button_leads_on_and_asks_nobody(phone, wx):
    back = at_wechat(wx, start(phone))
    assert phone.get(back).status_code == 302
    assert phone.get(back)["Location"] == PAGE
    assert len(wx.calls("/sns/oauth2/access_token")) == 1


def test_a_link_of_somebody_elses_browser_signs_nobody_in(phone, wx, lotus):
    back = at_wechat(wx, start(phone))
    victim = client_at(lotus)
    start(victim)
    assert victim.get(back).status_code == 403
    assert who(victim, lotus).kind == "anonymous"
    assert len(wx.calls("/sns/oauth2/access_token")) == 0


def test_a_state_of_one_branch_is_nothing_in_the_other(phone, wx, maple):
    back = at_wechat(wx, start(phone))
    with in_branch(maple.tenant):
        stand.open_account(wx)
        answer = client_at(maple).get(back)
        assert answer.status_code == 403


def test_a_spent_code_is_replaced_once(phone, wx, lotus):
    wx.spoil("sns/oauth2/access_token", {"errcode": 40163}, times=None)
    again = phone.get(at_wechat(wx, start(phone)))
    assert again["Location"].endswith("#wechat_redirect")
    assert phone.get(at_wechat(wx, again["Location"])).status_code == 403
    assert who(phone, lotus).kind == "anonymous"


def test_a_spent_code_does_not_disturb_who_is_signed_in(phone, wx):
    visit(phone, wx)
    wx.spoil("sns/oauth2/access_token", {"errcode": 40163})
    answer = phone.get(at_wechat(wx, start(phone, "/w/mine")))
    assert answer["Location"] == "/w/mine"


@pytest.mark.parametrize("action", [{"http": 500}, {"errcode": 40125}, {"html": True}])
def test_wechat_being_away_is_said_in_a_sentence(phone, wx, lotus, action):
    wx.spoil("sns/oauth2/access_token", action)
    answer = phone.get(at_wechat(wx, start(phone)))
    assert answer.status_code == 503
    assert answer["X-Refusal"] == "wechat.away"
    assert who(phone, lotus).kind == "anonymous"


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "", "w/pool"]
)
def test_only_pages_of_this_site_are_returned_to(phone, wx, page):
    assert visit(phone, wx, page=page)["Location"] == "/h5/mine"


def test_a_branch_without_an_account_says_so(lotus_db, lotus):
    answer = client_at(lotus).get("/wx/auth/start", {"next": PAGE})
    assert answer.status_code == 404
    assert answer["X-Refusal"] == "wechat.no_account"


def test_two_tabs_may_sign_in_at_once(phone, wx):
    first, second = start(phone, "/w/pool"), start(phone, "/w/mine")
    assert phone.get(at_wechat(wx, second))["Location"] == "/w/mine"
    assert phone.get(at_wechat(wx, first))["Location"] == "/w/pool"
