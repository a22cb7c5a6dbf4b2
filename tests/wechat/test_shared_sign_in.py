"""Two branches share an account: WeChat sends everybody to the central host, which hands over to one branch, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from apps.wechat.gateway import visits
from apps.wechat.gateway.models import SharedPerson, SignInVisit
from apps.wechat.models import CustomerIdentity, WxAccount
from apps.wechat.services import bind_at_once
from steppe.kernel import clock
from tenants.context import in_branch
from tenants.services import suspend_branch
from tests.make import client_at
from tests.wechat import stand
from tests.wechat.family import AUTH, PAGE, ZHAO, Family, arrive, at_wechat, family, handed, made, start, who

__all__ = ["family"]


def identities(branch):
    with in_branch(branch.tenant):
        return list(CustomerIdentity.objects.values_list("openid", "customer_id"))


def refused(answer):
    assert answer.status_code == 403
    assert answer["X-Refusal"] == "wechat.sign_in_lost"
    return answer.content.decode()


def test_the_same_person_has_a_session_and_a_customer_at_each_branch(family, wx, lotus, maple):
    at_lotus, at_maple = client_at(lotus), client_at(maple)
    assert arrive(at_lotus, wx)["Location"] == PAGE
    assert arrive(at_maple, wx, page="/h5/mine")["Location"] == "/h5/mine"
    assert [openid for openid, _ in identities(lotus)] == [openid for openid, _ in identities(maple)] == [ZHAO]
    assert who(at_lotus, lotus).kind == who(at_maple, maple).kind == "customer"
    at_maple.cookies["sessionid"] = at_lotus.cookies["sessionid"].value
    assert who(at_maple, maple).kind == "anonymous"


def test_wechat_knows_the_central_host_only_and_learns_nothing_of_ours(family, lotus):
    url = start(client_at(lotus), "/w/t/abc?m=1")
    asked = parse_qs(urlsplit(url).query)
    assert asked["redirect_uri"] == ["http://auth.localhost:8000/wx/auth/back"]
    assert asked["appid"] == [family.account.appid]
    assert len(asked["state"][0]) == 32
    assert asked["state"][0].isalnum()
    assert "abc" not in url


def test_only_sums_of_state_nonce_and_ticket_are_kept(family, wx, lotus):
    phone = client_at(lotus)
    back = at_wechat(wx, start(phone))
    _host, path = handed(back)
    with in_branch(lotus.tenant):
        nonce = next(iter(phone.session["wx_left"]))
    state = parse_qs(urlsplit(back).query)["state"][0]
    kept = str(SignInVisit.objects.values().get())
    for secret in (nonce, state, path.split("t=")[1]):
        assert secret not in kept


def test_a_bound_technician_is_signed_in_as_staff(family, wx, lotus, maple, wu):
    with in_branch(lotus.tenant):
        bind_at_once(account=WxAccount.objects.get(shared=True), user_id=wu.id, openid=ZHAO)
    at_lotus, at_maple = client_at(lotus), client_at(maple)
    arrive(at_maple, wx)
    arrive(at_lotus, wx)
    assert who(at_lotus, lotus).ref == wu.ref
    assert who(at_maple, maple).kind == "customer"
    assert SharedPerson.objects.get().by == "binding"


def test_the_session_gets_a_fresh_key(family, wx, lotus):
    phone = client_at(lotus)
    start(phone)
    before = phone.session.session_key
    arrive(phone, wx)
    assert phone.session.session_key != before


def test_a_ticket_is_worth_nothing_at_the_other_branch(family, wx, lotus, maple):
    phone = client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    stranger = client_at(maple)
    start(stranger)
    refused(stranger.get(path))
    assert who(stranger, maple).kind == "anonymous"
    assert identities(maple) == []
    assert phone.get(path)["Location"] == PAGE  # nothing was used up


def test_a_ticket_is_good_once(family, wx, lotus):
    phone = client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    assert phone.get(path)["Location"] == PAGE
    phone.post("/sign-out/")
    refused(phone.get(path))
    assert who(phone, lotus).kind == "anonymous"


def test_the_back_button_leads_on_and_signs_nobody_in_again(family, wx, lotus):
    phone = client_at(lotus)
    back = at_wechat(wx, start(phone))
    _host, path = handed(back)
    phone.get(path)
    session = phone.session.session_key
    assert phone.get(path)["Location"] == PAGE
    assert handed(back)[1] == path
    assert phone.get(path)["Location"] == PAGE
    assert phone.session.session_key == session
    assert len(wx.calls("/sns/oauth2/access_token")) == 1


def test_a_ticket_is_good_for_a_minute(family, wx, lotus):
    phone = client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        refused(phone.get(path))
    assert identities(lotus) == []


def test_a_ticket_is_worth_nothing_in_another_browser(family, wx, lotus):
    """Also in one that has begun a sign-in itself: its nonce is another one."""
    phone, victim, bystander = client_at(lotus), client_at(lotus), client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    start(victim)
    refused(victim.get(path))
    refused(bystander.get(path))
    assert who(victim, lotus).kind == who(bystander, lotus).kind == "anonymous"
    assert identities(lotus) == []
    assert phone.get(path)["Location"] == PAGE


@pytest.mark.parametrize("ticket", ["", "0" * 64, "t" * 2000, "签"])
def test_a_ticket_that_is_none_is_refused(family, lotus, ticket):
    phone = client_at(lotus)
    start(phone)
    refused(phone.get("/wx/auth/finish", {"t": ticket}))


def test_every_refusal_is_the_same_sentence(family, wx, lotus, maple):
    phone = client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    pages = [refused(client_at(branch).get(one)) for branch in (lotus, maple) for one in (path, "/wx/auth/finish?t=0")]
    assert len({page.split("<h1>")[1].split("</h1>")[0] for page in pages}) == 1


def test_a_state_of_nobody_a_late_one_and_none_are_refused_at_the_central_host(family, wx, lotus):
    back = at_wechat(wx, start(client_at(lotus)))
    for wrong in ("/wx/auth/back", "/wx/auth/back?code=a&state=" + "a" * 32, "/wx/auth/back?code=a&state="):
        refused(client_at(AUTH).get(wrong))
    with clock.frozen(clock.now() + visits.LIFE + timedelta(seconds=1)):
        refused(client_at(AUTH).get(back))
    assert len(wx.calls("/sns/oauth2/access_token")) == 0


def test_who_came_back_first_stays_who_it_was(family, wx, lotus):
    """Somebody else's code beside the same state changes nothing."""
    phone = client_at(lotus)
    url = start(phone)
    mine, others = at_wechat(wx, url, "zhao"), at_wechat(wx, url, "qian")
    path = handed(mine)[1]
    assert handed(others)[1] == path
    phone.get(path)
    assert [openid for openid, _ in identities(lotus)] == [ZHAO]


