"""Which cards there are: what each says, whom it leads where, how long it is worth anything. Pure.

Never in a card: name, phone, full address. It lies on lock screens and in Tencent's systems (WeChat doc: §3.8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.wechat import values

FACTS = {"number": "工单编号", "fault": "故障类型", "area": "地点", "time": "报修时间", "status": "状态"}


@dataclass(frozen=True)
class Card:
    """One kind of card. `page` is where a tap leads; `wave`: only while the ticket waits in the pool."""

    key: str
    title: str
    status: str
    page: str
    worth: timedelta
    wave: bool = False
    customer: bool = False


_ALL = (
    Card("new_ticket", "新工单提醒", "待抢单", "/w/t/{ticket}?m={card}", timedelta(minutes=10), wave=True),
    Card("dispatched", "派单提醒", "已派单", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("reassigned", "改派提醒", "改派给您", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("accepted", "报修受理通知", "已接单", "/h5/t/{ticket}", timedelta(hours=12), customer=True),
    Card("completed", "维修完成通知", "已完工", "/h5/t/{ticket}", timedelta(hours=24), customer=True),
)
CARDS: dict[str, Card] = {card.key: card for card in _ALL}


def rendered(keywords: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The `data` of template/send: each keyword of the branch's template with its fact, in a form WeChat takes."""
    return {key: values.fit(key, facts.get(fact, "")) for fact, key in keywords.items()}


def standard_templates(prefix: str) -> dict[str, dict[str, Any]]:
    """One template for each card with our five keywords, as a branch would choose them from the library."""
    keywords = {
        "number": "character_string1", "fault": "thing2", "area": "thing3", "time": "time4", "status": "phrase5",
    }  # fmt: skip
    return {
        card.key: {"template_id": f"{prefix}_{card.key}", "title": card.title, "keywords": dict(keywords)}
        for card in _ALL
    }
