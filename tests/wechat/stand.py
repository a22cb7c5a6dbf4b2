"""The real sandbox over HTTP, and Lotus's and Maple's service accounts in it."""

import secrets
from typing import Any

import httpx

from apps.wechat import services
from apps.wechat.calls.vault import Credentials, credentials_of
from apps.wechat.management.commands import introduce_sandbox as introduce
from apps.wechat.models import WxAccount
from sandbox.crypto import encrypt, signature
from steppe.kernel import clock
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import stream
from tenants.context import current_branch
from tests.cast import Branch
from tests.make import actor


class Sandbox:
    """The control side."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.http = httpx.Client(base_url=root, trust_env=False, timeout=30)

    def tell(self, what: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(f"/_sandbox/{what}", json=data)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def spoil(self, path: str, action: dict[str, Any], **more: Any) -> None:
        """The next calls of this path go wrong."""
        self.tell("inject", {"path": path, "action": action, **more})

    def cards(self, **wanted: str) -> list[dict[str, Any]]:
        return self.http.get("/_sandbox/outbox", params=wanted).json()

    def calls(self, path: str, appid: str = "") -> list[dict[str, Any]]:
        return self.http.get("/_sandbox/calls", params={"path": path, "appid": appid}).json()

    def token_calls(self, appid: str = "") -> int:
        return len(self.calls("/cgi-bin/stable_token", appid))

    def sends(self) -> int:
        return len(self.calls("/cgi-bin/message/template/send"))


def open_account(sandbox: Sandbox, **changes: Any) -> WxAccount:
    """The service account of the branch we stand in, known to the sandbox.

    The secret is this test's own, and so is its place in the token store.
    """
    branch = current_branch()
    given = services.demo_account(branch.slug, branch.name) | {"app_secret": secrets.token_hex(16)} | changes
    account = services.connect_account(**given)
    sandbox.tell("accounts", introduce.described(account))
    return account


def bind(sandbox: Sandbox, account: WxAccount, *usernames: str, openid: str = "") -> dict[str, str]:
    """Bind these people; their phones are in the sandbox. Openids by user name."""
    found = {}
    for name in usernames:
        found[name] = openid or f"o-{current_branch().slug}-{name}"
        services.bind_at_once(account=account, user_id=actor(name).id or 0, openid=found[name])
    for person in introduce.persons(current_branch(), account):
        sandbox.tell("users", person)
    return found


def relay() -> None:
    """What the relay does for this room: number the events, hand them to our subscriber."""
    stream.number_committed()
    while stream.drain(SUBSCRIBERS["wechat.cards"]):
        pass


def delivery(
    given: Credentials, xml: str, *, at: int | None = None, nonce: str = "", **changes: Any
) -> tuple[str, str]:
    """Query and body of a callback as WeChat would send it; `changes` spoil one part of it."""
    stamp = str(int(clock.now().timestamp()) if at is None else at)
    nonce = nonce or secrets.token_hex(5)
    sealed = encrypt(
        aes_key=changes.get("aes_key", given.aes_keys[0]), appid=changes.get("appid", given.appid), text=xml
    )
    mark = signature(changes.get("token", given.token), stamp, nonce, sealed)
    query = {
        "signature": signature(given.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": "o",
        "encrypt_type": "aes", "msg_signature": mark,
    }  # fmt: skip
    query |= changes.get("query", {})
    body = f"<xml><ToUserName>{given.original_id}</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return str(httpx.QueryParams(query)), body


def event_xml(given: Credentials, event: str, *, openid: str = "o-lotus-wu", **fields: Any) -> str:
    """An event in the clear."""
    head = {
        "ToUserName": given.original_id, "FromUserName": openid, "CreateTime": int(clock.now().timestamp()),
        "MsgType": "event", "Event": event,
    }  # fmt: skip
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in (head | fields).items())
    return f"<xml>{inner}</xml>"


def opened(account: WxAccount) -> Credentials:
    return credentials_of(account)


def door_of(account: WxAccount) -> str:
    """The callback's path."""
    return "/wx/cb/" + services.callback_url(account).rsplit("/", 1)[1]


def host_of(branch: Branch) -> str:
    return branch.host
