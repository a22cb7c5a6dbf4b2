"""Whoever no branch knows chooses one, in WeChat, and is handed over to it by an ordinary sign-in."""

import re
from datetime import timedelta

from apps.wechat.gateway import people, sharing, visits
from apps.wechat.gateway import services as gateway
from apps.wechat.gateway.models import Inbox, SharedAccount, SharedPerson, SignInVisit
from apps.wechat.models import CustomerIdentity
from apps.wechat.views import throttle
from steppe.kernel import clock
from tenants.context import in_branch
from tenants.services import suspend_branch
from tests.make import client_at
from tests.wechat.family import AUTH, ZHAO, at_wechat, family, handed, start

__all__ = ["family"]


def ask(family, query="", user="zhao"):
    """The page at the end of the link."""
    link = client_at(AUTH).get(f"/wx/choose/{family.account.appid}{query}")
    assert link.status_code == 302
    return client_at(AUTH).get(at_wechat(family.wx, link["Location"], user))


def ticket_in(page):
    return re.search(r'name="ticket" value="(\w+)"', page.content.decode())[1]


def choose(ticket, slug="maple"):
    return client_at(AUTH).post("/wx/choose", {"ticket": ticket, "branch": slug})


def test_the_page_lists_the_branches_by_name_and_the_choice_leads_there(family, wx, lotus, maple):
    family.text("你好")
    page = ask(family, "?next=/h5/report%3Ffrom%3Dwx")
    assert page.status_code == 200
    for branch in (lotus, maple):
        assert branch.tenant.name in page.content.decode()
    answer = choose(ticket_in(page))
    onward = re.search(r'id="onward" href="([^"]+)"', answer.content.decode())[1]
    assert onward == "http://maple.localhost:8000/wx/auth/start?next=/h5/report%3Ffrom%3Dwx"
    person = SharedPerson.objects.get()
    assert (person.openid, person.tenant_id, person.by) == (ZHAO, maple.tenant.pk, people.CHOICE)
    assert Inbox.objects.get().schema_name == maple.tenant.schema_name
    assert not answer.cookies and not page.cookies


def test_choosing_signs_nobody_in(family, maple):
    choose(ticket_in(ask(family)))
    with in_branch(maple.tenant):
        assert CustomerIdentity.objects.count() == 0


def test_who_has_a_branch_is_led_there_without_a_question(family, maple):
    gateway.serve(openid=ZHAO, appid=family.account.appid, tenant=maple.tenant, by=people.VISIT)
    answer = ask(family, "?next=/h5/mine")
    assert answer["Location"] == "http://maple.localhost:8000/wx/auth/start?next=/h5/mine"


def test_who_wants_another_branch_is_asked_again(family, lotus, maple):
    gateway.serve(openid=ZHAO, appid=family.account.appid, tenant=maple.tenant, by=people.CHOICE)
    answer = choose(ticket_in(ask(family, "?change&next=/h5/mine")), "lotus")
    assert "http://lotus.localhost:8000/wx/auth/start?next=/h5/mine" in answer.content.decode()
    assert SharedPerson.objects.get().tenant_id == lotus.tenant.pk


def test_a_choice_is_good_once_and_not_for_long(family):
    ticket = ticket_in(ask(family))
    assert choose(ticket).status_code == 200
    again = choose(ticket, "lotus")
    assert (again.status_code, again["X-Refusal"]) == (403, "wechat.sign_in_lost")
    late = ticket_in(ask(family, "?change"))
    with clock.frozen(clock.now() + visits.LIFE + timedelta(seconds=1)):
        assert choose(late, "lotus").status_code == 403
    assert SharedPerson.objects.get().tenant.slug == "maple"


def test_the_back_button_after_the_choice_leads_to_the_branch(family):
    link = client_at(AUTH).get(f"/wx/choose/{family.account.appid}?change&next=/h5/mine")
    back = at_wechat(family.wx, link["Location"])
    choose(ticket_in(client_at(AUTH).get(back)))
    assert client_at(AUTH).get(back)["Location"] == "http://maple.localhost:8000/wx/auth/start?next=/h5/mine"


def test_a_ticket_of_a_sign_in_chooses_nothing_and_that_of_a_choice_signs_nobody_in(family, wx, lotus, maple):
    phone = client_at(lotus)
    path = handed(at_wechat(wx, start(phone)))[1]
    assert choose(path.split("t=")[1]).status_code == 403
    ticket = ticket_in(ask(family, user="qian"))
    assert phone.get("/wx/auth/finish", {"t": ticket}).status_code == 403
    assert SharedPerson.objects.count() == 0


def test_a_branch_that_is_none_of_the_accounts_cannot_be_chosen(family, lotus, maple):
    ticket = ticket_in(ask(family))
    family.choose(lotus)
    for slug in ("maple", "hq", "", "nobody"):
        assert choose(ticket, slug).status_code == 403
    assert choose(ticket, "lotus").status_code == 200


def test_a_suspended_branch_is_not_offered(family, lotus, maple):
    suspend_branch(tenant_id=maple.tenant.pk, by="test")
    page = ask(family).content.decode()
    assert lotus.tenant.name in page
    assert maple.tenant.name not in page


def test_killed_between_serving_and_using_up_the_ticket_the_same_tap_finishes(family, maple):
    ticket = ticket_in(ask(family))
    visit = visits.choosing(ticket)
    gateway.serve(openid=visit.openid, appid=family.account.appid, tenant=maple.tenant, by=people.CHOICE)
    assert choose(ticket).status_code == 200
    assert SignInVisit.objects.get().used_at is not None


def test_an_account_nobody_has_or_that_is_off_has_no_such_page(family):
    assert client_at(AUTH).get("/wx/choose/wx0000000000000000")["X-Refusal"] == "wechat.no_account"
    SharedAccount.objects.update(enabled=False)
    assert client_at(AUTH).get(f"/wx/choose/{family.account.appid}").status_code == 404


def test_the_accounts_menu_leads_everybody_to_their_own_branch(family, wx):
    sharing.publish_menu(account=family.account, by=family.hq)
    told = next(one for one in wx.http.get("/_sandbox/accounts").json() if one["appid"] == family.account.appid)
    urls = [button["url"] for button in told["menu"]]
    assert all(url.startswith(f"http://auth.localhost:8000/wx/choose/{family.account.appid}?next=/") for url in urls)


def test_too_many_questions_from_one_address_are_slowed_down(family, monkeypatch):
    monkeypatch.setattr(throttle, "PER_ADDRESS", 2)
    answers = [client_at(AUTH).get(f"/wx/choose/{family.account.appid}").status_code for _ in range(3)]
    assert answers == [302, 302, 429]
