"""The contract against the sandbox: what it encodes is what we rely on at WeChat."""

import pytest

from tests.wechat.contract import Contract, Known


class TestSandbox(Contract):
    @pytest.fixture
    def known(self, office) -> Known:
        return Known(office.secrets, office.openids["wu"], f"{office.secrets.appid}_new_ticket")