def test_another_persons_openid_stays_apart(family, wx, lotus):
    for user in ("zhao", "qian"):
        arrive(client_at(lotus), wx, user)
    known = identities(lotus)
    assert [openid for openid, _ in known] == [ZHAO, "o-family-qian"]
    assert len({customer for _, customer in known}) == 2


def test_a_snapshot_visitor_reads_why_and_may_come_again(family, wx, lotus):
    phone = client_at(lotus)
    url = start(phone)
    answer = client_at(AUTH).get(at_wechat(wx, url, snapshot="1"), headers={"Accept-Language": "en"})
    assert (answer.status_code, answer["X-Refusal"]) == (403, "wechat.snapshot")
    assert "hides who you are" in answer.content.decode()
    assert SignInVisit.objects.get().openid == ""
    assert phone.get(handed(at_wechat(wx, url))[1])["Location"] == PAGE


@pytest.mark.parametrize("errcode", [40163, 40029])
def test_a_spent_code_is_replaced_once(family, wx, lotus, errcode):
    phone = client_at(lotus)
    wx.spoil("sns/oauth2/access_token", {"errcode": errcode}, times=2)
    again = client_at(AUTH).get(at_wechat(wx, start(phone)))
    assert again["Location"].endswith("#wechat_redirect")
    refused(client_at(AUTH).get(at_wechat(wx, again["Location"])))


