"""Template messages: the cards technicians and customers receive, and the account's pool (WeChat doc: §1.5)."""

import secrets
from typing import Any

from sandbox.cards import described, lines_of, new_card
from sandbox.errors import WxError
from sandbox.library import BY_LABEL, BY_NUMBER
from sandbox.models import Account, Card, Keyword, Person, Template
from sandbox.protocol import Call
from sandbox.receipts import send_receipts
from sandbox.state import State

DEDUPE_S = 600
MOST = 25


def send(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/message/template/send: check everything, then put one card into one chat."""
    account, data = call.account, call.json()
    person, openid = _recipient(call.state, account, str(data.get("touser") or ""))
    template = account.templates.get(str(data.get("template_id") or ""))
    if template is None:
        raise WxError(40037)
    if (openid, template.template_id) in call.state.refusals:
        raise WxError(43101)
    lines = lines_of(template, data.get("data"))
    card = _earlier(call.state, account, openid, str(data.get("client_msg_id") or ""))
    if card is None:
        card = new_card(call, account, person, template, lines, data)
        _remember(call.state, card)
        send_receipts(call, account, card)
    return {"errcode": 0, "errmsg": "ok", "msgid": card.msgid}


def list_templates(call: Call) -> dict[str, Any]:
    """/cgi-bin/template/get_all_private_template: the account's pool."""
    return {"template_list": [_listed(template) for template in call.account.templates.values()]}


def add_template(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/template/api_add_template: one title of the library with chosen keywords, in this order."""
    account, data = call.account, call.json()
    entry = BY_NUMBER.get(str(data.get("template_id_short") or ""))
    if entry is None:
        raise WxError(40037)
    keywords = _chosen(call.body, data.get("keyword_name_list"))
    if len(account.templates) >= account.standing.limits.get("templates", MOST):
        raise WxError(45026)
    template = Template(secrets.token_urlsafe(32), entry.title, keywords, added=True)
    account.templates[template.template_id] = template
    return {"errcode": 0, "errmsg": "ok", "template_id": template.template_id}


def delete_template(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/template/del_private_template."""
    if call.account.templates.pop(str(call.json().get("template_id") or ""), None) is None:
        raise WxError(40037)
    return {"errcode": 0, "errmsg": "ok"}


def _chosen(body: bytes, names: object) -> tuple[Keyword, ...]:
    """The keywords by name; escaped names are not understood, which others have met at the real thing (field)."""
    if not isinstance(names, list) or not names or b"\\u" in body:
        raise WxError(40246)
    keywords = [BY_LABEL.get(name) for name in names if isinstance(name, str)]
    found = tuple(keyword for keyword in keywords if keyword)
    if len(found) != len(names) or len(set(found)) != len(found):
        raise WxError(40246)
    return found


def _recipient(state: State, account: Account, openid: str) -> tuple[Person, str]:
    person = state.person_by_openid(account.appid, openid)
    if person is None:
        raise WxError(40003)
    if not person.follows[account.appid].following:
        raise WxError(43004)
    return person, openid


def _earlier(state: State, account: Account, openid: str, client_msg_id: str) -> Card | None:
    """The card this client_msg_id already made within ten minutes: it is not made twice."""
    card = state.sent.get((account.appid, openid, client_msg_id)) if client_msg_id else None
    if card is None or state.clock.now() - card.at >= DEDUPE_S:
        return None
    card.copies += 1
    return card


def _remember(state: State, card: Card) -> None:
    if card.client_msg_id:
        state.sent[card.appid, card.openid, card.client_msg_id] = card


def _listed(template: Template) -> dict[str, str]:
    industry = {"primary_industry": "", "deputy_industry": ""}
    return {"template_id": template.template_id} | industry | described(template)
