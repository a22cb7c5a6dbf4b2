"""What somebody wants who writes to the account, told by a few words (WeChat doc: §1.2). Pure."""

from enum import StrEnum

MOST_WORDS = 12  # a longer text is a description, whatever words stand in it


class Wish(StrEnum):
    """What a short text asks for."""

    REPORT = "report"  # it describes a fault
    PROGRESS = "progress"
    URGE = "urge"
    HELLO = "hello"  # it asks what can be done here


# The first row that fits counts: 催一下进度 is an urge.
_PARTS: tuple[tuple[Wish, tuple[str, ...]], ...] = (
    (Wish.URGE, ("催", "urge", "hurry")),
    (Wish.PROGRESS, ("进度", "查询", "查单", "查工单", "我的工单", "到哪了", "状态", "progress", "status")),
)
_HELLO = (
    "",
    "报修",
    "我要报修",
    "报障",
    "维修",
    "你好",
    "您好",
    "在吗",
    "帮助",
    "report",
    "hi",
    "hello",
    "help",
    "?",
    "？",
)


def wish_of(text: str) -> Wish:
    """What this text asks for; everything that is not one of the few words is a report."""
    plain = text.strip().lower().rstrip("。.!！~")
    if len(plain) > MOST_WORDS:
        return Wish.REPORT
    if plain in _HELLO:
        return Wish.HELLO
    return next((wish for wish, words in _PARTS if any(word in plain for word in words)), Wish.REPORT)
