"""Who is holding the phone: WeChat's web sign-in with snsapi_base, silent and without any personal data (§1.8)."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import requests
from django.conf import settings

from apps.wechat.calls import http
from apps.wechat.calls.client import api_root
from apps.wechat.calls.vault import Credentials
from apps.wechat.errors import ProtocolBroken


@dataclass(frozen=True)
class Visitor:
    """The person under this account; a snapshot visitor's openid is invented by WeChat and worth nothing."""

    openid: str
    snapshot: bool


def authorize_url(*, appid: str, redirect_uri: str, state: str) -> str:
    """Where to send the browser. The order of the parameters and the fragment matter to WeChat."""
    if not state.isalnum():  # wechatpy's builder would let a state carry further parameters
        raise ValueError("a state is letters and digits")
    root: str = settings.STEPPE_WECHAT_OPEN_ROOT.rstrip("/")
    return (
        f"{root}/connect/oauth2/authorize?appid={quote(appid, safe='')}&redirect_uri={quote(redirect_uri, safe='')}"
        f"&response_type=code&scope=snsapi_base&state={state}#wechat_redirect"
    )


def exchange(credentials: Credentials, code: str) -> Visitor:
    """The person behind a code, which is good once and for five minutes. Raises WeChatError (CodeSpent)."""
    query = {
        "appid": credentials.appid, "secret": credentials.secret, "code": code, "grant_type": "authorization_code",
    }  # fmt: skip
    answer = http.ask(_session(), "GET", f"{api_root()}/sns/oauth2/access_token", params=query)
    if not answer.get("openid"):
        raise ProtocolBroken(errmsg="no openid")
    return Visitor(str(answer["openid"]), bool(answer.get("is_snapshotuser")))


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    return http.session()
