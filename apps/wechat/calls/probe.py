"""One honest try for the guide: past every cache and pause, so that a person sees what WeChat says this second."""

from typing import Any

from apps.wechat.calls import http
from apps.wechat.calls.client import api_root
from apps.wechat.calls.vault import Credentials
from apps.wechat.errors import ProtocolBroken, TokenInvalid
from apps.wechat.rules.policy import error_for


def token(credentials: Credentials) -> str:
    """An access token, kept nowhere: it proves appid, AppSecret and the IP list. Inside its validity WeChat gives the
    same one to everybody, so nobody's is lost. Raises WeChatError. One call."""
    body = {
        "grant_type": "client_credential", "appid": credentials.appid, "secret": credentials.secret,
        "force_refresh": False,
    }  # fmt: skip
    try:
        answer = _post("/cgi-bin/stable_token", body)
    except TokenInvalid as error:
        # At this door 40001 means a wrong secret.
        raise error_for(40125, f"{error.errmsg} rid: {error.rid}") from None
    if not answer.get("access_token"):
        raise ProtocolBroken(errmsg="no access_token")
    return str(answer["access_token"])


def _post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    with http.session() as session:
        return http.ask(session, "POST", f"{api_root()}{path}", data=http.as_json(body))
