"""Template messages: the cards technicians and customers receive (WeChat doc: §1.5)."""

from typing import Any

from sandbox.errors import WxError
from sandbox.models import Account, Card, CardLine, Keyword, Person, Template
from sandbox.protocol import Call
from sandbox.receipts import send_receipts
from sandbox.state import State
from sandbox.values import is_allowed

DEDUPE_S = 600


def send(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/message/template/send: check everything, then put one card into one chat."""
    account, data = call.account, call.json()
    person, openid = _recipient(call.state, account, str(data.get("touser") or ""))
    template = account.templates.get(str(data.get("template_id") or ""))
    if template is None:
        raise WxError(40037)
    if (openid, template.template_id) in call.state.refusals:
        raise WxError(43101)
    lines = _lines(template, data.get("data"))
    card = _earlier(call.state, account, openid, str(data.get("client_msg_id") or ""))
    if card is None:
        card = _new_card(call, account, person, template, lines, data)
        send_receipts(call, account, card)
    return {"errcode": 0, "errmsg": "ok", "msgid": card.msgid}


def list_templates(call: Call) -> dict[str, Any]:
    """/cgi-bin/template/get_all_private_template: the account's pool."""
    return {"template_list": [_described(template) for template in call.account.templates.values()]}


def _recipient(state: State, account: Account, openid: str) -> tuple[Person, str]:
    person = state.person_by_openid(account.appid, openid)
    if person is None:
        raise WxError(40003)
    if not person.follows[account.appid].following:
        raise WxError(43004)
    return person, openid


def _lines(template: Template, data: object) -> tuple[CardLine, ...]:
    """The card's lines; 47003 names the first field that WeChat would not take."""
    if not isinstance(data, dict):
        raise WxError(47003, "argument invalid! data invalid")
    known = {keyword.key for keyword in template.keywords}
    for key in data:
        # WeChat may drop such a line in silence. Here it is an error, so that nobody relies on it.
        if key not in known:
            raise _invalid(key)
    return tuple(_line(keyword, data.get(keyword.key)) for keyword in template.keywords)


def _line(keyword: Keyword, given: object) -> CardLine:
    value = given.get("value") if isinstance(given, dict) else None
    if not isinstance(value, str | int | float) or not str(value).strip():
        raise _invalid(keyword.key)
    if not is_allowed(keyword, str(value)):
        raise _invalid(keyword.key)
    return CardLine(keyword.key, keyword.label, str(value))


def _invalid(key: str) -> WxError:
    return WxError(47003, f"argument invalid! data.{key}.value invalid")


def _earlier(state: State, account: Account, openid: str, client_msg_id: str) -> Card | None:
    """The card this client_msg_id already made within ten minutes: it is not made twice."""
    card = state.sent.get((account.appid, openid, client_msg_id)) if client_msg_id else None
    if card is None or state.clock.now() - card.at >= DEDUPE_S:
        return None
    card.copies += 1
    return card


def _new_card(
    call: Call,
    account: Account,
    person: Person,
    template: Template,
    lines: tuple[CardLine, ...],
    data: dict[str, Any],
) -> Card:
    call.state.tokens.spend("send", account.appid)
    card = Card(
        msgid=call.state.next_msgid(),
        client_msg_id=str(data.get("client_msg_id") or ""),
        user_id=person.user_id,
        appid=account.appid,
        openid=str(data["touser"]),
        template_id=template.template_id,
        title=template.title,
        lines=lines,
        url=str(data.get("url") or ""),
        at=call.state.clock.now(),
    )
    if card.client_msg_id:
        call.state.sent[account.appid, card.openid, card.client_msg_id] = card
    return card


def _described(template: Template) -> dict[str, str]:
    lines = (f"{keyword.label}:{{{{{keyword.key}.DATA}}}}" for keyword in template.keywords)
    return {
        "template_id": template.template_id,
        "title": template.title,
        "primary_industry": "",
        "deputy_industry": "",
        "content": "\n".join(lines),
        "example": "",
    }
