"""Cards from templates: what may stand in them, and making one (WeChat doc: §1.5, §1.6)."""

from typing import Any

from sandbox.errors import WxError
from sandbox.models import Account, Card, CardLine, Keyword, Person, Template
from sandbox.protocol import Call
from sandbox.values import is_allowed


def lines_of(template: Template, data: object) -> tuple[CardLine, ...]:
    """The card's lines; 47003 names the first field that WeChat would not take."""
    if not isinstance(data, dict):
        raise WxError(47003, "argument invalid! data invalid")
    known = {keyword.key for keyword in template.keywords}
    for key in data:
        # WeChat may drop such a line in silence. Here it is an error, so that nobody relies on it.
        if key not in known:
            raise _invalid(key)
    return tuple(_line(keyword, data.get(keyword.key)) for keyword in template.keywords)


def new_card(
    call: Call,
    account: Account,
    person: Person,
    template: Template,
    lines: tuple[CardLine, ...],
    data: dict[str, Any],
    *,
    channel: str = "template",
) -> Card:
    """The card of one accepted send; `page` is what a subscribe message calls its `url`."""
    return Card(
        msgid=call.state.next_msgid(),
        client_msg_id=str(data.get("client_msg_id") or ""),
        user_id=person.user_id,
        appid=account.appid,
        openid=str(data["touser"]),
        template_id=template.template_id,
        title=template.title,
        lines=lines,
        url=str(data.get("url") or data.get("page") or ""),
        at=call.state.clock.now(),
        channel=channel,
    )


def described(template: Template) -> dict[str, str]:
    """A template as WeChat lists its content and an example."""
    content = (f"{keyword.label}:{{{{{keyword.key}.DATA}}}}" for keyword in template.keywords)
    return {"title": template.title, "content": "\n".join(content), "example": ""}


def _line(keyword: Keyword, given: object) -> CardLine:
    value = given.get("value") if isinstance(given, dict) else None
    if not isinstance(value, str | int | float) or not str(value).strip():
        raise _invalid(keyword.key)
    if not is_allowed(keyword, str(value)):
        raise _invalid(keyword.key)
    return CardLine(keyword.key, keyword.label, str(value))


def _invalid(key: str) -> WxError:
    return WxError(47003, f"argument invalid! data.{key}.value invalid")
