"""Consents to 订阅通知: one consent, one message; a choice may be kept, and all be switched off (WeChat doc: §1.6)."""

from collections import Counter
from typing import Literal

Answer = Literal["accept", "reject"]


class Consents:
    """What each person, known by openid, has agreed to receive."""

    def __init__(self) -> None:
        self._left: Counter[tuple[str, str]] = Counter()
        self._kept: dict[tuple[str, str], Answer] = {}
        self._off: set[str] = set()

    def record(self, openid: str, template_id: str, answer: Answer, *, times: int = 1) -> None:
        """One answer to the question: an acceptance is good for one message."""
        if answer == "accept":
            self._left[openid, template_id] += times

    def take(self, openid: str, template_id: str) -> bool:
        """Use one consent up; False if there is none."""
        if self._kept.get((openid, template_id)) == "reject" or self._left[openid, template_id] < 1:
            return False
        self._left[openid, template_id] -= 1
        return True

    def left(self, openid: str, template_id: str) -> int:
        """How many messages the person still wants."""
        return self._left[openid, template_id]

    def keep(self, openid: str, template_id: str, answer: Answer | None) -> None:
        """Do not ask again about this template; None asks again. A refusal takes what was agreed to away."""
        self._kept.pop((openid, template_id), None)
        if answer:
            self._kept[openid, template_id] = answer
        if answer == "reject":
            self._left[openid, template_id] = 0

    def kept(self, openid: str, template_id: str) -> Answer | None:
        """The choice that is not asked about again."""
        return self._kept.get((openid, template_id))

    def switch(self, openid: str, *, on: bool) -> None:
        """Let this account ask at all, or not."""
        (self._off.discard if on else self._off.add)(openid)

    def is_on(self, openid: str) -> bool:
        """Whether this account may ask."""
        return openid not in self._off
