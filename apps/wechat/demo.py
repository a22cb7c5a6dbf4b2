"""An invented service account for the sandbox, always the same for the same branch. Opens nothing anywhere else."""

import base64
import hashlib
from typing import Any

from apps.wechat.rules.cards import standard_templates

# What the sandbox's gateway has approved: the facts in the order of the places, and the text.
SMS_TEXTS: dict[str, tuple[tuple[str, ...], str]] = {
    "code": (("code",), "验证码 {1}，十分钟内有效，请勿告诉他人。"),
    "new_ticket": (("fault", "area", "link"), "新工单：{1}，{2}。抢单 {3}"),
    "dispatched": (("number", "fault", "link"), "已派单给您：{1} {2}。{3}"),
    "reassigned": (("number", "fault", "link"), "已改派给您：{1} {2}。{3}"),
    "sent_back": (("number", "link"), "回访退回，需要返工：{1}。{2}"),
    "escalated": (("number", "fault", "link"), "请您督办：{1} {2}。{3}"),
    "clock": (("number", "link"), "工单 {1} 即将超时。{2}"),
    "accepted": (("number", "link"), "您的报修 {1} 已接单，进度 {2}"),
    "completed": (("number", "link"), "您的报修 {1} 已完工，请评价 {2}"),
    "pause": (("number", "link"), "您的报修 {1} 可否改期上门？请确认 {2}"),
}


def demo_account(slug: str, name: str) -> dict[str, Any]:
    """The arguments of `connect_account` for a demo branch."""
    appid = "wx" + _digest(slug, "appid")[:16]
    return {
        "appid": appid,
        "original_id": "gh_" + _digest(slug, "original")[:12],
        "name": f"{name}服务号",
        "app_secret": _digest(slug, "secret")[:32],
        "token": _digest(slug, "token")[:24],
        "aes_key": base64.b64encode(bytes.fromhex(_digest(slug, "aes"))).decode().rstrip("="),
        "templates": standard_templates(appid),
    }


def demo_notices(slug: str) -> dict[str, Any]:
    """The two notices a customer of a demo branch may ask for, as `WxAccount.notices` has them."""
    appid = demo_account(slug, "")["appid"]
    standard = standard_templates(f"{appid}_n")
    return {card: standard[card] for card in ("accepted", "completed")}


def demo_sms(slug: str) -> dict[str, Any]:
    """The arguments of `connect_sms`: an app that only the sandbox's gateway knows."""
    return {
        "app_id": "14" + str(int(_digest(slug, "sms")[:8], 16)).zfill(10)[:8],
        "key_id": "AKID" + _digest(slug, "key")[:28],
        "secret": _digest(slug, "sms key")[:32], "sign_name": "格派维修",
        "templates": {
            card: {"template_id": str(900100 + number), "facts": list(facts)}
            for number, (card, (facts, _text)) in enumerate(SMS_TEXTS.items())
        },
    }  # fmt: skip


def demo_wecom(slug: str) -> dict[str, Any]:
    """The arguments of `connect_wecom`: a company that only the sandbox's WeCom knows."""
    return {
        "corpid": "ww" + _digest(slug, "corp")[:16], "agentid": "1000002", "secret": _digest(slug, "agent")[:43],
        "robot_key": "",
    }  # fmt: skip


def _digest(slug: str, what: str) -> str:
    return hashlib.sha256(f"steppe demo\n{slug}\n{what}".encode()).hexdigest()
