"""Headquarters keeps the account and says who uses it; each branch's row follows, also after an interruption."""

import secrets as random
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connection

from apps.people.models import Technician
from apps.wechat import account_reads
from apps.wechat.calls.client import client_for
from apps.wechat.calls.vault import credentials_of, credentials_of_shared
from apps.wechat.errors import AccountBroken, BadAccount
from apps.wechat.gateway import membership, sharing
from apps.wechat.gateway.errors import MemberElsewhere, NoSharedAccount
from apps.wechat.gateway.models import SharedAccount, SharedMember
from apps.wechat.models import StaffBinding, WxAccount
from apps.wechat.push import delivery
from apps.wechat.selectors import branch_account
from apps.wechat.services import bind_at_once
from apps.wechat.tasks import follow_shared
from steppe.kernel.actors import ANONYMOUS
from steppe.kernel.errors import NotAllowed, Unauthenticated
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tenants.selectors import has_wechat
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, client_at, key, make_ticket
from tests.wechat import stand
from tests.wechat.family import FAMILY, ZHAO, Family, family, made

__all__ = ["family"]


def row(branch: Branch) -> WxAccount:
    with in_branch(branch.tenant):
        return WxAccount.objects.get(shared=True)


def test_a_branchs_row_has_the_accounts_name_and_templates_and_no_secret(family, lotus):
    found = row(lotus)
    assert (found.appid, found.original_id, found.enabled) == (family.account.appid, family.account.original_id, True)
    assert found.templates == family.account.templates
    assert {found.app_secret, found.token, found.aes_key, found.previous_aes_key} == {""}


def test_a_member_reads_the_templates_by_name_and_reaches_its_own_pages(family, lotus):
    for page in ("", "cards/"):
        shown = client_at(lotus, lotus.bai).get(f"/console/wechat/{page}").content.decode()
        assert shown.count("新工单提醒") == 2 and f"{family.account.appid}_new_ticket" not in shown  # card and template
    assert "/console/wechat/cards/choose/" not in shown
    guide = client_at(lotus, lotus.bai).get("/console/wechat/").content.decode()
    assert all(f"/console/wechat/{page}/" in guide for page in ("deliveries", "channels", "people", "inbox"))


def test_a_branch_with_an_account_of_its_own_keeps_looking_after_that(db, wx, headquarters, lotus, maple):
    with in_branch(lotus.tenant):
        own = stand.open_account(wx)
    made(wx, headquarters.hq, lotus, maple)
    with in_branch(lotus.tenant):
        assert WxAccount.objects.filter(enabled=True).count() == 2
        assert account_reads.kept_account(by=actor("bai")) == branch_account() == own


def test_secrets_are_sealed_and_open_only_for_members(family, lotus, maple):
    stored = str(SharedAccount.objects.values().get())
    for secret in (family.secrets.secret, family.secrets.token, *family.secrets.aes_keys):
        assert secret not in stored
    with in_branch(lotus.tenant):
        assert credentials_of(WxAccount.objects.get(shared=True)) == family.secrets
    family.choose_only(maple)
    with in_branch(lotus.tenant), pytest.raises(AccountBroken):
        credentials_of(WxAccount.objects.get(shared=True))


def test_a_row_copied_under_another_appid_cannot_be_opened(family):
    family.account.appid = "wx0000000000000001"
    with pytest.raises(ValueError, match="does not belong here"):
        credentials_of_shared(family.account)


def test_no_secret_stands_in_the_journal(family):
    written = str(list(AuditEntry.objects.values("details", "action")))
    assert "wechat.share_account" in written
    for secret in (family.secrets.secret, family.secrets.token, *family.secrets.aes_keys):
        assert secret not in written


def test_killed_between_the_two_transactions_the_next_run_finishes(family, lotus, maple):
    family.choose_only(lotus)  # Maple's row has not followed
    assert row(maple).enabled
    with in_branch(maple.tenant):
        assert branch_account() is None  # already
        assert follow_shared()
        assert not follow_shared()
    assert not row(maple).enabled
    family.choose_only(lotus, maple)
    with in_branch(maple.tenant):
        assert branch_account() is None  # not yet
        assert membership.follow()
        assert branch_account() is not None


def test_the_sweep_finds_what_a_lost_wake_up_left_behind_and_looks_once_a_minute(family, maple):
    family.choose_only()
    with in_branch(maple.tenant):
        membership.follow_now_and_then()
        assert not WxAccount.objects.get(shared=True).enabled
        WxAccount.objects.update(enabled=True)
        membership.follow_now_and_then()
        assert WxAccount.objects.get(shared=True).enabled


def test_people_are_kept_when_a_branch_leaves_and_comes_back(family, lotus, maple, wu):
    with in_branch(lotus.tenant):
        bind_at_once(account=WxAccount.objects.get(shared=True), user_id=wu.id, openid=ZHAO)
    family.choose(maple)
    family.choose(lotus, maple)
    with in_branch(lotus.tenant):
        assert StaffBinding.objects.get().account_id == branch_account().pk


def test_what_has_been_chosen_already_changes_nothing(family, lotus, maple):
    family.choose(lotus, maple)
    assert SharedMember.objects.count() == 2
    with in_branch(lotus.tenant):
        assert not membership.follow()


