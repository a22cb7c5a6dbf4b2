"""The server half of <wx-open-subscribe>: which notices are asked for, and the person's answer (WeChat doc: §1.6)."""

import json
from typing import Any

from starlette.requests import Request

from sandbox.choosing import answer_question
from sandbox.consents import Answer
from sandbox.hand import Hand
from sandbox.models import Account, Person, Template
from sandbox.state import State
from sandbox.world import World

MOST = 3
Data = dict[str, Any]


class SdkError(Exception):
    """What the page reads behind the colon of `errMsg`; `more` stands beside it."""

    def __init__(self, text: str, **more: Any) -> None:
        self.more = more
        super().__init__(text)


def question(request: Request, appid: str, person: Person, state: State) -> Data:
    """The notices by title; `kept` holds those the person is not asked about any more."""
    account = state.accounts[appid]
    openid = state.know(person, appid).openid
    named = [name.strip() for name in request.query_params.get("ids", "").split(",") if name.strip()]
    templates = _asked_for(account, named)
    if not state.consents.is_on(openid):
        raise SdkError("fail_main_switch_off", errCode="20004")
    kept = {it.template_id: state.consents.kept(openid, it.template_id) for it in templates}
    return {
        "account": account.name,
        "templates": [{"template_id": it.template_id, "title": it.title} for it in templates],
        "kept": {template_id: answer for template_id, answer in kept.items() if answer},
    }


def answered(world: World, appid: str, person: Person, data: Data) -> Data:
    """Keep the answers, tell the account, and say the same to the page in WeChat's double JSON."""
    account, given = world.state.accounts[appid], data.get("answers")
    if not isinstance(given, dict):
        raise SdkError("fail_param_type", errCode="10004")
    templates = _asked_for(account, [str(name) for name in given])
    hand = Hand(world, person, account)
    told: dict[str, Answer] = {
        it.template_id: "accept" if given[it.template_id] == "accept" else "reject" for it in templates
    }
    answer_question(hand, told)
    if data.get("keep"):
        for template_id, answer in told.items():
            world.state.consents.keep(hand.follow.openid, template_id, answer)
    details = {name: json.dumps({"status": str(status)}, separators=(",", ":")) for name, status in given.items()}
    return {"subscribeDetails": json.dumps(details, separators=(",", ":"))}


def _asked_for(account: Account, named: list[str]) -> list[Template]:
    if not named:
        raise SdkError("fail_param_empty", errCode="10001")
    if len(named) > MOST:
        raise SdkError("fail_too_many_templates", errCode="20003")
    if any(name not in account.subscribe_templates for name in named):
        raise SdkError("fail_no_template_data", errCode="20001")
    return [account.subscribe_templates[name] for name in named]
