"""Printed codes and answers under an account that two branches share: the code's branch answers, and no other."""

import pytest

from apps.wechat import tasks
from apps.wechat.gateway import people
from apps.wechat.gateway import services as gateway
from apps.wechat.inbound import inbox as inbound
from apps.wechat.models import ChatAnswer, Draft, Scene
from apps.wechat.services import scenes
from tenants.context import in_branch
from tests.make import actor, key
from tests.wechat.family import ZHAO, family

__all__ = ["family"]


@pytest.fixture
def code(family, lotus):
    """A building's code of Lotus, drawn with the account of headquarters."""
    with in_branch(lotus.tenant):
        bai, told = actor("bai"), {"label": "白桦园7号楼", "grid": "E1", "point": "43.934, 116.087"}
        made = scenes.make_code(kind="building", **told, by=bai, key=key())
        scenes.draw_code(scene_id=made.entity_id, by=bai)
        return Scene.objects.select_related("account").get(pk=made.entity_id)


def test_the_codes_branch_answers_a_person_nobody_knew(family, code, lotus, maple):
    assert code.url and code.account.shared
    family.event("SCAN", EventKey=code.name)
    assert tasks.route_shared() == 1
    with in_branch(lotus.tenant):
        inbound.take_all()
        assert "lotus.localhost" in ChatAnswer.objects.get().text and Draft.objects.get().lat == 43.934
    with in_branch(maple.tenant):
        assert inbound.take_all() == 0 and not ChatAnswer.objects.exists()


def test_of_two_branches_that_know_a_follower_one_welcomes(family, lotus, maple):
    for branch in (maple, lotus):
        gateway.serve(openid=ZHAO, appid=family.account.appid, tenant=branch.tenant, by=people.CHOICE)
    family.event("subscribe", EventKey="")
    said = {}
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            assert inbound.take_all() == 1
            said[branch.host] = ChatAnswer.objects.count()
    assert said == {"lotus.localhost": 1, "maple.localhost": 0}


def test_a_follower_by_a_code_hears_of_it_from_its_branch_only(family, code, lotus, maple):
    gateway.serve(openid=ZHAO, appid=family.account.appid, tenant=maple.tenant, by=people.VISIT)
    family.event("subscribe", EventKey=f"qrscene_{code.name}")
    tasks.route_shared()
    with in_branch(lotus.tenant):
        inbound.take_all()
        assert "白桦园7号楼" in ChatAnswer.objects.get().text
    with in_branch(maple.tenant):
        inbound.take_all()
        assert not ChatAnswer.objects.exists()