def test_after_a_spent_code_the_second_one_leads_home(family, wx, lotus):
    phone = client_at(lotus)
    wx.spoil("sns/oauth2/access_token", {"errcode": 40163})
    again = client_at(AUTH).get(at_wechat(wx, start(phone)))
    assert phone.get(handed(at_wechat(wx, again["Location"]))[1])["Location"] == PAGE


@pytest.mark.parametrize("action", [{"http": 500}, {"errcode": 40125}, {"html": True}])
def test_wechat_being_away_is_said_in_a_sentence_and_a_reload_helps(family, wx, lotus, action):
    phone = client_at(lotus)
    wx.spoil("sns/oauth2/access_token", action)
    back = at_wechat(wx, start(phone))
    answer = client_at(AUTH).get(back)
    assert (answer.status_code, answer["X-Refusal"]) == (503, "wechat.away")


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "/" + "a" * 600])
def test_only_pages_of_the_branchs_own_site_are_returned_to(family, wx, lotus, page):
    assert arrive(client_at(lotus), wx, page=page)["Location"] == "/h5/mine"


def test_two_tabs_may_sign_in_at_once(family, wx, lotus):
    phone = client_at(lotus)
    first, second = (handed(at_wechat(wx, start(phone, page)))[1] for page in ("/w/pool", "/w/mine"))
    assert phone.get(second)["Location"] == "/w/mine"
    assert phone.get(first)["Location"] == "/w/pool"


def test_a_branch_suspended_on_the_way_is_refused_at_its_door(family, wx, lotus, maple):
    phone = client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    suspend_branch(tenant_id=lotus.tenant.pk, by="test")
    answer = phone.get(path)
    assert answer.status_code == 403
    assert "tenants." in answer.content.decode()
    assert identities(lotus) == []
    assert arrive(client_at(maple), wx).status_code == 302


def test_a_branch_taken_out_has_no_account_at_once(family: Family, wx, lotus, maple):
    """Also before its own row has followed, and also for who is on the way."""
    phone = client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    family.choose_only(maple)
    for answer in (phone.get(path), phone.get("/wx/auth/start")):
        assert (answer.status_code, answer["X-Refusal"]) == (404, "wechat.no_account")
    family.choose(maple)
    assert phone.get("/wx/auth/start")["X-Refusal"] == "wechat.no_account"
    assert arrive(client_at(maple), wx).status_code == 302


def test_a_branch_with_an_account_of_its_own_signs_in_by_that(family, wx, lotus):
    with in_branch(lotus.tenant):
        own = stand.open_account(wx)
    assert parse_qs(urlsplit(start(client_at(lotus))).query)["appid"] == [own.appid]
    refused_there = client_at(lotus).get("/wx/auth/finish?t=" + "0" * 64)
    assert refused_there["X-Refusal"] == "wechat.no_account"


def test_eight_at_once_with_one_ticket_are_one_session(committed, wx, headquarters, lotus, maple):
    """The same browser, the same nonce: the row itself lets one in."""
    family = made(wx, headquarters.hq, lotus, maple)
    phone = client_at(lotus)
    _host, path = handed(at_wechat(wx, start(phone)))
    ticket = path.split("t=")[1]
    with in_branch(lotus.tenant):
        nonces = list(phone.session["wx_left"])

    def use(_number):
        try:
            return visits.use(ticket, appid=family.account.appid, tenant=lotus.tenant, nonces=nonces) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use, range(8))) == [False] * 7 + [True]


def test_old_visits_are_forgotten(family, wx, lotus):
    arrive(client_at(lotus), wx)
    visits.forget_old()
    assert SignInVisit.objects.count() == 1
    with clock.frozen(clock.now() + timedelta(days=2)):
        visits.forget_old()
    assert SignInVisit.objects.count() == 0
