"""The branch's account: sealed, found again, introduced to the sandbox; who is bound to it."""

import pytest
from django.core.management import CommandError, call_command

from apps.wechat import services
from apps.wechat.calls.vault import credentials_of
from apps.wechat.errors import AlreadyBound, UnknownPerson
from apps.wechat.models import SEALED, StaffBinding, WxAccount
from apps.wechat.rules.cards import CARDS
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tenants.models import WeChatRoute
from tests.make import actor, key
from tests.wechat import stand


def test_connecting_twice_is_connecting_once(lotus_db):
    given = services.demo_account("lotus", "莲花")
    first = services.connect_account(**given)
    address = services.callback_url(first)
    second = services.connect_account(**given | {"name": "other"})
    assert (first.pk, address) == (second.pk, services.callback_url(second))
    assert WxAccount.objects.get().name == "other"
    assert set(second.templates) == set(CARDS)
    with in_public():
        assert WeChatRoute.objects.count() == 1
    assert given["appid"] not in address


def test_secrets_lie_sealed_and_open_only_in_their_branch(lotus_db, maple):
    given = services.demo_account("lotus", "莲花")
    account = services.connect_account(**given)
    plain = {given[name] for name in ("app_secret", "token", "aes_key")}
    assert not plain & {getattr(account, name) for name in SEALED}
    opened = credentials_of(account)
    assert {opened.secret, opened.token, opened.aes_keys[0]} == plain
    with in_branch(maple.tenant), pytest.raises(ValueError):
        credentials_of(account)


def test_an_administrator_binds_and_unbinds(office, cai):
    bai = actor("bai")
    user = actor("xi").id
    services.bind_staff(user_id=user, openid="o-new", by=bai, key=key())
    assert StaffBinding.objects.filter(user_id=user, openid="o-new").exists()
    assert "o-new" not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    services.unbind_staff(user_id=user, by=bai, key=key())
    assert not StaffBinding.objects.filter(user_id=user).exists()
    with pytest.raises(NotAllowed):
        services.bind_staff(user_id=user, openid="o-new", by=cai, key=key())


def test_one_person_one_wechat(office, wu, bo):
    with pytest.raises(AlreadyBound):
        services.bind_at_once(account=office.account, user_id=wu.id, openid="o-another")
    with pytest.raises(AlreadyBound):
        services.bind_at_once(account=office.account, user_id=actor("xi").id, openid=office.openids["bo"])
    assert services.bind_at_once(account=office.account, user_id=bo.id, openid=office.openids["bo"]).pk
    with pytest.raises(UnknownPerson):
        services.bind_staff(user_id=99999, openid="o-x", by=SYSTEM, key=key())


def test_the_sandbox_is_told_every_account_and_phone(office, wx, maple, capsys):
    with in_branch(maple.tenant):
        other = services.connect_account(**services.demo_account("maple", "枫树"))
    wx.tell("reset", {})
    for _ in range(2):
        call_command("introduce_sandbox")
    known = {one["appid"]: one for one in wx.http.get("/_sandbox/accounts").json()}
    assert set(known) == {office.account.appid, other.appid}
    mine = known[office.account.appid]
    assert mine["callback_url"] == f"http://lotus.localhost:8000{office.door}"
    assert mine["oauth_domains"] == mine["js_domains"] == ["lotus.localhost"]
    assert [button["name"] for button in mine["menu"]] == ["报修", "我的工单", "抢单"]
    people = {one["user_id"]: one for one in wx.http.get("/_sandbox/users").json()}
    assert people["lotus-wu"]["follows"][0]["openid"] == office.openids["wu"]
    assert {"lotus-bo", "lotus-visitor1", "maple-visitor1"} <= set(people)
    numbers = [people[f"{slug}-visitor{each}"]["phone"] for slug in ("lotus", "maple") for each in (1, 2)]
    assert len(set(numbers)) == 4 and all(len(number) == 11 for number in numbers)  # a code sent to them arrives


def test_without_the_sandbox_no_secret_is_told(office, settings):
    settings.STEPPE_WECHAT_SANDBOX = False
    with pytest.raises(CommandError):
        call_command("introduce_sandbox")


def test_a_sandbox_that_is_away_is_named(office, settings):
    settings.STEPPE_WECHAT_ROOT = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="does not answer"):
        call_command("introduce_sandbox")


def test_a_visitor_of_the_sandbox_stays_one_person(office, wx):
    services.recognise_customer(office.account, "o-lotus-visitor-1")
    persons = stand.introduce.persons(stand.current_branch(), office.account)
    openids = [person["follows"][0]["openid"] for person in persons]
    assert len(openids) == len(set(openids))


def test_the_menu_is_published_with_plain_pages(office, wx):
    services.publish_menu(office.account)
    (call,) = wx.calls("/cgi-bin/menu/create")
    assert [button["url"] for button in call["body"]["button"]] == [
        f"http://lotus.localhost:8000{path}" for path in ("/h5/report?from=wx", "/h5/mine", "/w/pool")
    ]
