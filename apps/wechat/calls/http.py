"""The only place that speaks HTTP to WeChat, WeCom and the SMS gateway: time-outs, no redirects, no proxy, no secrets
in errors."""

import json
import time
from typing import Any

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from apps.wechat.chat_errors import TooMuch
from apps.wechat.errors import ProtocolBroken, Transient, WeChatError
from apps.wechat.rules.policy import error_for

TIMEOUT = (3, 5)  # seconds to connect, seconds without a byte
FILE_S = 20  # a file that comes drop by drop is given up after so many seconds
ANSWER_S, ANSWER_BYTES = 10, 2 * 1024 * 1024  # the same for an answer, which is never large
BROKEN = (requests.RequestException, HTTPError)  # on the way, and while the body is read
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
    """One call to WeChat; the JSON object of the answer, or a WeChatError. One network round trip."""
    answer = fetch(http, method, url, **options)
    errcode = int(answer.get("errcode") or 0)
    if errcode:
        raise error_for(errcode, str(answer.get("errmsg", "")))
    return answer


def fetch(http: requests.Session, method: str, url: str, **options: Any) -> dict[str, Any]:
    """One call to any outside system; the JSON object of the answer, not judged yet. Raises Transient."""
    failure: WeChatError
    try:
        with http.request(method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **options) as response:
            return _read(response)
    except BROKEN as error:
        # Only what kind it was: the text of the exception holds the address, and that holds the secrets.
        failure = Transient(errmsg=type(error).__name__, ambiguous=not isinstance(error, NEVER_ARRIVED))
    raise failure  # outside of `except`, so that not even the context carries the address


def ask_bytes(http: requests.Session, method: str, url: str, *, most: int, **options: Any) -> bytes:
    """One call to WeChat that answers with a file of at most `most` bytes; raises WeChatError, TooMuch.

    WeChat says errors as JSON with 200 here too, so a body that is a JSON object is never a file.
    """
    failure: WeChatError
    try:
        with http.request(method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **options) as response:
            return _file(response, most)
    except BROKEN as error:
        failure = Transient(errmsg=type(error).__name__)  # reading changes nothing at WeChat: never ambiguous
    raise failure


def root_of(setting: str, official: str) -> str:
    """Where an outside system is. From the settings only, and another than the official one only with the sandbox."""
    root: str = getattr(settings, setting).rstrip("/")
    if root != official and not settings.STEPPE_WECHAT_SANDBOX:
        raise ImproperlyConfigured(f"{setting} is not the official address")
    return root


def as_json(data: dict[str, Any]) -> bytes:
    """A body as WeChat wants it: UTF-8, not escaped."""
    return json.dumps(data, ensure_ascii=False).encode()


def _file(response: requests.Response, most: int) -> bytes:
    """The file, unless the answer is an error in place of one."""
    if response.status_code != 200:
        raise Transient(errmsg=f"HTTP {response.status_code}")
    body = _body(response, most, FILE_S)
    if body.lstrip()[:1] == b"{" or not body:
        _judge(body)
    return body


def _body(response: requests.Response, most: int, seconds: float) -> bytes:
    """Not a byte more than allowed is kept, whatever the headers promise. Raises TooMuch, Transient."""
    body, deadline = b"", time.monotonic() + seconds
    while part := response.raw.read1(64 * 1024, decode_content=True):  # what is there, without waiting for more
        body += part
        if len(body) > most:
            raise TooMuch(errmsg="a file that is too large")
        if time.monotonic() > deadline:
            raise Transient(errmsg="an answer that does not end", ambiguous=True)
    return body


def _judge(body: bytes) -> None:
    """A JSON object in place of a file: an error. Raises WeChatError."""
    try:
        answer = json.loads(body.decode("utf-8", "replace"), strict=False)
        errcode, errmsg = int(answer["errcode"]), str(answer.get("errmsg", ""))
    except (ValueError, TypeError, KeyError):
        raise ProtocolBroken(errmsg="no file") from None
    raise error_for(errcode, errmsg)


def _read(response: requests.Response) -> dict[str, Any]:
    if response.status_code != 200:
        raise Transient(errmsg=f"HTTP {response.status_code}", ambiguous=True)
    try:
        answer = json.loads(_body(response, ANSWER_BYTES, ANSWER_S).decode("utf-8", "replace"), strict=False)
    except (ValueError, TooMuch):
        answer = None
    if not isinstance(answer, dict):
        raise ProtocolBroken(errmsg="no JSON object", ambiguous=True)
    return answer
