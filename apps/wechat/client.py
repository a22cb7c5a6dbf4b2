"""WeChat's API for one account: wechatpy's names for the calls, our own way of making them (WeChat doc: §2.4).

The stock client retries without bound, fetches tokens without a lock and sends secrets to a fixed host; nothing
of that is left: `_request` and the token are replaced.
"""

from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from wechatpy import WeChatClient

from apps.wechat import http, store
from apps.wechat.errors import ProtocolBroken, TokenInvalid
from apps.wechat.models import WxAccount
from apps.wechat.policy import TOKEN_CODES, error_for
from apps.wechat.vault import Credentials, credentials_of

OFFICIAL = "https://api.weixin.qq.com"
TRIES = 2  # a call, and once more with another token


class TenantWeChatClient(WeChatClient):
    """One account's calls; safe for threads. Raises WeChatError and nothing else."""

    def __init__(self, credentials: Credentials, root: str) -> None:
        super().__init__(credentials.appid, credentials.secret, timeout=http.TIMEOUT, auto_retry=False)
        self._root = root.rstrip("/")
        self._http = http.session()
        self._slot = store.slot_for("token", appid=credentials.appid, secret=credentials.secret)
        self._ticket_slot = store.slot_for("ticket", appid=credentials.appid, secret=credentials.secret)

    @property
    def access_token(self) -> str:
        """The present token. wechatpy reads every property before __init__: AttributeError is expected there."""
        return self._token()

    def fetch_access_token(self) -> dict[str, str]:
        """Never the stock address, with its secret in the query."""
        return {"access_token": self._token()}

    def send_template(
        self, *, openid: str, template_id: str, data: dict[str, Any], url: str, client_msg_id: str
    ) -> int:
        """One card for one person; the same client_msg_id within ten minutes makes no second card. Its number."""
        body = {
            "touser": openid, "template_id": template_id, "url": url, "data": data, "client_msg_id": client_msg_id,
        }  # fmt: skip
        answer = self.post("message/template/send", data=body)
        try:
            return int(answer["msgid"])
        except (KeyError, TypeError, ValueError):
            raise ProtocolBroken(errmsg="no msgid", ambiguous=True) from None

    def jsapi_ticket(self) -> str:
        """The secret that signs pages for the JS-SDK; shared like the token."""
        return store.shared(self._ticket_slot, self._fetch_ticket)

    def _request(self, method: str, url_or_endpoint: str, **options: Any) -> Any:
        """Every call of wechatpy ends here: own host, own token, one more try after a token that was refused."""
        url = self._at_root(url_or_endpoint, str(options.pop("api_base_url", "") or ""))
        process = options.pop("result_processor", None)
        options.pop("timeout", None)
        if isinstance(options.get("data"), dict):
            options["data"] = http.as_json(options["data"])
        answer = self._with_token(method, url, options)
        return process(answer) if process else answer

    def _with_token(self, method: str, url: str, options: dict[str, Any]) -> dict[str, Any]:
        params, bad = dict(options.pop("params", None) or {}), ""
        for left in reversed(range(TRIES)):
            token = self._token(bad)
            try:
                return http.ask(self._http, method, url, params=params | {"access_token": token}, **options)
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
            raise error_for(40125, error.errmsg) from None  # at this door 40001 means a wrong secret
        return _value(answer, "access_token")

    def _fetch_ticket(self) -> store.Fetched:
        return _value(self.jsapi.get_ticket("jsapi"), "ticket")


def client_for(account: WxAccount) -> TenantWeChatClient:
    """The account's client; one per process and secret, because each has connections of its own."""
    credentials = credentials_of(account)
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
