"""Binding under a shared account: the code's branch answers, and the WeChat is that branch's from then on."""

from apps.wechat import selectors, services
from apps.wechat.gateway import people, waiting
from apps.wechat.gateway.models import SharedPerson
from apps.wechat.inbound import inbox
from apps.wechat.models import BindCode, ChatAnswer
from apps.wechat.services import erasing
from tenants.context import in_branch, in_public
from tests.make import actor, key
from tests.wechat.binding import begun, bound, claim, person_says_yes, phone_says_yes
from tests.wechat.family import ZHAO, family

__all__ = ["family"]


def bind_at(branch):
    with in_branch(branch.tenant):
        cai = actor("cai")
        _code, letters = begun(cai)
        code_id = claim(selectors.required_account(), letters, ZHAO)
        phone_says_yes(code_id, ZHAO)
        person_says_yes(code_id, cai)
        assert bound(cai) == [ZHAO]
    return cai


def whose():
    with in_public():
        return list(SharedPerson.objects.filter(openid=ZHAO).values_list("tenant_id", "by"))


def test_the_wechat_is_the_branchs_where_both_said_yes(family, lotus, maple):
    with in_branch(lotus.tenant):
        people.serve(openid=ZHAO, appid=family.account.appid, tenant=lotus.tenant, by=people.VISIT)
    bind_at(maple)
    assert whose() == [(maple.tenant.pk, people.BINDING)]


def test_a_scan_reaches_the_branch_whose_screen_shows_the_code(family, lotus, maple):
    with in_branch(maple.tenant):
        code, _letters = begun(actor("cai"))
        scene = code.scene.name
    assert family.event("SCAN", EventKey=scene).status_code == 200
    waiting.route_waiting()
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            inbox.take_all()
    with in_branch(maple.tenant):
        assert BindCode.objects.get().openid == ZHAO
        assert "maple.localhost" in ChatAnswer.objects.get(about="bind").text
    with in_branch(lotus.tenant):
        assert not ChatAnswer.objects.exists()


def test_unbound_and_known_in_no_other_way_it_is_nobodys(family, maple):
    cai = bind_at(maple)
    with in_branch(maple.tenant):
        services.unbind_staff(user_id=cai.id, by=cai, key=key())
        erasing.sweep()
    assert whose() == []
