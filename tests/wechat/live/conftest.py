"""A real test account (接口测试号) of WeChat, named by the environment: see docs/testing.md."""

import os
import socket
from typing import Any

import pytest

from apps.wechat.calls.client import OFFICIAL
from apps.wechat.calls.vault import Credentials
from tests.wechat.contract import Known

HOSTS = {"api.weixin.qq.com"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the usual one: WeChat's own host is looked up, and no other but this machine's."""
    real = socket.getaddrinfo

    def looked_up(host: Any, *args: Any, **more: Any) -> Any:
        if host not in HOSTS | {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a test looked for {host}")
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


@pytest.fixture
def known(db: None, settings: Any) -> Known:
    """The account of the environment, at WeChat's own address."""
    settings.STEPPE_WECHAT_ROOT, settings.STEPPE_WECHAT_SANDBOX = OFFICIAL, False
    appid, secret, openid, template_id = (
        os.environ[f"STEPPE_LIVE_{name}"] for name in ("APPID", "SECRET", "OPENID", "TEMPLATE")
    )
    return Known(Credentials(appid, "", secret, "", ()), openid, template_id)
