"""What we rely on at WeChat, as tests that run twice: against the sandbox (test_contract.py) and, with the credentials
of a real test account in the environment, against WeChat itself (live/). Nothing here changes the account for good.
"""

import re
import secrets
from dataclasses import dataclass, replace
from typing import Any

import pytest

from apps.wechat.calls import store
from apps.wechat.calls.api.templates import Template
from apps.wechat.calls.client import TenantWeChatClient, api_root
from apps.wechat.calls.vault import Credentials
from apps.wechat.errors import AccountBroken, RecipientGone, TemplateWrong, WeChatError
from tests.make import picture

SAMPLES = {
    "character_string": "LO-2026-000001", "thing": "宽带故障", "time": "18:05", "date": "2026年11月29日",
    "phrase": "待抢单", "number": "1", "letter": "A", "phone_number": "13800000000", "car_number": "蒙A12345",
    "name": "测试", "amount": "1元",
}  # fmt: skip
KEYS = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")


@dataclass(frozen=True)
class Known:
    """An account, somebody who follows it, and a template message it may send."""

    secrets: Credentials
    openid: str
    template_id: str


def sample(template: Template) -> dict[str, Any]:
    """A value for each of the template's keys, fit for its type."""
    return {key: {"value": SAMPLES.get(key.rstrip("0123456789"), "测试")} for key in KEYS.findall(template.content)}


class Contract:
    """A class with a fixture `known` runs them all."""

    @pytest.fixture
    def client(self, known: Known) -> TenantWeChatClient:
        return TenantWeChatClient(known.secrets, api_root())

    def send(self, client: TenantWeChatClient, known: Known, **changes: str) -> int:
        found = next((one for one in client.get_all_private_template() if one.template_id == known.template_id), None)
        assert found, "the account has no such template"
        given: dict[str, Any] = {
            "openid": known.openid, "template_id": known.template_id, "client_msg_id": secrets.token_hex(12),
            **changes,
        }  # fmt: skip
        return client.send_template(data=sample(found), url="https://example.com/", **given)

    def test_everybody_gets_the_same_token_inside_its_validity(self, client, known):
        token = client.access_token
        value, seconds = client._fetch_token()
        assert value == token
        assert 300 <= seconds <= 7200
        assert len(token) > 100

    def test_a_wrong_secret_is_the_accounts_fault(self, known):
        thief = replace(known.secrets, secret="0" * 32)
        with pytest.raises(AccountBroken) as caught:
            _ = TenantWeChatClient(thief, api_root()).access_token
        assert caught.value.errcode == 40125
        assert caught.value.rid

    def test_a_token_wechat_does_not_know_is_replaced_and_the_call_succeeds(self, client, known):
        token = client.access_token
        store.put(client._slot, f"{token[:-8]}xxxxxxxx", 7200)
        assert client.user_info(known.openid).follows
        assert client.access_token == token

    def test_who_follows_is_known_and_a_stranger_is_none_of_this_account(self, client, known):
        assert client.user_info(known.openid).follows
        with pytest.raises(RecipientGone) as caught:
            client.user_info("o" + "x" * 27)
        assert caught.value.errcode == 40003

    def test_a_card_is_taken_and_a_repetition_is_no_error(self, client, known):
        name = secrets.token_hex(12)
        first, again = (self.send(client, known, client_msg_id=name) for _ in range(2))
        assert first > 0 and again > 0

    def test_a_card_to_a_stranger_or_by_an_unknown_template_is_refused(self, client, known):
        with pytest.raises(RecipientGone):
            self.send(client, known, openid="o" + "x" * 27)
        with pytest.raises(TemplateWrong) as caught:
            client.send_template(
                openid=known.openid, template_id="x" * 43, data={}, url="https://example.com/", client_msg_id="x"
            )
        assert caught.value.errcode == 40037

    def test_a_code_for_a_while_can_be_drawn(self, client):
        code = client.qrcode_create("contract", seconds=60)
        assert code.url.startswith("http") and code.ticket
        assert code.expire_seconds == 60

    def test_a_picture_comes_back_as_it_went(self, client):
        sent = picture("PNG")
        media_id = client.media.upload("image", ("a.png", sent, "image/png"))["media_id"]
        assert client.media_get(media_id, most=1_000_000)
        with pytest.raises(WeChatError) as caught:
            client.media_get("x" * 64, most=1_000_000)
        assert caught.value.errcode == 40007

    def test_the_ticket_for_pages_is_there(self, client):
        assert client.jsapi_ticket() == client.jsapi_ticket()

    def test_the_menu_can_be_read(self, client):
        assert isinstance(client.menu_get(), list)

    def test_limits_and_addresses_can_be_asked_for(self, client):
        quota = client.quota_get("/cgi-bin/message/template/send")
        assert quota.daily_limit >= quota.remain >= 0
        assert client.get_api_domain_ip()
