"""The pages of a binding: the desk shows and waits, the phone says whose it is, and no page shows more than it must."""

import pytest

from apps.wechat.binding_page import check_of
from apps.wechat.models import BindCode, StaffBinding
from tests.make import client_at, key
from tests.wechat.binding import CAIS, STRANGERS, begun, bound, claim, introduce, phone_in_wechat

DESK = "/console/wechat/me/"


@pytest.fixture
def phone(office, wx, lotus):
    """Cai's phone in WeChat, at the page where a code is typed."""
    return phone_in_wechat(wx, lotus, introduce(wx, office.account, "cai", CAIS))


def shown_on(desk):
    """The code on the desk's page, as Cai reads it."""
    return desk.get(DESK).context["shown"]


def test_from_the_user_menu_to_bound_in_two_browsers(office, phone, lotus, cai):
    desk = client_at(lotus, cai)
    assert DESK in desk.get("/console/").content.decode()
    assert desk.post("/wx/binding/code", {"from": "desk"}, key=key())["Location"] == DESK
    page = desk.get(DESK)
    assert "data:image/png;base64" in page.content.decode()
    assert len(page.context["shown"]) == 9
    assert phone.post("/wx/bind", {"code": page.context["shown"]}, key=key()).status_code == 303
    asked, asks = phone.get("/wx/bind").content.decode(), desk.get(DESK)
    assert "C**" in asked and "9999" in asked and "Cai" not in asked and "13900009999" not in asked
    assert asks.context["stand"] == "claimed" and asks.context["check"] in asked
    phone.post("/wx/bind/agree", key=key())
    assert bound(cai) == []
    desk.post("/wx/binding/agree", {"from": "desk", "code": asks.context["code"].pk}, key=key())
    assert bound(cai) == [CAIS]
    assert phone.get("/wx/bind").context["stand"] == "bound"
    assert desk.get(DESK).context["binding"].openid == CAIS
    assert CAIS not in desk.get(DESK).content.decode()


def test_the_waiting_page_is_told_only_of_a_change(office, lotus, cai):
    desk = client_at(lotus, cai)
    desk.post("/wx/binding/code", {"from": "desk"}, key=key())
    shown = shown_on(desk)
    assert desk.get("/wx/binding/state", {"stand": "shown", "from": "desk"}).status_code == 204
    claim(office.account, shown)
    news = desk.get("/wx/binding/state", {"stand": "shown", "from": "desk"})
    assert news.status_code == 200
    assert "console/" not in news.content.decode().split("hx-get")[0]
    assert 'hx-get="/wx/binding/state?from=desk' in news.content.decode()


def test_opening_the_page_on_the_phone_changes_nothing(office, phone, cai):
    _code, letters = begun(cai)
    claim(office.account, letters)
    for _ in range(2):
        assert phone.get("/wx/bind").status_code == 200
    row = BindCode.objects.get()
    assert (row.phone_agreed_at, row.person_agreed_at) == (None, None)


def test_another_browser_of_the_person_does_not_show_the_code(office, lotus, cai):
    client_at(lotus, cai).post("/wx/binding/code", {"from": "desk"}, key=key())
    other = client_at(lotus, cai).get(DESK)
    assert (other.context["stand"], other.context["shown"]) == ("shown", "")


def test_both_screens_show_the_same_three_digits_for_this_phone_only(office, cai):
    code, letters = begun(cai)
    claim(office.account, letters)
    row = BindCode.objects.get(pk=code.pk)
    assert len(check_of(row)) == 3
    row.openid = STRANGERS
    assert check_of(row) != check_of(BindCode.objects.get(pk=code.pk))


def test_the_phone_refuses_and_the_desk_reads_it(office, phone, lotus, cai):
    desk = client_at(lotus, cai)
    desk.post("/wx/binding/code", {"from": "desk"}, key=key())
    phone.post("/wx/bind", {"code": shown_on(desk)}, key=key())
    phone.post("/wx/bind/refuse", key=key())
    assert desk.get(DESK).context["stand"] == "refused"
    assert phone.get("/wx/bind").context["stand"] == "refused"


def test_a_wrong_code_says_how_many_tries_are_left(office, phone):
    answer = phone.post("/wx/bind", {"code": "AAAA BBBB"}, key=key(), headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer["X-Refusal"] == "wechat.wrong_code"
    assert "4 more times" in answer.content.decode()


def test_a_visitor_whom_wechat_does_not_know_is_asked_once_then_told(office, lotus):
    browser = client_at(lotus)
    assert browser.get("/wx/bind")["Location"] == "/wx/auth/start?next=%2Fwx%2Fbind"
    answer = browser.get("/wx/bind")
    assert (answer.status_code, answer["X-Refusal"]) == (404, "wechat.phone_unknown")
    assert browser.post("/wx/bind", {"code": "AAAA BBBB"}, key=key()).status_code == 404


def test_on_one_phone_the_staff_session_stays_and_both_sides_are_asked(office, wx, lotus, cai):
    user = introduce(wx, office.account, "cai", CAIS)
    from tests.wechat.test_sign_in import at_wechat, start

    phone = client_at(lotus, cai)
    phone.post("/wx/binding/code", {"from": "phone"}, key=key())
    assert phone.get("/wx/binding").status_code == 200
    away = phone.get("/wx/bind")["Location"]
    assert away.startswith("/wx/auth/start")
    phone.get(at_wechat(wx, start(phone, "/wx/bind"), user))
    page = phone.get("/wx/bind")
    assert page.wsgi_request.actor.ref == cai.ref
    phone.post("/wx/bind", {"code": page.context["prefilled"]}, key=key())
    phone.post("/wx/bind/agree", key=key())
    assert bound(cai) == []
    phone.post("/wx/binding/agree", {"from": "phone", "code": BindCode.objects.get().pk}, key=key())
    assert bound(cai) == [CAIS]


def test_a_customer_has_no_binding_page(office, lotus, mei):
    assert client_at(lotus, mei).get(DESK).status_code == 403


def test_the_administrator_sees_who_is_bound_and_binds_by_a_code_read_out(office, wx, lotus, bai, cai, phone):
    desk = client_at(lotus, bai)
    page = desk.get("/console/wechat/people/")
    assert [one.name for one in page.context["rows"] if one.binding] == ["Bo", "Wu"]
    assert "o-lotus" not in page.content.decode()
    where = f"/console/wechat/people/{cai.id}/"
    assert desk.post("/wx/binding/code", {"from": "people", "user": cai.id}, key=key())["Location"] == where
    phone.post("/wx/bind", {"code": desk.get(where).context["shown"]}, key=key())
    phone.post("/wx/bind/agree", key=key())
    told = {"from": "people", "user": cai.id, "code": BindCode.objects.get().pk}
    assert desk.post("/wx/binding/agree", told, key=key())["Location"] == where
    assert bound(cai) == [CAIS]
    desk.post("/wx/binding/unbind", {"from": "people", "user": cai.id}, key=key())
    assert bound(cai) == []


def test_nobody_else_opens_the_page_of_who_is_bound(office, lotus, lin):
    desk = client_at(lotus, lin)
    assert desk.get("/console/wechat/people/").status_code == 403
    assert desk.get(f"/console/wechat/people/{lin.id}/").status_code == 403
    assert desk.get("/wx/binding/state", {"user": lin.id + 1}).status_code == 403


def test_a_branch_without_an_account_says_so_on_the_page(lotus_db, lotus, cai):
    answer = client_at(lotus, cai).get(DESK, headers={"Accept-Language": "en"})
    assert "no WeChat service account yet" in answer.content.decode()
    assert not StaffBinding.objects.exists()
