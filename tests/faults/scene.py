"""Who gets the cards: a crew with phones, most of it in WeChat and WeCom, and the branch's three accounts."""

import secrets
from dataclasses import dataclass
from random import Random
from typing import Any

from apps.people import roles as r
from apps.people import services as people
from apps.people.models import OrgUnit, Technician
from apps.wechat import demo, services
from apps.wechat.management import gateways
from apps.wechat.management.commands import introduce_sandbox as introduce
from apps.wechat.models import WxAccount
from apps.wechat.services import channels
from tenants.context import current_branch, in_public
from tenants.models import Tenant
from tests.wechat import stand
from tests.wechat.stand import Sandbox

POLICY = {
    "wave_size_grid": 8, "wave_size_branch": 12, "wave_minutes": [2, 4], "push_cap_per_hour": 60,
    "technician_cap": 100, "service": [0, 1440],
}  # fmt: skip
TOWN = (43.933, 116.086)


@dataclass(frozen=True)
class Scene:
    """The account, the WeCom company, and who is who: sandbox's phone to technician; who could be reached by WeCom."""

    account: WxAccount
    corpid: str
    phones: dict[str, int]
    in_wecom: set[int]


def set_up(wx: Sandbox, *, crew: int, dice: Random) -> Scene:
    """In the branch we stand in; whoever was on duty there before is sent home."""
    _decide_policy()
    Technician.objects.update(on_duty=False)
    grid = OrgUnit.objects.filter(kind="grid", lat__isnull=False).order_by("id")[0]
    technicians = [_hire(grid, number, dice) for number in range(crew)]
    return _connect(wx, technicians, dice)


def spot(dice: Random) -> tuple[float, float]:
    """Somewhere in town."""
    return TOWN[0] + dice.uniform(-0.08, 0.08), TOWN[1] + dice.uniform(-0.08, 0.08)


def _decide_policy() -> None:
    branch = current_branch()
    branch.policy = {**branch.policy, **POLICY}
    with in_public():
        Tenant.objects.filter(pk=branch.pk).update(policy=branch.policy)


def _hire(grid: OrgUnit, number: int, dice: Random) -> Technician:
    name, above = f"push{number:03}", OrgUnit.objects.get(pk=grid.parent_id)
    user = people.add_user(
        username=name, name=f"师傅{number}", encoded="!", grants=[(r.TECHNICIAN, above.path)], phone=f"13{number:09}"
    )
    lat, lng = spot(dice)
    made = people.add_technician(user=user, org_unit=grid, skills=["broadband", "tv"], cap=100, lat=lat, lng=lng)
    Technician.objects.filter(pk=made.pk).update(on_duty=True)
    return made


def _connect(wx: Sandbox, technicians: list[Technician], dice: Random) -> Scene:
    slug, shuffled = current_branch().slug, dice.sample(technicians, len(technicians))
    few = max(1, len(technicians) // 20)
    strangers, outside, gone, tired = (shuffled[few * part : few * (part + 1)] for part in range(4))
    account = stand.open_account(wx)
    for one in technicians:
        if one not in strangers:
            services.bind_at_once(account=account, user_id=one.user_id, openid=f"o-{slug}-{one.user.username}")
    linked = [one for one in technicians if one not in outside]
    wecom = channels.connect_wecom(**demo.demo_wecom(slug) | {"secret": secrets.token_hex(20)})
    channels.link_members({one.user_id: f"{slug}.{one.user.username}" for one in linked})
    wx.tell("wecom", gateways.described_wecom(wecom, name=slug))
    wx.tell("sms", gateways.described_sms(channels.connect_sms(**demo.demo_sms(slug))))
    _introduce(wx, account, strangers)
    for one in gone:  # WeChat knows it, the branch will be told by 43004
        wx.tell("users", _phone(one, follows=[{"appid": account.appid, "following": False}]))
    for one in tired:
        told = {"user_id": f"{slug}-{one.user.username}", "appid": account.appid, "action": "refuse_template"}
        wx.tell("act", told | {"template_id": account.templates["new_ticket"]["template_id"]})
    phones = {f"{slug}-{one.user.username}": one.pk for one in technicians}
    return Scene(account, wecom.corpid, phones, {one.pk for one in linked})


def _introduce(wx: Sandbox, account: WxAccount, strangers: list[Technician]) -> None:
    for person in introduce.persons(current_branch(), account):
        wx.tell("users", person)
    names = gateways.wecom_names(introduce.wecom_account())
    for one in strangers:
        wx.tell("users", _phone(one, wecom=[names[one.user_id]] if one.user_id in names else []))


def _phone(one: Technician, **more: Any) -> dict[str, Any]:
    named = {"user_id": f"{current_branch().slug}-{one.user.username}", "name": one.user.name, "group": "technician"}
    return named | {"lat": one.lat, "lng": one.lng, "phone": one.user.phone} | more
