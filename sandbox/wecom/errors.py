"""WeCom's business errors: as at WeChat a number and a sentence, but with a hint and the caller's address."""

import secrets

from sandbox.errors import WxError

TEXTS = {
    40001: "invalid credential",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40058: "invalid Request Parameter",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "corpsecret missing",
    42001: "access_token expired",
    44004: "text content is empty",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    60020: "not allow to access from your ip",
    81013: "user & party & tag all invalid",
    93000: "invalid webhook url",
    301002: "agent is not permitted",
}


class WecomError(WxError):
    """An answer of WeCom that is not a success."""

    def __init__(self, errcode: int, what: str = "", *, caller: str = "127.0.0.1") -> None:
        super().__init__(errcode, TEXTS.get(errcode, "unknown error") + (f": {what}" if what else ""))
        self.caller = caller

    def body(self, now: int) -> dict[str, object]:
        """The JSON as WeCom sends it."""
        hint = f"{now}{secrets.randbelow(10**9):09d}"
        more = f"https://open.work.weixin.qq.com/devtool/query?e={self.errcode}"
        words = f"{self.errmsg}, hint: [{hint}], from ip: {self.caller}, more info at {more}"
        return {"errcode": self.errcode, "errmsg": words}
