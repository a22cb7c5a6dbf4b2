"""The administrator's pages in tests: Bai's client, a whole new account, what must never be seen."""

import re
from typing import Any

from apps.wechat import services
from apps.wechat.calls.vault import credentials_of
from apps.wechat.models import WxAccount
from steppe.kernel.journal.models import AuditEntry
from tests.cast import Branch
from tests.make import BranchClient, actor, client_at, key
from tests.wechat import stand

GUIDE, API = "/console/wechat/", "/api/v1/wechat/"
SECRETS = ("app_secret", "token", "aes_key")


def new_account(**changes: str) -> dict[str, str]:
    """What an administrator would enter, every secret its own."""
    made = services.suggest()
    fresh = {"appid": "wx0123456789abcdef", "original_id": "gh_0123456789ab", "name": "莲花服务号"}
    return fresh | made | {"app_secret": services.suggest()["token"]} | changes


def post(client: BranchClient, step: str, **told: Any) -> Any:
    """Press a button of the guide."""
    return client.post(f"{GUIDE}{step}/", told | {"idempotency_key": key()})


def admin(branch: Branch) -> BranchClient:
    return client_at(branch, branch.bai)


def read() -> WxAccount:
    """The account as it stands now."""
    return WxAccount.objects.get(enabled=True)


def known_to(sandbox: stand.Sandbox, account: WxAccount) -> None:
    """The account as WeChat knows it after its administrator entered the same there."""
    sandbox.tell("accounts", stand.introduce.described(account))


def stand_of(page: str, step: str) -> str:
    """How a step stands on the guide's page."""
    part = page[page.index(f'id="at-{step}"') :]
    return re.search(r"wx-stand is-(\w+)", part)[1]  # type: ignore[index]


def assert_hidden(secrets: dict[str, str], *pages: str) -> None:
    """None of the secrets stands in these pages, nor in any row of the audit or of the stored answers."""
    rows = " ".join(map(str, AuditEntry.objects.values_list("details", flat=True)))
    for name in SECRETS:
        assert secrets[name] not in " ".join(pages), name
        assert secrets[name] not in rows, name


def enter(branch: Branch, **changes: str) -> dict[str, str]:
    """Enter an account as Bai; what was entered."""
    told = new_account(**changes)
    services.enter_account(**told, by=actor("bai"), key=key())
    return told


def opened() -> Any:
    return credentials_of(read())
