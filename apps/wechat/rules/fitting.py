"""Which fact belongs in which keyword of a template, as a person would guess from its labels. Pure.

A template's text has a line for each keyword: `工单编号:{{character_string1.DATA}}`.
"""

import re
from collections.abc import Iterable, Mapping

from apps.wechat.rules.cards import FACTS
from apps.wechat.rules.templates import FITTING

_LINE = re.compile(r"^\s*([^\n{]*?)\s*[:：]?\s*\{\{\s*([A-Za-z_]+\d+)\.DATA\s*\}\}", re.MULTILINE)
# Words by which the library calls our facts, besides our own.
_ALSO: dict[str, tuple[str, ...]] = {
    "number": ("工单号", "单号", "编号"), "fault": ("故障", "问题", "服务项目", "类型", "事项"),
    "area": ("地点", "地址", "区域", "位置"), "time": ("时间", "日期"), "status": ("状态", "进度", "结果"),
}  # fmt: skip


def labels_of(template: Mapping[str, str]) -> list[tuple[str, str]]:
    """Key and label of each keyword, in the template's order."""
    return [(key, label or key) for label, key in _LINE.findall(template.get("content", ""))]


def fitting(template_id: str, pool: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Fact to key: first by our own label, then by a likely word, then by type, each fact and key once."""
    template = next((one for one in pool if one.get("template_id") == template_id), {})
    free = dict(labels_of(template))
    chosen: dict[str, str] = {}
    for likes in (_same_label, _likely_word, _any_label):
        for fact in FACTS:
            if fact in chosen:
                continue
            if key := next((key for key, label in free.items() if _kind_fits(fact, key) and likes(fact, label)), None):
                chosen[fact] = key
                free.pop(key)
    return chosen


def _kind_fits(fact: str, key: str) -> bool:
    return key.rstrip("0123456789") in FITTING[fact]


def _same_label(fact: str, label: str) -> bool:
    return label == FACTS[fact]


def _likely_word(fact: str, label: str) -> bool:
    return any(word in label for word in _ALSO[fact])


def _any_label(fact: str, label: str) -> bool:
    return True