def test_switched_off_nobody_uses_it_and_pages_know_it(family, wx, lotus):
    assert has_wechat(lotus.tenant)
    sharing.switch_shared(account_id=family.account.pk, on=False, by=family.hq, key=key())
    assert not has_wechat(lotus.tenant)
    with in_branch(lotus.tenant):
        assert branch_account() is None
    assert client_at(lotus).get("/wx/auth/start")["X-Refusal"] == "wechat.no_account"
    sharing.switch_shared(account_id=family.account.pk, on=True, by=family.hq, key=key())
    assert client_at(lotus).get("/wx/auth/start").status_code == 302


def test_a_branch_uses_one_shared_account_at_a_time(family, lotus):
    given = _another()
    other = sharing.share_account(**given, by=family.hq, key=key()).entity_id
    with pytest.raises(MemberElsewhere):
        sharing.choose_members(account_id=other, tenant_ids=[lotus.tenant.pk], by=family.hq, key=key())
    assert not SharedMember.objects.filter(account_id=other).exists()


def test_headquarters_itself_and_unknown_branches_are_nobodys_members(family, headquarters):
    ids = [headquarters.tenant.pk, 999_999]
    sharing.choose_members(account_id=family.account.pk, tenant_ids=ids, by=family.hq, key=key())
    assert SharedMember.objects.count() == 0


def test_the_same_press_twice_makes_one_account(family):
    given, press = _another(), key()
    ids = {sharing.share_account(**given, by=family.hq, key=press).entity_id for _ in range(2)}
    assert len(ids) == 1


def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(family):
    wrong = _another() | {"token": "short", "aes_key": "", "appid": "nothing"}
    with pytest.raises(BadAccount) as refused:
        sharing.share_account(**wrong, by=family.hq, key=key())
    assert set(refused.value.fields) == {"token", "aes_key", "appid"}
    with pytest.raises(BadAccount):
        sharing.share_account(**_another() | {"appid": family.account.appid}, by=family.hq, key=key())
    assert SharedAccount.objects.count() == 1


def test_only_headquarters_administrators_decide(family, headquarters, lotus):
    for by, refusal in ((headquarters.eye, NotAllowed), (lotus.bai, NotAllowed)):
        with pytest.raises(refusal):
            sharing.choose_members(account_id=family.account.pk, tenant_ids=[], by=by, key=key())
        with pytest.raises(refusal):
            sharing.accounts(by)
    with pytest.raises(NoSharedAccount):
        sharing.switch_shared(account_id=9_999, on=False, by=family.hq, key=key())
    with pytest.raises(Unauthenticated):
        sharing.accounts(ANONYMOUS)
    assert SharedMember.objects.count() == 2


def test_an_own_account_that_becomes_shared_keeps_its_people(db, wx, headquarters, lotus, maple):
    with in_branch(lotus.tenant):
        own = stand.open_account(wx)
        stand.bind(wx, own, "wu")
        given = stand.opened(own)
    FAMILY[:] = [lotus]
    with in_public():
        told = {"appid": own.appid, "original_id": own.original_id, "name": own.name}
        told |= {"app_secret": given.secret, "token": given.token, "aes_key": "h" * 20 + "4aBcDeFgHiJkLmNoPqRsTuV"}
        made_one = sharing.share_account(**told, by=headquarters.hq, key=key())
        family = Family(SharedAccount.objects.get(pk=made_one.entity_id), given, wx, headquarters.hq)
    family.choose(lotus)
    with in_branch(lotus.tenant):
        found = WxAccount.objects.get()
        assert (found.pk, found.shared, found.app_secret) == (own.pk, True, "")
        assert StaffBinding.objects.get().account_id == own.pk
        assert credentials_of(found).secret == given.secret


def test_cards_of_both_branches_go_by_the_one_account(family, wx, lotus, maple):
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            Technician.objects.exclude(user__username="wu").update(on_duty=False)
            openid = f"o-family-wu-{branch.tenant.slug}"
            family.person(f"wu-{branch.tenant.slug}", openid)
            bind_at_once(account=branch_account(), user_id=actor("wu").id, openid=openid)
            make_ticket()
            stand.relay()
            delivery.send_due()
    sent = wx.cards(appid=family.account.appid)
    assert sorted(one["openid"] for one in sent) == ["o-family-wu-lotus", "o-family-wu-maple"]
    assert [url_host(one["url"]) for one in sent] == ["lotus.localhost", "maple.localhost"]
    assert wx.token_calls(family.account.appid) == 1


def url_host(url):
    return urlsplit(url).hostname


def test_sixteen_threads_of_two_branches_ask_for_one_token(
    committed: Database, wx, headquarters: Branch, lotus: Branch, maple: Branch
) -> None:
    family = made(wx, headquarters.hq, lotus, maple)

    def token(number: int) -> str:
        try:
            with in_branch((lotus, maple)[number % 2].tenant):
                return client_for(WxAccount.objects.get(shared=True)).access_token
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        tokens = set(pool.map(token, range(16)))
    assert len(tokens) == 1
    assert wx.token_calls(family.account.appid) == 1


def test_two_headquarters_choosing_at_once_leave_one_truth(
    committed: Database, wx, headquarters: Branch, lotus: Branch, maple: Branch
) -> None:
    family = made(wx, headquarters.hq, lotus, maple)

    def choose(branch: Branch) -> None:
        try:
            family.choose_only(branch)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(choose, (lotus, maple)))
    with in_public():
        assert SharedMember.objects.count() == 1


def _another() -> dict[str, str]:
    return {
        "appid": "wx" + random.token_hex(8), "original_id": "gh_" + random.token_hex(6), "name": "另一个",
        "app_secret": random.token_hex(16), "token": random.token_hex(12),
        "aes_key": "f" * 20 + "4aBcDeFgHiJkLmNoPqRsTuV",
    }  # fmt: skip
