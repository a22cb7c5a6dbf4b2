"""WeChat's API for one account: wechatpy's names for the calls, our own way of making them (WeChat doc: §2.4).

The stock client retries without bound, fetches tokens without a lock and sends secrets to a fixed host; nothing
of that is left: `_request` and the token are replaced.
"""

import inspect
from collections.abc import Callable
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from wechatpy import WeChatClient
from wechatpy.client.api.base import BaseWeChatAPI

from apps.wechat.calls import http, store
from apps.wechat.calls.api.base import Json
from apps.wechat.calls.api.messages import Messages
from apps.wechat.calls.api.people import People
from apps.wechat.calls.api.places import Places
from apps.wechat.calls.api.templates import Templates
from apps.wechat.calls.api.upkeep import Upkeep
from apps.wechat.calls.bucket import bucket_of
from apps.wechat.calls.gate import Gate
from apps.wechat.calls.vault import Credentials, credentials_of
from apps.wechat.errors import ProtocolBroken, TokenInvalid
from apps.wechat.models import WxAccount
from apps.wechat.rules.policy import TOKEN_CODES, error_for

OFFICIAL = "https://api.weixin.qq.com"
TRIES = 2  # a call, and once more with another token
LIBRARY_GROUPS = frozenset({"media", "menu", "message", "template"})  # what is left of wechatpy's groups of calls


class TenantWeChatClient(Messages, Templates, Places, People, Upkeep, WeChatClient):
    """One account's calls; safe for threads. Raises WeChatError and nothing else (CircuitOpen: nobody was asked).

    `gate` says who must be left alone now, `bucket` how many messages may go; the sender asks both before a card.
    """

    def __init__(self, credentials: Credentials, root: str) -> None:
        super().__init__(credentials.appid, credentials.secret, timeout=http.TIMEOUT, auto_retry=False)
        self._root = root.rstrip("/")
        self._http = http.session()
        self._slot, self._ticket_slot, gate, bucket = (
            store.slot_for(kind, appid=credentials.appid, secret=credentials.secret)
            for kind in ("token", "ticket", "gate", "bucket")
        )
        self.gate, self.bucket = Gate(gate.name), bucket_of(bucket.name)

    @property
    def access_token(self) -> str:
        """The present token. wechatpy reads every property before __init__: AttributeError is expected there."""
        return self._token()

    def fetch_access_token(self) -> dict[str, str]:
        """Never the stock address, with its secret in the query."""
        return {"access_token": self._token()}

    def _fetch_access_token(self, url: str, params: Any) -> Any:
        raise NotImplementedError("wechatpy's own way to a token")

    def jsapi_ticket(self) -> str:
        """The secret that signs pages for the JS-SDK; shared like the token."""
        return store.shared(self._ticket_slot, self._fetch_ticket)

    def forgive(self) -> None:
        """Its trouble is mended: forget failed tokens and open circuits, so that the next call goes at once."""
        store.forgive(self._slot)
        store.forgive(self._ticket_slot)
        self.gate.reopen()

    def _get(self, path: str, **params: str) -> Json:
        return self._with_token("GET", f"{self._root}{path}", {"params": params})

    def _post(self, path: str, body: Json) -> Json:
        return self._with_token("POST", f"{self._root}{path}", {"data": http.as_json(body)})

    def _file(self, path: str, params: dict[str, str], most: int) -> bytes:
        return self._with_token("GET", f"{self._root}{path}", {"params": params, "most": most}, http.ask_bytes)

    def _request(self, method: str, url_or_endpoint: str, **options: Any) -> Any:
        """Every call of wechatpy ends here: own host, own token, one more try after a token that was refused."""
        url = self._at_root(url_or_endpoint, str(options.pop("api_base_url", "") or ""))
        process = options.pop("result_processor", None)
        options.pop("timeout", None)
        if isinstance(options.get("data"), dict):
            options["data"] = http.as_json(options["data"])
        answer = self._with_token(method, url, options)
        return process(answer) if process else answer

    def _with_token(self, method: str, url: str, options: dict[str, Any], ask: Callable[..., Any] = http.ask) -> Any:
        with self.gate.passing():
            return self._tried(method, url, options, ask)

    def _tried(self, method: str, url: str, options: dict[str, Any], ask: Callable[..., Any]) -> Any:
        params, bad = dict(options.pop("params", None) or {}), ""
        for left in reversed(range(TRIES)):
            token = self._token(bad)
            try:
                return ask(self._http, method, url, params=params | {"access_token": token}, **options)
            except TokenInvalid as error:
                if not left or error.errcode not in TOKEN_CODES:
                    raise
            bad = token
            _rewind(options.get("files"))
        raise AssertionError("unreachable")

    def _at_root(self, url_or_endpoint: str, base: str) -> str:
        """The same path at our root, whatever host wechatpy has in mind."""
        given = url_or_endpoint
        if not given.startswith(("http://", "https://")):
            given = f"{base or OFFICIAL + '/cgi-bin/'}{given}"
        parts = urlsplit(given)
        return f"{self._root}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _token(self, bad: str = "") -> str:
        return store.shared(self._slot, self._fetch_token, bad=bad)

    def _fetch_token(self) -> store.Fetched:
        # Always say force_refresh: leaving it out was answered with 41002 (WeChat doc: §1.3).
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret, "force_refresh": False}
        try:
            answer = http.ask(self._http, "POST", f"{self._root}/cgi-bin/stable_token", data=http.as_json(body))
        except TokenInvalid as error:
            # At this door 40001 means a wrong secret.
            raise error_for(40125, f"{error.errmsg} rid: {error.rid}") from None
        return _value(answer, "access_token")

    def _fetch_ticket(self) -> store.Fetched:
        return _value(self._get("/cgi-bin/ticket/getticket", type="jsapi"), "ticket")


for _name, _group in inspect.getmembers(WeChatClient, lambda member: isinstance(member, BaseWeChatAPI)):
    if _name not in LIBRARY_GROUPS:  # they have hosts of their own, or calls that go past _request
        setattr(TenantWeChatClient, _name, None)


def client_for(account: WxAccount) -> TenantWeChatClient:
    """The account's client. Raises AccountBroken for a shared account that the branch does not use any more."""
    return client_with(credentials_of(account))


def client_with(credentials: Credentials) -> TenantWeChatClient:
    """The client of these credentials; one per process and secret, because each has connections of its own."""
    key = (credentials.appid, credentials.secret, settings.STEPPE_WECHAT_ROOT)
    with _making:
        if key not in _clients:
            _clients[key] = TenantWeChatClient(credentials, api_root())
        return _clients[key]


def api_root() -> str:
    """Where WeChat is. From the settings only, and another than Tencent's only with the sandbox."""
    root: str = settings.STEPPE_WECHAT_ROOT.rstrip("/")
    if root != OFFICIAL and not settings.STEPPE_WECHAT_SANDBOX:
        raise ImproperlyConfigured("STEPPE_WECHAT_ROOT is not WeChat's own address")
    return root


_clients: dict[tuple[str, str, str], TenantWeChatClient] = {}
_making = Lock()


def _value(answer: dict[str, Any], name: str) -> store.Fetched:
    try:
        return str(answer[name]), int(answer["expires_in"])
    except (KeyError, TypeError, ValueError):
        raise ProtocolBroken(errmsg=f"no {name}") from None


def _rewind(files: Any) -> None:
    """A second try sends the whole file again: the first has read it to its end."""
    for part in (files or {}).values():
        stream = part[1] if isinstance(part, tuple) else part
        if hasattr(stream, "seek"):
            stream.seek(0)
