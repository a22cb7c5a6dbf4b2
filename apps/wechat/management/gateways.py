"""How the branch's SMS account and WeCom are described to the sandbox, which stands in for both."""

from typing import Any

from apps.wechat.calls.channel_vault import sms_keys, wecom_keys
from apps.wechat.demo import SMS_TEXTS
from apps.wechat.models import SmsAccount, WecomAccount, WecomMember


def described_sms(account: SmsAccount) -> dict[str, Any]:
    """The app with its key, its signature and its approved templates."""
    keys = sms_keys(account)
    return {
        "sdk_app_id": keys.app_id, "secret_id": keys.key_id, "secret_key": keys.secret, "signs": [keys.sign_name],
        "templates": [
            {"template_id": entry["template_id"], "content": _content(card, entry["facts"])}
            for card, entry in account.templates.items()
        ],
    }  # fmt: skip


def described_wecom(account: WecomAccount, *, name: str) -> dict[str, Any]:
    """The company with the branch's application, and the robot of its group if there is one."""
    keys = wecom_keys(account)
    return {
        "corpid": keys.corpid or f"robot-{keys.robot_key[:8]}", "name": name,
        "agents": [{"agentid": keys.agentid, "secret": keys.secret, "name": "派单助手"}] if keys.secret else [],
        "robots": [{"key": keys.robot_key, "name": "派单机器人", "members": []}] if keys.robot_key else [],
    }  # fmt: skip


def wecom_names(account: WecomAccount | None) -> dict[int, dict[str, str]]:
    """Who is who in WeCom, by user id, as the sandbox wants to hear it of a person. One query."""
    if account is None:
        return {}
    rows = WecomMember.objects.values_list("user_id", "userid")
    corp = account.corpid or f"robot-{wecom_keys(account).robot_key[:8]}"
    return {user_id: {"corpid": corp, "userid": userid} for user_id, userid in rows}


def _content(card: str, facts: list[str]) -> str:
    known, text = SMS_TEXTS.get(card, ((), ""))
    return text if list(known) == facts else " ".join(f"{{{place + 1}}}" for place in range(len(facts)))
