"""A public library of templates, as an account chooses its own from one: invented, but shaped like WeChat's.

The number in a key is the keyword's number in the library, so that two accounts that choose the same
keywords in another order get the same keys (WeChat doc: §1.5).
"""

from dataclasses import dataclass

from sandbox.models import Keyword

CATEGORY = {"id": 612, "name": "IT科技 > 电信业务运营商"}
_LINES = (
    "1 character_string 工单编号;2 thing 故障类型;3 thing 地点;4 time 报修时间;5 phrase 状态;6 thing 备注;"
    "7 time 预约时间;8 thing 服务项目;9 const 优先级;10 thing 温馨提示;11 number 已通知人数"
)
PRIORITIES = ("普通", "紧急", "特急")


@dataclass(frozen=True)
class Entry:
    """One title of the library; `number` is its tid and its template_id_short."""

    number: str
    title: str


TITLES = (
    Entry("47123", "新工单提醒"),
    Entry("47124", "派单提醒"),
    Entry("47125", "工单状态变更提醒"),
    Entry("47126", "客户催单提醒"),
    Entry("47127", "时限提醒"),
    Entry("47128", "上门预约通知"),
    Entry("47129", "网络故障通知"),
    Entry("47130", "报修受理通知"),
    Entry("47131", "维修完成通知"),
    Entry("47132", "服务结果通知"),
)


def _keyword(line: str) -> tuple[str, Keyword]:
    number, kind, label = line.split()
    return number, Keyword(f"{kind}{number}", label, PRIORITIES if kind == "const" else ())


KEYWORDS: dict[str, Keyword] = dict(_keyword(line) for line in _LINES.split(";"))
BY_LABEL = {keyword.label: keyword for keyword in KEYWORDS.values()}
BY_NUMBER = {entry.number: entry for entry in TITLES}
EXAMPLES = {
    "character_string": "XL202607020031",
    "thing": "宽带无法上网",
    "time": "2026年7月2日 09:12",
    "phrase": "待处理",
}
