"""Which cards there are: what each says, whom it leads where, how long it is worth anything. Pure.

Never in a card: name, phone, full address. It lies on lock screens and in Tencent's systems (WeChat doc: §3.8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.wechat.rules import values

FACTS = {"number": "工单编号", "fault": "故障类型", "area": "地点", "time": "报修时间", "status": "状态"}


@dataclass(frozen=True)
class Card:
    """One kind of card. `page` is where a tap leads; `wave`: only while the ticket waits in the pool.

    `farewell`: the ticket is no longer the person's, and that is what it says. `ticketless`: about no ticket at all.
    """

    key: str
    title: str
    status: str
    page: str
    worth: timedelta
    wave: bool = False
    customer: bool = False
    farewell: bool = False
    ticketless: bool = False


_ALL = (
    Card("new_ticket", "新工单提醒", "待抢单", "/w/t/{ticket}?m={card}", timedelta(minutes=10), wave=True),
    Card("dispatched", "派单提醒", "已派单", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("reassigned", "改派提醒", "改派给您", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("taken_away", "工单转出提醒", "已转他人", "/w/mine", timedelta(hours=2), farewell=True),
    Card("ended", "工单撤销提醒", "已撤销", "/w/mine", timedelta(hours=12), farewell=True),
    Card("urged", "客户催单提醒", "客户催单", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("sent_back", "回访退回提醒", "需返工", "/w/t/{ticket}?m={card}", timedelta(hours=12)),
    Card("held", "挂起通过提醒", "已挂起", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("resumed", "恢复处理提醒", "继续处理", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("incident_over", "大面积故障恢复", "已恢复", "/w/mine", timedelta(hours=2), farewell=True),
    Card("refused", "申请驳回提醒", "申请驳回", "/w/t/{ticket}?m={card}", timedelta(hours=2)),
    Card("clock", "时限提醒", "即将超时", "/w/t/{ticket}?m={card}", timedelta(minutes=30)),
    Card("escalated", "工单升级提醒", "请您督办", "/console/t/{ticket}/", timedelta(hours=2)),
    Card("stock", "库存预警提醒", "待处理", "/console/stock/warnings/", timedelta(hours=12), ticketless=True),
    Card("booked", "上门预约通知", "已预约", "/h5/t/{ticket}", timedelta(hours=12), customer=True),
    Card("pause", "改期上门确认", "待您确认", "/h5/t/{ticket}", timedelta(hours=12), customer=True),
    Card("incident", "网络故障通知", "抢修中", "/h5/t/{ticket}", timedelta(hours=12), customer=True),
    Card("merged", "报修合并通知", "已合并", "/h5/t/{ticket}", timedelta(hours=12), customer=True),
    Card("not_done", "服务结果通知", "无法施工", "/h5/t/{ticket}", timedelta(hours=24), customer=True),
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
