"""The guide's steps and how each stands: done, to be done, in doubt, wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

STEPS = ("keys", "token", "callback", "domains", "templates", "menu", "card")
CHECKED = STEPS[1:]


class Stand(StrEnum):
    """How a step stands. `todo` and `doubt` are amber: nothing is wrong, somebody has to do something."""

    GOOD = "good"
    TODO = "todo"
    DOUBT = "doubt"
    WRONG = "wrong"


@dataclass(frozen=True)
class Account:
    """What the steps are judged by."""

    enabled: bool
    two_keys: bool
    verified_at: datetime | None
    rotated_at: datetime | None
    files: int
    mapped: int
    broken: int
    wanted: int
    checks: Mapping[str, Any] = field(default_factory=dict)


def stands(account: Account | None) -> dict[str, tuple[Stand, str]]:
    """Step to its stand and the name of the sentence that says so."""
    if account is None:
        return {step: (Stand.TODO, "empty" if step == "keys" else "later") for step in STEPS}
    own = {"keys": _keys, "callback": _callback, "domains": _domains, "templates": _templates, "menu": _menu}
    return {step: own[step](account) if step in own else _checked(account, step) for step in STEPS}


def _checked(account: Account, step: str) -> tuple[Stand, str]:
    last = account.checks.get(step)
    if last is None:
        return Stand.TODO, "untried"
    return (Stand.GOOD, "good") if last["ok"] else (Stand.WRONG, "wrong")


def _keys(account: Account) -> tuple[Stand, str]:
    if not account.enabled:
        return Stand.DOUBT, "off"
    if account.two_keys:
        proved = account.verified_at and account.rotated_at and account.verified_at > account.rotated_at
        return Stand.DOUBT, "two_keys_proved" if proved else "two_keys"
    return Stand.GOOD, "good"


def _callback(account: Account) -> tuple[Stand, str]:
    tried = account.checks.get("callback")
    if tried and not tried["ok"]:
        return Stand.WRONG, "wrong"
    if account.verified_at:
        return Stand.GOOD, "good"
    return Stand.TODO, "reached" if tried else "waiting"


def _domains(account: Account) -> tuple[Stand, str]:
    return _checked(account, "domains") if account.files else (Stand.TODO, "empty")


def _templates(account: Account) -> tuple[Stand, str]:
    last = account.checks.get("templates")
    if account.broken or (last and not last["ok"]):
        return Stand.WRONG, "broken" if account.broken else "wrong"
    if not account.mapped:
        return Stand.TODO, "empty"
    return (Stand.GOOD, "good") if account.mapped >= account.wanted else (Stand.DOUBT, "some")


def _menu(account: Account) -> tuple[Stand, str]:
    last = account.checks.get("menu")
    if last and last["ok"] and not last["facts"].get("same", True):
        return Stand.DOUBT, "differs"
    return _checked(account, "menu")
