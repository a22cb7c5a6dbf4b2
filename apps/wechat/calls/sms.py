"""A text message by the branch's SMS gateway. A provider is a class with `send`; PROVIDERS names them.

A message costs money and has no name of its own towards the gateway: an answer that got lost is never tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

from apps.wechat.calls import http, tc3
from apps.wechat.calls.channel_vault import SmsKeys, sms_keys
from apps.wechat.errors import GatewayFailed, ProtocolBroken
from apps.wechat.models import SmsAccount
from apps.wechat.rules.sms_policy import OK
from steppe.kernel import clock

OFFICIAL = "https://sms.tencentcloudapi.com"
MOST_REPORTS = 100
REGION, VERSION = "ap-guangzhou", "2021-01-11"
CHINA = "+86"


@dataclass(frozen=True)
class Report:
    """What became of a message: its number, whether it is on the phone, and the network's own word."""

    sent_as: str
    arrived: bool
    said: str


class Provider(Protocol):
    """One kind of gateway."""

    def send(self, keys: SmsKeys, *, phone: str, template_id: str, values: Sequence[str]) -> str:
        """Send now; the gateway's own number of the message. Raises WeChatError (GatewayFailed with its word)."""

    def reports(self, keys: SmsKeys) -> list[Report]:
        """What became of messages, oldest first; each is told once, so keep it. Raises WeChatError."""


class Tencent:
    """Tencent Cloud SMS: SendSms of API 3.0."""

    def send(self, keys: SmsKeys, *, phone: str, template_id: str, values: Sequence[str]) -> str:
        told = _asked(keys, "SendSms", {
            "PhoneNumberSet": [f"{CHINA}{phone}"], "SmsSdkAppId": keys.app_id, "SignName": keys.sign_name,
            "TemplateId": template_id, "TemplateParamSet": list(values),
        })  # fmt: skip
        return _number(told)

    def reports(self, keys: SmsKeys) -> list[Report]:
        told = _asked(keys, "PullSmsSendStatus", {"Limit": MOST_REPORTS, "SmsSdkAppId": keys.app_id})
        found = told.get("PullSmsSendStatusSet")
        return [_report(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


PROVIDERS: dict[str, Provider] = {"tencent": Tencent()}


def send(account: SmsAccount, *, phone: str, template_id: str, values: Sequence[str]) -> str:
    """One message to one phone (11 digits, China); the gateway's number of it. Raises WeChatError. One round trip."""
    keys = sms_keys(account)
    return PROVIDERS[account.provider].send(keys, phone=phone, template_id=template_id, values=values)


def reports(account: SmsAccount) -> list[Report]:
    """What became of this account's messages; each is told once. Raises WeChatError. One round trip."""
    return PROVIDERS[account.provider].reports(sms_keys(account))


def _asked(keys: SmsKeys, action: str, data: dict[str, Any]) -> dict[str, Any]:
    """One signed call; its Response, unless that is an Error."""
    body, root = http.as_json(data), http.root_of("STEPPE_SMS_ROOT", OFFICIAL)
    answer = http.fetch(_session(), "POST", root, data=body, headers=_headers(keys, action, root, body))
    told = answer.get("Response")
    if not isinstance(told, dict):
        raise ProtocolBroken(errmsg="no Response", ambiguous=True)
    if isinstance(error := told.get("Error"), dict):
        raise _refusal(error, _rid(told))
    return told


def _headers(keys: SmsKeys, action: str, root: str, body: bytes) -> dict[str, str]:
    at, host = int(clock.now().timestamp()), urlsplit(root).netloc
    mark = tc3.authorization(service="sms", host=host, body=body, at=at, key_id=keys.key_id, secret=keys.secret)
    return {
        "Authorization": mark, "Content-Type": tc3.CONTENT_TYPE, "Host": host, "X-TC-Action": action,
        "X-TC-Version": VERSION, "X-TC-Timestamp": str(at), "X-TC-Region": REGION,
    }  # fmt: skip


def _number(told: dict[str, Any]) -> str:
    """The number of the one message, or why this phone gets none."""
    sent = told.get("SendStatusSet")
    if not (isinstance(sent, list) and sent and isinstance(sent[0], dict)):
        raise ProtocolBroken(errmsg="no SendStatusSet", ambiguous=True)
    if sent[0].get("Code") != OK:
        raise _refusal(sent[0], _rid(told))
    return str(sent[0].get("SerialNo", ""))[:80]


def _report(told: dict[str, Any]) -> Report:
    arrived = told.get("ReportStatus") == "SUCCESS"
    return Report(str(told.get("SerialNo", ""))[:80], arrived, str(told.get("Description", ""))[:30])


def _rid(told: dict[str, Any]) -> str:
    return str(told.get("RequestId", ""))[:40]


def _refusal(told: dict[str, Any], rid: str) -> GatewayFailed:
    return GatewayFailed(code=str(told.get("Code", ""))[:120], errmsg=str(told.get("Message", ""))[:200], rid=rid)


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    return http.session()
