"""The contract against WeChat itself. Without credentials in the environment it is not run, and said so."""

import pytest

from tests.wechat.contract import Contract


@pytest.mark.wechat_live
class TestRealAccount(Contract):
    """`known` comes from conftest.py."""
