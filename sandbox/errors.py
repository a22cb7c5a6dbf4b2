"""Business errors of the WeChat API: a number, a sentence and a request id (WeChat doc: §1.3-1.9)."""

import secrets

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40015: "invalid menu type",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40021: "invalid menu version",
    40022: "invalid sub button level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40032: "invalid openid list size",
    40037: "invalid template_id",
    40052: "invalid action name",
    40053: "invalid action info",
    40054: "invalid sub button url domain",
    40055: "invalid button url domain",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40202: "invalid action",
    40203: "invalid check_operator",
    40243: "appsecret frozen",
    40246: "invalid keyword_name_list",
    41001: "access_token missing",
    41002: "appid missing",
    41003: "refresh_token missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    42001: "access_token expired",
    42002: "refresh_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "user is in the blacklist",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit must slower retry next minute",
    45008: "article size out of limit",
    45015: "response out of time limit or subscription is canceled",
    45026: "template num exceed limit",
    45029: "the number of qrcode count has reached its limit",
    45047: "out of response count limit",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48004: "api forbidden for irregularities",
    48006: "forbid to clear quota because of reaching the limit",
    50002: "user limited",
    76001: "rid not found",
    76003: "rid does not belong to this appid",
    76021: "cgi_path not found",
    89503: "this ip is risky, the administrator has to confirm it",
    200012: "the number of private templates has reached its limit",
    200014: "invalid tid",
    200020: "invalid kidList",
    200021: "invalid sceneDesc",
}


ABOUT_ADDRESSES = {
    40164: "invalid ip {named}, not in whitelist",
    89503: "this ip {named} is risky, the administrator has to confirm it",
}


class WxError(Exception):
    """An answer of WeChat that is not a success: HTTP 200 with `errcode` and `errmsg`."""

    def __init__(self, errcode: int, errmsg: str = "") -> None:
        self.errcode = errcode
        self.errmsg = errmsg or TEXTS.get(errcode, "unknown error")
        super().__init__(f"{self.errcode} {self.errmsg}")

    def body(self, now: int) -> dict[str, object]:
        """The JSON as WeChat sends it, the request id at the end of the sentence."""
        return {"errcode": self.errcode, "errmsg": f"{self.errmsg} rid: {request_id(now)}"}


def address_error(errcode: int, address: str) -> WxError:
    """40164 or 89503, which name the address the call came from (WeChat doc: §1.3)."""
    return WxError(errcode, ABOUT_ADDRESSES[errcode].format(named=f"{address} ipv6 ::ffff:{address}"))


def request_id(now: int) -> str:
    """Three groups of eight hex digits, the first one is the time (WeChat doc: §1.4)."""
    return f"{now:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
