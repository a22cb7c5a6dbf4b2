"""A running sandbox, emptied for every test, and Lotus's account with Wu and Bo bound to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from apps.people.models import Technician
from apps.wechat.calls.vault import Credentials
from apps.wechat.models import WxAccount
from tests.cast import Branch
from tests.sandbox.served import serving
from tests.wechat import stand
from tests.wechat.stand import Sandbox
from tests.wechat.watch import Watch, watching


@pytest.fixture(scope="session")
def sandbox_root() -> Iterator[str]:
    with serving() as root:
        yield root


@pytest.fixture
def wx(sandbox_root: str, settings: Any) -> Sandbox:
    """The sandbox, knowing nobody yet; the product is told where it is."""
    settings.STEPPE_WECHAT_ROOT = settings.STEPPE_WECHAT_OPEN_ROOT = sandbox_root
    settings.STEPPE_WECOM_ROOT, settings.STEPPE_SMS_ROOT = f"{sandbox_root}/qyapi", f"{sandbox_root}/sms"
    settings.STEPPE_WECHAT_SANDBOX = True
    made = Sandbox(sandbox_root)
    made.tell("reset", {})
    return made


@dataclass
class Office:
    """A branch's account as tests use it."""

    account: WxAccount
    secrets: Credentials
    openids: dict[str, str]
    door: str


@pytest.fixture
def office(lotus_db: Branch, wx: Sandbox) -> Office:
    """Lotus's account; Wu and Bo, who are on duty alone, read its cards."""
    Technician.objects.exclude(user__username__in=["wu", "bo"]).update(on_duty=False)
    account = stand.open_account(wx)
    openids = stand.bind(wx, account, "wu", "bo")
    return Office(account, stand.opened(account), openids, stand.door_of(account))


@pytest.fixture
def hushed(office: Office, caplog: pytest.LogCaptureFixture) -> Iterator[Watch]:
    """Everything this test logs, at the finest level, holds no secret, token or openid."""
    with watching(caplog, office) as watch:
        yield watch
