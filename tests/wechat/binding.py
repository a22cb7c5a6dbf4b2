"""Codes and phones for the tests of bindings: Bai administers, Cai is a clerk without a WeChat, her phone is new."""

from typing import Any

from apps.wechat.models import BindCode, StaffBinding
from apps.wechat.services import binding_codes
from steppe.kernel.actors import ANONYMOUS, Actor
from tests.make import client_at, key
from tests.wechat.test_sign_in import at_wechat, start

CAIS = "o-lotus-cai"
STRANGERS = "o-lotus-stranger"


def begun(by: Actor, user_id: int = 0) -> tuple[BindCode, str]:
    """A new code for this person, and its letters."""
    this = key()
    receipt = binding_codes.begin(user_id=user_id or by.id or 0, by=by, key=this)
    return BindCode.objects.select_related("scene").get(pk=receipt.entity_id), binding_codes.code_behind(this, by)


def claim(account: Any, typed: str, openid: str = CAIS) -> int:
    """A phone types the code; the code's id."""
    receipt = binding_codes.claim_by_code(account=account, openid=openid, typed=typed, by=ANONYMOUS, key=key())
    return receipt.entity_id


def phone_says_yes(code_id: int, openid: str = CAIS) -> Any:
    return binding_codes.phone_agrees(code_id=code_id, openid=openid, by=ANONYMOUS, key=key())


def person_says_yes(code_id: int, by: Actor) -> Any:
    return binding_codes.person_agrees(code_id=code_id, by=by, key=key())


def bound(by: Actor) -> list[str]:
    """The openids that this person's account is bound to."""
    return list(StaffBinding.objects.filter(user_id=by.id).values_list("openid", flat=True))


def phone_in_wechat(wx: Any, branch: Any, user: str, page: str = "/wx/bind") -> Any:
    """A browser in WeChat at the branch's site, come back from WeChat to this page."""
    phone = client_at(branch)
    phone.get(at_wechat(wx, start(phone, page), user))
    return phone


def introduce(wx: Any, account: Any, name: str, openid: str) -> str:
    """A person with a phone in the sandbox, who follows the account; the name there."""
    follows = [{"appid": account.appid, "openid": openid}]
    wx.tell("users", {"user_id": name, "name": name, "lat": 43.9, "lng": 116.1, "follows": follows})
    return name
