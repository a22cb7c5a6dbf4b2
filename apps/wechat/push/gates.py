"""May this account be asked for another message now? Its circuit, its silence and its bucket, shared by all processes.

A service account's client passes its own circuit at every call; WeCom's and the SMS gateway's is passed here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from apps.wechat.calls import store
from apps.wechat.calls.bucket import Bucket, bucket_of
from apps.wechat.calls.client import client_for
from apps.wechat.calls.gate import Gate
from apps.wechat.errors import WeChatError
from apps.wechat.models import SmsAccount, WecomAccount, WxAccount
from apps.wechat.push.channels.base import Account
from tenants.context import current_branch


@dataclass(frozen=True)
class Door:
    """An account's; without a gate it is always open. `passed_inside`: the call passes the gate by itself."""

    gate: Gate | None = None
    bucket: Bucket | None = None
    passed_inside: bool = True

    def wait_s(self) -> float:
        """Seconds until the next message may go; 0: now, and it is counted. Up to three round trips to Valkey."""
        if self.gate is None or self.bucket is None:
            return 0.0
        return self.gate.wait_s() or self.bucket.take()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around the sending. Raises CircuitOpen."""
        if self.gate is None or self.passed_inside:
            yield
            return
        with self.gate.passing():
            yield


def door_of(account: Account | None) -> Door:
    """The account's door. One query for a shared account, none for the others."""
    if account is None:
        return Door()
    if isinstance(account, WxAccount):
        return _of_service_account(account)
    gate, bucket = (_place(account, kind) for kind in ("gate", "bucket"))
    return Door(Gate(gate), bucket_of(bucket), passed_inside=False)


def _place(account: WecomAccount | SmsAccount, kind: str) -> str:
    """Its name on the shelf; with another secret it begins anew (sealed is enough to tell)."""
    sealed = account.secret + (account.robot_key if isinstance(account, WecomAccount) else "")
    whose = f"{current_branch().uuid}:{account._meta.model_name}"
    return store.slot_for(kind, appid=whose, secret=sealed).name


def _of_service_account(account: WxAccount) -> Door:
    """The same for all branches that share it. One that cannot be opened says so when it is used."""
    try:
        client = client_for(account)
    except (WeChatError, ValueError):
        return Door()
    return Door(client.gate, client.bucket)
