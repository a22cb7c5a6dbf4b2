"""The only place that speaks HTTP to WeChat: time-outs, no redirects, no proxy, nothing secret in errors."""

import json
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from apps.wechat.errors import ProtocolBroken, Transient, WeChatError
from apps.wechat.policy import error_for

TIMEOUT = (3, 5)  # seconds to connect, seconds without a byte
NEVER_ARRIVED = (requests.ConnectTimeout, requests.exceptions.ProxyError, requests.exceptions.InvalidURL)


def session() -> requests.Session:
    """A session of ours: no environment, only failed connections are tried again."""
    made = requests.Session()
    made.trust_env = False
    retries = Retry(total=None, connect=1, read=0, redirect=0, status=0, other=0)
    adapter = HTTPAdapter(pool_maxsize=32, max_retries=retries)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


def ask(http: requests.Session, method: str, url: str, **options: Any) -> dict[str, Any]:
    """One call; the JSON object of the answer, or a WeChatError. One network round trip."""
    failure: WeChatError
    try:
        response = http.request(method, url, timeout=TIMEOUT, allow_redirects=False, **options)
    except requests.RequestException as error:
        # Only what kind it was: the text of the exception holds the address, and that holds the secrets.
        failure = Transient(errmsg=type(error).__name__, ambiguous=not isinstance(error, NEVER_ARRIVED))
    else:
        return _read(response)
    raise failure  # outside of `except`, so that not even the context carries the address


def as_json(data: dict[str, Any]) -> bytes:
    """A body as WeChat wants it: UTF-8, not escaped."""
    return json.dumps(data, ensure_ascii=False).encode()


def _read(response: requests.Response) -> dict[str, Any]:
    if response.status_code != 200:
        raise Transient(errmsg=f"HTTP {response.status_code}", ambiguous=True)
    try:
        answer = json.loads(response.content.decode("utf-8", "replace"), strict=False)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ProtocolBroken(errmsg="no JSON object", ambiguous=True)
    errcode = int(answer.get("errcode") or 0)
    if errcode:
        raise error_for(errcode, str(answer.get("errmsg", "")))
    return answer
