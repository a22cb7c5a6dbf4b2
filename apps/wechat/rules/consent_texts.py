"""What people agree to, word for word, in both languages (PIPL, WeChat doc: §3.8). Pure.

A change of a word is a new version: whoever agreed to the former text is asked again.
"""

import hashlib
from dataclasses import dataclass

LOCATION, PLACE_ONCE, PHONE = "location", "place_once", "phone"


@dataclass(frozen=True)
class Text:
    """One use of personal data: `short` is the sentence beside the button, `points` what the page says."""

    purpose: str
    version: str
    short: dict[str, str]
    points: dict[str, tuple[str, ...]]

    @property
    def sum(self) -> str:
        """What was read, provable later: the sum of both languages."""
        parts = [
            f"{language}\n{self.short[language]}\n" + "\n".join(self.points[language]) for language in ("zh", "en")
        ]
        return hashlib.sha256("\n".join([self.purpose, self.version, *parts]).encode()).hexdigest()


TEXTS: dict[str, Text] = {
    LOCATION: Text(
        LOCATION, "2026-11",
        {
            "zh": "听单期间使用您的位置，只用来找离您最近的工单。",
            "en": "While you listen, your position is used to find the tickets nearest to you, and for nothing else.",
        },
        {
            "zh": (
                "用途：只用来计算您离工单有多远，把近的工单先推给您。",
                "时间：只在您打开“听单”之后；停止听单时，位置立刻删除。",
                "保存：只保存最近一次的位置，不记录您走过的路；最长 90 天。",
                "谁能看到：调度员只看到距离，不看地图上的您。",
                "不同意也可以：照常听单、抢单，距离按网格所在地计算。",
                "随时可以在这里撤回。",
            ),
            "en": (
                "What for: only to tell how far you are from a ticket, so that near ones reach you first.",
                "When: only while you listen; when you stop, the position is deleted at once.",
                "Kept: only the last position, never where you went; 90 days at most.",
                "Who sees it: the dispatcher sees the distance, not you on a map.",
                "You may refuse: you listen and grab all the same; distances count from your grid's base.",
                "Take it back here at any time.",
            ),
        },
    ),
    PLACE_ONCE: Text(
        PLACE_ONCE, "2026-11",
        {
            "zh": "您的位置只用于这一次报修，让维修人员找得到您；也可以只写地址。",
            "en": "Your position is used for this report only, so that the technician finds you. "
            "You may just as well write the address.",
        },
        {
            "zh": (
                "用途：只用来找到报修地点，派最近的维修人员。",
                "时间：只在您点“使用我的位置”时取一次，不会跟踪您。",
                "不想给位置也可以：写下地址就行，报修不受影响。",
            ),
            "en": (
                "What for: only to find the place of the fault and to send the nearest technician.",
                "When: once, when you tap “Use my position”. Nobody follows you.",
                "You may refuse: write the address instead; your report is worth the same.",
            ),
        },
    ),
    PHONE: Text(
        PHONE, "2026-11",
        {
            "zh": "手机号只用来联系您和找到您以前的报修。",
            "en": "Your phone number is used to call you about your reports and to find your earlier ones.",
        },
        {
            "zh": (
                "用途：联系您，并把用这个号码报过的单放在一起。",
                "谁能看到：接单的维修人员和客服；其他人只看到后四位。",
                "随时可以在“我的数据”里申请删除。",
            ),
            "en": (
                "What for: to call you, and to bring together what was reported with this number.",
                "Who sees it: the technician with your ticket and the call centre; others only four digits.",
                "You may ask for its deletion in “My data” at any time.",
            ),
        },
    ),
}  # fmt: skip


def text(purpose: str) -> Text:
    """The text in force."""
    return TEXTS[purpose]


def is_current(purpose: str, text_sum: str) -> bool:
    """Was it this text that somebody agreed to?"""
    return TEXTS[purpose].sum == text_sum
