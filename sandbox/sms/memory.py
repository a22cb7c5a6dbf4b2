"""SMS apps, how much each number received today, and the reports that wait to be pulled."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock

USUAL_DAILY = 30


@dataclass
class SmsApp:
    """An app with its key, signatures and approved templates ({1}, {2} … stand for the parameters)."""

    sdk_app_id: str
    secret_id: str
    secret_key: str
    signs: tuple[str, ...]
    templates: dict[str, str]
    daily_limit: int = USUAL_DAILY
    reports: list[dict[str, Any]] = field(default_factory=list)


class Sms:
    """Everything the gateway remembers."""

    def __init__(self, clock: Clock) -> None:
        self.apps: dict[str, SmsApp] = {}
        self._clock = clock
        self._today: Counter[tuple[str, str, int]] = Counter()

    def by_secret_id(self, secret_id: str) -> SmsApp | None:
        """The app whose key this is."""
        return next((app for app in self.apps.values() if secret_id and app.secret_id == secret_id), None)

    def may_receive(self, app: SmsApp, phone: str) -> bool:
        """Count one message to a number: False above the app's daily limit."""
        key = (app.sdk_app_id, phone, self._clock.day())
        self._today[key] += 1
        return self._today[key] <= app.daily_limit
