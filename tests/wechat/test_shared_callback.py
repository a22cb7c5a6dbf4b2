"""What a shared account hears: kept once, for the person's own branch; where nobody knows it, the person is asked."""

import secrets
from datetime import timedelta

import pytest

from apps.wechat.gateway import people, sharing, waiting
from apps.wechat.gateway import services as gateway
from apps.wechat.gateway.models import Inbox, SharedAccount, SharedPerson
from apps.wechat.inbound import inbox as inbound
from apps.wechat.models import Scene, StaffBinding, WxAccount
from apps.wechat.services import bind_at_once
from apps.wechat.tasks import route_shared
from sandbox.crypto import signature
from steppe.kernel import clock
from tenants.context import in_branch
from tests.make import client_at, key
from tests.wechat import stand
from tests.wechat.family import AUTH, ZHAO, family

__all__ = ["family"]
QIAN = "o-family-qian"


def kept():
    return list(Inbox.objects.order_by("id").values_list("schema_name", flat=True))


def asked(wx):
    return wx.cards(channel="custom")


def belongs(family, branch, by=people.CHOICE, openid=ZHAO):
    assert gateway.serve(openid=openid, appid=family.account.appid, tenant=branch.tenant, by=by)


def scene(branch, name):
    with in_branch(branch.tenant):
        account = WxAccount.objects.get(shared=True)
        Scene.objects.create(account=account, name=name, kind="grid", made_at=clock.now(), made_by="staff:1")


def test_a_letter_goes_to_the_persons_own_branch(family, maple):
    belongs(family, maple)
    answer = family.text("光猫亮红灯")
    assert (answer.status_code, answer.content) == (200, b"success")
    assert kept() == [maple.tenant.schema_name]


def test_nobodys_letter_waits_and_the_person_is_asked_once_by_a_link(family, wx, maple):
    assert family.text("你好").content == b"success"
    family.text("有人吗")
    assert kept() == ["", ""]
    assert route_shared() == 0
    assert route_shared() == 0
    messages = asked(wx)
    assert [one["to"] for one in messages] == [ZHAO]
    assert f"http://auth.localhost:8000/wx/choose/{family.account.appid}" in messages[0]["text"]
    assert ZHAO not in messages[0]["text"]
    belongs(family, maple)
    assert kept() == [maple.tenant.schema_name] * 2


def test_a_binding_brings_what_waited(family, lotus, wu):
    family.text("你好")
    route_shared()
    with in_branch(lotus.tenant):
        bind_at_once(account=WxAccount.objects.get(shared=True), user_id=wu.id, openid=ZHAO)
    belongs(family, lotus, people.BINDING)
    with in_branch(lotus.tenant):
        assert len(gateway.waiting(lotus.tenant.schema_name)) == 1


def test_the_scene_of_a_qr_code_finds_its_branch(family, wx, lotus, maple):
    scene(maple, "m-1")
    family.event("subscribe", EventKey="qrscene_m-1")
    assert kept() == [""]
    assert route_shared() == 1
    assert kept() == [maple.tenant.schema_name]
    assert SharedPerson.objects.get().by == people.SCENE
    assert asked(wx) == []


def test_a_scene_scanned_later_goes_before_an_earlier_choice_but_not_before_a_binding(family, lotus, maple):
    scene(maple, "m-1")
    belongs(family, lotus)
    belongs(family, lotus, people.BINDING, QIAN)
    for openid in (ZHAO, QIAN):
        family.event("SCAN", openid=openid, EventKey="m-1")
    route_shared()
    assert kept() == [maple.tenant.schema_name, lotus.tenant.schema_name]


def test_a_scene_nobody_has_leaves_the_person_where_they_were(family, lotus):
    belongs(family, lotus)
    family.event("SCAN", EventKey="nobodys")
    route_shared()
    assert kept() == [lotus.tenant.schema_name]


def test_a_scene_of_a_branch_taken_out_is_nobodys(family, wx, lotus, maple):
    scene(maple, "m-1")
    family.choose(lotus)
    family.text("x")
    family.event("SCAN", EventKey="m-1")
    route_shared()
    assert set(kept()) == {""}
    assert len(asked(wx)) == 1


@pytest.mark.parametrize(("first", "then", "whose"), [
    (people.VISIT, people.VISIT, "lotus"), (people.VISIT, people.CHOICE, "maple"),
    (people.CHOICE, people.VISIT, "lotus"), (people.CHOICE, people.CHOICE, "maple"),
    (people.SCENE, people.CHOICE, "maple"), (people.BINDING, people.CHOICE, "lotus"),
    (people.BINDING, people.SCENE, "lotus"), (people.BINDING, people.BINDING, "maple"),
])  # fmt: skip
def test_the_stronger_reason_stays(family, lotus, maple, first, then, whose):
    belongs(family, lotus, first)
    belongs(family, maple, then)
    found = people.branch_of(family.account.pk, ZHAO)
    assert found.slug == whose


def test_following_and_leaving_is_heard_by_every_branch_that_knows_the_person(family, lotus, maple, wu):
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            bind_at_once(account=WxAccount.objects.get(shared=True), user_id=wu.id, openid=ZHAO)
        belongs(family, branch, people.BINDING)
    family.event("unsubscribe")
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            inbound.take_all()
            assert not StaffBinding.objects.get(openid=ZHAO).followed


def test_a_receipt_reaches_the_branch_that_sent_the_card_and_strangers_leave_nothing(family, lotus, maple):
    belongs(family, maple, people.VISIT)
    belongs(family, lotus, people.BINDING)
    family.event("TEMPLATESENDJOBFINISH", MsgID="7", Status="success")
    family.event("TEMPLATESENDJOBFINISH", openid=QIAN, MsgID="8", Status="success")
    assert sorted(kept()) == sorted([maple.tenant.schema_name, lotus.tenant.schema_name])


