"""What an administrator or WeChat itself may change of an account that is already known (WeChat doc: §4.3)."""

from collections.abc import Callable
from typing import Any, cast

from sandbox.models import Account, Mode, Standing
from sandbox.parsing import aes_key, hosts, items, read_account, text
from sandbox.state import State

BANS = (0, 48004, 50002)
MODES = ("secure", "compat", "plain")
LIMITS = ("per_minute", "permanent_codes", "templates", "subscribe_templates", "page_of_users")
Data = dict[str, Any]


def upsert_account(state: State, data: Data) -> Account:
    """Make an account known, or replace what is known of it; how it stands stays unless it is named."""
    known = state.accounts.get(text(data, "appid"))
    account = read_account(data, known)
    account.standing = standing(data, known.standing if known else None)
    state.accounts[account.appid] = account
    return account


def change_account(state: State, data: Data) -> Account:
    """Change the named fields of one account; ValueError says what is wrong, and then nothing is changed."""
    account = state.accounts.get(text(data, "appid"))
    if account is None:
        raise ValueError("no such appid")
    check_change(data)
    values = {name: READERS[name](data, name) for name in data if name != "appid"}
    for name, value in values.items():
        setattr(account.standing if hasattr(account.standing, name) else account, name, value)
    return account


def check_change(data: Data) -> None:
    """ValueError if a change names what cannot be changed, or gives it a value it cannot have."""
    for name in data:
        if name != "appid" and name not in READERS:
            raise ValueError(f"{name} cannot be changed; known: {', '.join(READERS)}")
        if name != "appid":
            READERS[name](data, name)


def standing(data: Data, known: Standing | None) -> Standing:
    """How an introduced account stands: as it did, except for what is named."""
    found = known or Standing()
    for name in data:
        if hasattr(found, name):
            setattr(found, name, READERS[name](data, name))
    return found


def _mode(data: Data, name: str) -> Mode:
    if data[name] not in MODES:
        raise ValueError(f"mode is one of {', '.join(MODES)}")
    return cast(Mode, data[name])


def _addresses(data: Data, name: str) -> tuple[str, ...]:
    return tuple(str(address) for address in items(data, name))


def _whitelist(data: Data, name: str) -> tuple[str, ...] | None:
    return None if data[name] is None else _addresses(data, name)


def _ban(data: Data, name: str) -> int:
    if data[name] not in BANS:
        raise ValueError("banned is 0, 48004 or 50002")
    return int(data[name])


def _limits(data: Data, name: str) -> dict[str, int]:
    limits = data[name]
    if not isinstance(limits, dict):
        raise ValueError("limits is an object")
    for what, most in limits.items():
        if (what not in LIMITS and not what.startswith("/")) or not isinstance(most, int):
            raise ValueError(f"limits: a path, or one of {', '.join(LIMITS)}, each with a number")
    return limits


def _words(data: Data, name: str) -> str:
    return str(data[name] or "")


def _flag(data: Data, name: str) -> bool:
    return bool(data[name])


READERS: dict[str, Callable[[Data, str], Any]] = {
    "secret": text,
    "token": text,
    "aes_key": lambda data, name: aes_key(text(data, name)),
    "callback_url": _words,
    "oauth_domains": hosts,
    "js_domains": hosts,
    "mode": _mode,
    "ip_whitelist": _whitelist,
    "risky_ips": _addresses,
    "seen_ip": _words,
    "banned": _ban,
    "frozen": _flag,
    "verified": _flag,
    "open_platform": _words,
    "limits": _limits,
}
