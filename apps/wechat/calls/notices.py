"""Subscribe notices (订阅通知) of one account: sending one, and the account's own pool (WeChat doc: §1.6)."""

from typing import Any

from apps.wechat.calls.client import client_for
from apps.wechat.models import WxAccount


def send_notice(account: WxAccount, *, openid: str, template_id: str, data: dict[str, Any], page: str) -> int | None:
    """One message for one consent; its number, if WeChat names one. Raises WeChatError. Never repeat it."""
    client = client_for(account)
    return client.subscribe_bizsend(openid=openid, template_id=template_id, data=data, page=page)


def notice_pool(account: WxAccount) -> list[dict[str, Any]]:
    """The notice templates this account has chosen. Raises WeChatError. One round trip."""
    answer = client_for(account).get("/wxaapi/newtmpl/gettemplate", api_base_url="https://api.weixin.qq.com")
    return [one for one in answer.get("data") or [] if isinstance(one, dict)]
