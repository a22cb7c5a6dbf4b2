"""What an account may know about a person, and the files people send (WeChat doc: §1.8, §1.9)."""

from dataclasses import dataclass

from apps.wechat.calls.api.base import Api


@dataclass(frozen=True)
class Follower:
    """Hardly more than whether somebody follows; `scene` is the code they came by, `since` unix seconds, 0: unknown."""

    openid: str
    follows: bool
    since: int
    scene: str


class People(Api):
    """user/info, media/get."""

    def user_info(self, openid: str) -> Follower:
        """Does this person follow? RecipientGone for somebody of another account."""
        answer = self._get("/cgi-bin/user/info", openid=openid, lang="zh_CN")
        since = answer.get("subscribe_time")
        return Follower(
            openid, bool(answer.get("subscribe")), since if isinstance(since, int) else 0,
            str(answer.get("qr_scene_str") or answer.get("qr_scene") or ""),
        )  # fmt: skip

    def media_get(self, media_id: str, *, most: int) -> bytes:
        """A file somebody sent or uploaded, of at most `most` bytes, while WeChat has it (three days).

        Raises TooMuch; an error that WeChat says as JSON in place of the file is a WeChatError (40007: gone).
        """
        return self._file("/cgi-bin/media/get", {"media_id": media_id}, most)