def test_a_new_try_of_wechat_is_the_same_row_also_after_the_choice(family, maple):
    family.text("你好", number=77)
    belongs(family, maple)
    for _ in range(3):
        assert family.text("你好", number=77).content == b"success"
    assert kept() == [maple.tenant.schema_name]


def test_a_person_who_moves_is_answered_by_the_new_branch(family, lotus, maple):
    belongs(family, lotus)
    belongs(family, maple)
    family.text("你好")
    assert kept() == [maple.tenant.schema_name]


def test_who_was_forgotten_by_the_branch_belongs_to_the_one_that_still_knows_them(family, lotus, maple):
    belongs(family, lotus, people.VISIT)
    belongs(family, maple, people.BINDING)
    gateway.forget_person(openid=ZHAO, appid=family.account.appid, tenant=maple.tenant)
    assert people.branch_of(family.account.pk, ZHAO).slug == "lotus"
    gateway.forget_person(openid=ZHAO, appid=family.account.appid, tenant=lotus.tenant)
    assert SharedPerson.objects.count() == 0


def test_unknown_key_switched_off_wrong_signature_and_a_branchs_host_are_the_same_403(family, lotus, maple):
    xml = stand.event_xml(family.secrets, "subscribe")
    query, body = stand.delivery(family.secrets, xml)
    door = f"/wx/cb/{family.account.key}?{query}"
    answers = [
        family.post(xml, door="/wx/cb/" + secrets.token_urlsafe(16)),
        family.post(xml, token="another-token-of-16"),
        family.post(xml, aes_key="C" * 42 + "E"),
        family.post(xml, appid="wx-of-somebody-else"),
        family.post(xml, at=int(clock.now().timestamp()) - 400),
        client_at(lotus).post(door, body, content_type="text/xml"),
        client_at(maple).post(door, body, content_type="text/xml"),
    ]
    SharedAccount.objects.update(enabled=False)
    answers.append(family.post(xml))
    assert {(one.status_code, one.content) for one in answers} == {(403, b"refused")}
    assert kept() == []


def test_a_branchs_key_is_not_heard_at_the_central_host_and_its_own_door_stays_open(family, wx, lotus):
    with in_branch(lotus.tenant):
        own = stand.open_account(wx)
        given, door = stand.opened(own), stand.door_of(own)
        query, body = stand.delivery(given, stand.event_xml(given, "subscribe"))
    for host, status in ((AUTH, 403), (lotus, 200)):
        assert client_at(host).post(f"{door}?{query}", body, content_type="text/xml").status_code == status
    assert kept() == [lotus.tenant.schema_name]


def test_the_route_that_marks_a_member_opens_no_door_at_the_branch(family, lotus):
    route = lotus.tenant.wechat_routes.get(appid=family.account.appid).key
    query, body = stand.delivery(family.secrets, stand.event_xml(family.secrets, "subscribe"))
    assert client_at(lotus).post(f"/wx/cb/{route}?{query}", body, content_type="text/xml").status_code == 403


def test_the_verification_gets_its_word_back_and_is_noted(family):
    stamp = str(int(clock.now().timestamp()))
    mark = signature(family.secrets.token, stamp, "n1")
    page = f"/wx/cb/{family.account.key}?signature={mark}&timestamp={stamp}&nonce=n1&echostr=5531"
    assert client_at(AUTH).get(page).content == b"5531"
    assert client_at(AUTH).get(page.replace(mark, "0" * 40)).status_code == 403
    family.account.refresh_from_db()
    assert family.account.verified_at is not None


def test_the_key_before_the_present_one_is_still_heard(family):
    told = {"original_id": family.account.original_id, "name": "x", "app_secret": "", "token": ""}
    new = "g" * 20 + "4aBcDeFgHiJkLmNoPqRsTuV"
    sharing.change_shared(account_id=family.account.pk, **told, aes_key=new, by=family.hq, key=key())
    xml = stand.event_xml(family.secrets, "subscribe")
    assert family.post(xml).status_code == family.post(xml, aes_key=new).status_code == 200
    sharing.end_rotation(account_id=family.account.pk, by=family.hq, key=key())
    assert family.post(xml).status_code == 403


def test_where_no_window_is_open_the_row_waits_without_a_question(family, wx):
    """VIEW opens none: WeChat says 45015, and the next word of the person asks again."""
    family.event("VIEW", EventKey="http://x")
    route_shared()
    assert asked(wx) == []
    family.text("你好")
    route_shared()
    assert len(asked(wx)) == 1


def test_wechat_being_away_is_a_later_try(family, wx):
    family.text("你好")
    wx.spoil("message/custom/send", {"http": 500})
    route_shared()
    assert Inbox.objects.get().attempts == 1
    with clock.frozen(clock.now() + timedelta(seconds=10)):
        route_shared()
    assert len(asked(wx)) == 1


def test_two_routers_ask_once(family, wx, monkeypatch):
    family.text("你好")
    rows = gateway.waiting("")
    route_shared()
    monkeypatch.setattr(gateway, "waiting", lambda schema: rows)  # what the other had read before
    waiting.route_waiting()
    assert len(asked(wx)) == 1


def test_who_never_chooses_is_forgotten_after_a_week(family):
    family.text("你好")
    with clock.frozen(clock.now() + gateway.KEPT + timedelta(hours=1)):
        waiting.forget_unanswered()
    assert kept() == []
