"""Invented tickets for the style guide: one in each state, so that every component can be looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms

from steppe.kernel import clock
from steppe.ui.states import FLAGS, STATES


@dataclass(frozen=True)
class SampleTicket:
    """As much of a ticket as a row shows."""

    no: str
    state: str
    kind: str
    place: str
    note: str
    technician: str
    due_at: datetime | None
    priority: str = "P2"
    urged: int = 0

    @property
    def is_late(self) -> bool:
        """Past its time and still running."""
        return self.due_at is not None and self.due_at < clock.now()


class SampleForm(forms.Form):
    """One field of each kind."""

    phone = forms.CharField(label="联系电话", help_text="手机号或带区号的固定电话", initial="138 0000 0427")
    kind = forms.ChoiceField(label="类型", choices=[("b", "宽带故障"), ("t", "电视故障"), ("m", "移机")])
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    reason = forms.ChoiceField(
        label="原因",
        choices=[("dup", "重复报障"), ("fake", "虚假报修"), ("test", "测试"), ("other", "其他")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="本次处理中可以联系我", required=False)


def context() -> dict[str, Any]:
    """Everything the pages of the guide show; no query."""
    now = clock.now()
    wrong = SampleForm({"phone": "", "kind": "b"})
    return {
        "states": STATES,
        "flags": FLAGS,
        "tickets": _tickets(now),
        "form": SampleForm(),
        "wrong": wrong,
        "soon": now + timedelta(minutes=7),
        "later": now + timedelta(minutes=58, seconds=30),
        "over": now - timedelta(minutes=18, seconds=20),
        "long_over": now - timedelta(hours=1, minutes=12, seconds=5),
        "far": now + timedelta(days=2, hours=3, minutes=1),
        "last_year": now - timedelta(days=400),
        "reasons": [("dup", "重复报障"), ("fake", "虚假报修"), ("wrong", "地址错误"), ("other", "其他")],
        "branch": {"name": "锡林郭勒分公司"},
        "actor": {"name": "张敏", "role_name": "调度员"},
        "symbols": SYMBOLS,
        "candidates": CANDIDATES,
        "tiles": TILES,
        "history": HISTORY,
    }


def _tickets(now: datetime) -> list[SampleTicket]:
    return [_ticket(line.split("|"), now) for line in TICKETS.strip().splitlines()]


def _ticket(cells: list[str], now: datetime) -> SampleTicket:
    no, state, kind, place, note, technician, minutes, priority, urged = (cell.strip() for cell in cells)
    due_at = now + timedelta(minutes=int(minutes), seconds=30) if minutes else None
    return SampleTicket(no, state, kind, place, note, technician, due_at, priority, int(urged or 0))


# number | state | kind | place | note | technician | minutes left | priority | urged
TICKETS = """
000812|pooled|宽带故障|希日塔拉 · 新华小区 6-2-301|LOS 红灯||-18|P1|2
000790|in_progress|线路抢修|南郊 · 光缆中断，影响 64 户|到场 12:10|抢修一组|-42|P0|
000809|pooled|电视故障|杭盖 · 额尔德木图 12 号|无信号||7|P2|
000815|submitted|宽带故障|地址不明，待核实|来电 0479-8****26||22|P2|
000798|in_progress|宽带故障|宝力根 · 畜牧小区 8-4-102|到场 13:05|李强|35|P2|
000807|pooled|牧区无线故障|朝克乌拉苏木 · 86 km|无法上网||46|P2|
000811|assigned|宽带新装|额尔敦 · 学府花园 1-1-501|派单 13:40|赵敏|52|P2|
000801|accepted|宽带新装|楚古兰 · 盛世嘉园 3-1-902|预约 14:00–16:00|巴特尔|58|P2|
000795|on_hold|移机|额尔敦 · 学府花园 2-3-501|用户改约明日|乌云娜||P3|
000786|awaiting_callback|宽带故障|希日塔拉 · 锡林小区 1-1-201|待评价|李强|1320|P2|
000779|closed|电视故障|楚古兰 · 团结大街 88 号|5|巴特尔||P2|
000776|cancelled|移机|杭盖 · 阳光里 5-2-403|用户撤单|||P2|
000774|void|宽带故障|希日塔拉 · 新华小区 6-2-301|重复 → 000770|||P2|
"""
SYMBOLS = """brand call pin camera plus search user users menu moon sun contrast globe tv wifi mast no-signal dots bolt
list box yen check close chevron down up wrench star star-full refresh sound mute info exit keyboard home swap urge due
overdue""".split()  # noqa: SIM905 - a list of fifty quoted words is harder to read
CANDIDATES = [
    {
        "face": "巴",
        "name": "巴特尔",
        "why": "技能相符 · 本网格 · 最近",
        "metres": 1200,
        "load": "2/5 · 空闲",
        "warn": False,
    },
    {
        "face": "李",
        "name": "李强",
        "why": "技能相符 · 本网格",
        "metres": 2640,
        "load": "3/5 · 处理中 35 分",
        "warn": False,
    },
    {"face": "赵", "name": "赵敏", "why": "已达上限，强派须写原因", "metres": 3900, "load": "5/5 · 已满", "warn": True},
    {"face": "乌", "name": "乌云娜", "why": "邻网格", "metres": 6400, "load": "1/5 · 空闲", "warn": False},
]
TILES = [
    {"key": 0, "icon": "overdue", "css": "s-overdue", "n": 2, "word": "超时", "small": "最久 42 分", "loud": True},
    {"key": 1, "icon": "s-pooled", "css": "s-pooled", "n": 12, "word": "待接单", "small": "最久 18 分", "now": True},
    {"key": 2, "icon": "s-accepted", "css": "s-accepted", "n": 23, "word": "已接单", "small": "3 待确认"},
    {"key": 3, "icon": "s-in_progress", "css": "s-in_progress", "n": 17, "word": "处理中", "small": ""},
    {"key": 4, "icon": "s-on_hold", "css": "s-on_hold", "n": 5, "word": "已挂起", "small": "2 今日到期"},
    {"key": 5, "icon": "s-awaiting_callback", "css": "s-awaiting_callback", "n": 31, "word": "等待回访", "small": ""},
    {"key": 6, "icon": "s-closed", "css": "s-closed", "n": 64, "word": "今日完结", "small": "及时率 93%"},
    {"key": 7, "icon": "s-void", "css": "s-void", "n": 0, "word": "无效", "small": "", "zero": True},
]
HISTORY = [
    {"icon": "s-in_progress", "css": "s-in_progress", "what": "到场", "who": "李强", "at": "13:05", "why": "距离 40 m"},
    {"icon": "s-accepted", "css": "s-accepted", "what": "抢单", "who": "李强", "at": "12:31", "why": "用时 38 秒"},
    {"icon": "bolt", "css": "s-pooled", "what": "推送第 1 波", "who": "6 人", "at": "12:30", "why": "最近 1.2 km"},
    {"icon": "s-pooled", "css": "s-pooled", "what": "入池", "who": "系统", "at": "12:30", "why": ""},
    {"icon": "user", "css": "", "what": "报修", "who": "微信", "at": "12:29", "why": "LOS 红灯"},
]
