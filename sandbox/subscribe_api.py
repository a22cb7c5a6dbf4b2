"""订阅通知: sending for one consent each, and the account's own pool of templates (WeChat doc: §1.6)."""

import secrets
from typing import Any

from sandbox.cards import described, lines_of, new_card
from sandbox.errors import WxError
from sandbox.library import BY_NUMBER, CATEGORY, EXAMPLES, KEYWORDS, TITLES
from sandbox.models import Keyword, Template
from sandbox.protocol import Call
from sandbox.receipts import send_receipts
from sandbox.values import kind

MOST = 25
FEWEST_KEYWORDS, MOST_KEYWORDS = 2, 5
ONE_SHOT = 2
PAGE = 30


def send(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/message/subscribe/bizsend: uses one consent up; the person need not follow."""
    account, data = call.account, call.json()
    openid = str(data.get("touser") or "")
    person = call.state.person_by_openid(account.appid, openid)
    if person is None:
        raise WxError(40003)
    template = account.subscribe_templates.get(str(data.get("template_id") or ""))
    if template is None:
        raise WxError(40037)
    lines = lines_of(template, data.get("data"))
    if not call.state.consents.take(openid, template.template_id):
        raise WxError(43101)
    card = new_card(call, account, person, template, lines, data, channel="subscribe")
    send_receipts(call, account, card)
    return {"errcode": 0, "errmsg": "ok", "msgid": card.msgid}


def categories(call: Call) -> dict[str, Any]:
    """GET /wxaapi/newtmpl/getcategory."""
    _ = call.account
    return _ok(data=[CATEGORY])


def titles(call: Call) -> dict[str, Any]:
    """GET /wxaapi/newtmpl/getpubtemplatetitles?ids=&start=&limit=: the library, page by page."""
    _ = call.account
    start, limit = _whole(call, "start", 0), min(_whole(call, "limit", PAGE), PAGE)
    known = str(CATEGORY["id"]) in call.query.get("ids", "").split(",")
    found = TITLES if known else ()
    page = [
        {"tid": int(entry.number), "title": entry.title, "type": ONE_SHOT, "categoryId": str(CATEGORY["id"])}
        for entry in found[start : start + limit]
    ]
    return _ok(count=len(found), data=page)


def keywords(call: Call) -> dict[str, Any]:
    """GET /wxaapi/newtmpl/getpubtemplatekeywords?tid=: what can be chosen."""
    _ = call.account
    if call.query.get("tid", "") not in BY_NUMBER:
        raise WxError(200014)
    return _ok(count=len(KEYWORDS), data=[_offered(kid, keyword) for kid, keyword in KEYWORDS.items()])


def add_template(call: Call) -> dict[str, Any]:
    """POST /wxaapi/newtmpl/addtemplate: a title with two to five keywords and a sentence about its use."""
    account, data = call.account, call.json()
    entry = BY_NUMBER.get(str(data.get("tid") or ""))
    if entry is None:
        raise WxError(200014)
    chosen = _chosen(data.get("kidList"))
    scene = str(data.get("sceneDesc") or "").strip()
    if not scene:
        raise WxError(200021)
    if len(account.subscribe_templates) >= account.standing.limits.get("subscribe_templates", MOST):
        raise WxError(200012)
    template = Template(secrets.token_urlsafe(32), entry.title, chosen, added=True, scene=scene)
    account.subscribe_templates[template.template_id] = template
    return _ok(priTmplId=template.template_id)


def list_templates(call: Call) -> dict[str, Any]:
    """GET /wxaapi/newtmpl/gettemplate: the account's pool."""
    pool = call.account.subscribe_templates.values()
    return _ok(data=[{"priTmplId": it.template_id, "type": ONE_SHOT} | described(it) for it in pool])


def delete_template(call: Call) -> dict[str, Any]:
    """POST /wxaapi/newtmpl/deltemplate."""
    if call.account.subscribe_templates.pop(str(call.json().get("priTmplId") or ""), None) is None:
        raise WxError(40037)
    return _ok()


def _chosen(numbers: object) -> tuple[Keyword, ...]:
    if not isinstance(numbers, list) or not FEWEST_KEYWORDS <= len(numbers) <= MOST_KEYWORDS:
        raise WxError(200020)
    found = tuple(KEYWORDS[str(kid)] for kid in numbers if str(kid) in KEYWORDS)
    if len(set(found)) != len(numbers):
        raise WxError(200020)
    return found


def _offered(kid: str, keyword: Keyword) -> dict[str, Any]:
    rule = kind(keyword.key)
    return {"kid": int(kid), "name": keyword.label, "example": EXAMPLES.get(rule, "1"), "rule": rule}


def _whole(call: Call, name: str, usual: int) -> int:
    value = call.query.get(name) or str(usual)
    if not value.isascii() or not value.isdigit():
        raise WxError(47001)
    return int(value)


def _ok(**more: Any) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok"} | more
