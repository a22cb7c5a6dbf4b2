"""What a page needs to use WeChat's JS-SDK: a signature over its own address. The ticket stays here."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from apps.wechat.calls.client import client_for
from apps.wechat.errors import ForeignPage
from apps.wechat.models import WxAccount
from apps.wechat.rules.crypto import jssdk_signature
from steppe.kernel import clock

APIS = (
    "getLocation", "openLocation", "chooseImage", "getLocalImgData", "uploadImage", "scanQRCode", "closeWindow",
)  # fmt: skip


@dataclass(frozen=True)
class Config:
    """The arguments of `wx.config`, named as it wants them."""

    appId: str  # noqa: N815
    timestamp: int
    nonceStr: str  # noqa: N815
    signature: str
    jsApiList: tuple[str, ...] = APIS  # noqa: N815


def config_for(account: WxAccount, *, url: str, origin: str) -> Config:
    """Sign a page of `origin` (scheme://host:port). Raises ForeignPage; WeChatError when there is no ticket."""
    page = url.split("#", 1)[0]
    if not page.isprintable() or _origin_of(page) != origin:
        raise ForeignPage
    ticket = client_for(account).jsapi_ticket()
    nonce, now = secrets.token_hex(8), int(clock.now().timestamp())
    mark = jssdk_signature(noncestr=nonce, ticket=ticket, timestamp=now, url=page)
    return Config(account.appid, now, nonce, mark)


def _origin_of(page: str) -> str:
    """Scheme, host and port as they stand there: a name before an @ or another spelling is another origin."""
    try:
        parts = urlsplit(page)
    except ValueError:  # a bracket that is never closed
        return ""
    return f"{parts.scheme}://{parts.netloc}"
