"""Looks through everything that was logged for what must never stand there."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.wechat.calls import store


class Watch:
    """The captured log of one test, and the account whose secrets it must not hold."""

    def __init__(self, caplog: Any, office: Any) -> None:
        self.caplog, self.office = caplog, office
        given = office.secrets
        self._hidden = {given.secret, given.token, *given.aes_keys, *office.openids.values()}

    def also(self, secret: str) -> None:
        """Nor this."""
        self._hidden.add(secret)

    def leaks(self, text: str) -> list[str]:
        """What of it stands in the text."""
        given = self.office.secrets
        slots = (store.slot_for(kind, appid=given.appid, secret=given.secret) for kind in ("token", "ticket"))
        present = {value for slot in slots if (value := store.get(slot))}
        return sorted(secret for secret in self._hidden | present if secret in text)

    def text(self) -> str:
        """All lines, with all that hangs on each record."""
        records = (*self.caplog.get_records("setup"), *self.caplog.get_records("call"))
        return "".join(f"{record.getMessage()} {vars(record)}\n" for record in records)


@contextmanager
def watching(caplog: Any, office: Any) -> Iterator[Watch]:
    """At the finest level, until the end."""
    caplog.set_level(logging.DEBUG)
    watch = Watch(caplog, office)
    yield watch
    assert not watch.leaks(watch.text())
