"""What the methods of one topic build on. A method is named as WeChat's document names its path."""

from typing import Any

from apps.wechat.errors import ProtocolBroken

Json = dict[str, Any]


class Api:
    """A group of calls; the client (calls/client.py) says how one is made. Everything raises WeChatError."""

    def _get(self, path: str, **params: str) -> Json:
        """One GET."""
        raise NotImplementedError

    def _post(self, path: str, body: Json) -> Json:
        """One POST with a JSON body."""
        raise NotImplementedError

    def _file(self, path: str, params: dict[str, str], most: int) -> bytes:
        """One GET of a file."""
        raise NotImplementedError


def text_of(answer: Json, name: str, *, ambiguous: bool = False) -> str:
    """A text the answer must have. Raises ProtocolBroken."""
    found = answer.get(name)
    if not isinstance(found, str | int) or isinstance(found, bool) or found == "":
        raise ProtocolBroken(errmsg=f"no {name}", ambiguous=ambiguous)
    return str(found)


def number_of(answer: Json, name: str, *, ambiguous: bool = False) -> int:
    """A whole number the answer must have. Raises ProtocolBroken."""
    try:
        return int(text_of(answer, name, ambiguous=ambiguous))
    except ValueError:
        raise ProtocolBroken(errmsg=f"no {name}", ambiguous=ambiguous) from None


def part_of(answer: Json, name: str) -> Json:
    """An object the answer must have. Raises ProtocolBroken."""
    found = answer.get(name)
    if not isinstance(found, dict):
        raise ProtocolBroken(errmsg=f"no {name}")
    return found


def rows_of(answer: Json, name: str) -> list[Json]:
    """The objects of a list that may be missing when it is empty."""
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
