"""What a person agrees to or refuses on the phone: notices, cards, the own position (WeChat doc: §1.5, §1.6)."""

from collections.abc import Mapping
from typing import cast

from sandbox.callbacks import Value, event
from sandbox.consents import Answer
from sandbox.hand import Data, Hand, pushed
from sandbox.parsing import items, text

FROM_PAGE = 1  # PopupScene: 1 a page, 2 an article
ANSWERS = ("accept", "reject")


def answer_question(hand: Hand, answers: Mapping[str, Answer], *, scene: int = FROM_PAGE) -> Data:
    """The person has answered which notices they want: the consents are kept and the account hears of it."""
    told: list[Mapping[str, Value]] = []
    for template_id, answer in answers.items():
        hand.world.state.consents.record(hand.follow.openid, template_id, answer)
        told.append({"TemplateId": template_id, "SubscribeStatusString": answer, "PopupScene": scene})
    return pushed(hand.push(event("subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": told}})))


def consent(hand: Hand, data: Data) -> Data:
    """Answer the question for these templates without a page: `answer` is "accept" unless it says otherwise."""
    answer = _answer(data)
    return answer_question(hand, dict.fromkeys(_template_ids(hand, data), answer))


def keep_choice(hand: Hand, data: Data) -> Data:
    """Do not be asked again about a template; a refusal is told to the account, and no message comes any more."""
    wish = str(data.get("answer") or "")
    for template_id in _template_ids(hand, data):
        hand.world.state.consents.keep(hand.follow.openid, template_id, _answer(data) if wish else None)
    if wish != "reject":
        return {}
    told: list[Mapping[str, Value]] = [
        {"TemplateId": template_id, "SubscribeStatusString": "reject"} for template_id in _template_ids(hand, data)
    ]
    return pushed(hand.push(event("subscribe_msg_change_event", {"SubscribeMsgChangeEvent": {"List": told}})))


def switch_notices(hand: Hand, data: Data) -> Data:
    """Let the account ask for notices at all, or not."""
    hand.world.state.consents.switch(hand.follow.openid, on=bool(data.get("allowed")))
    return {}


def refuse_template(hand: Hand, data: Data) -> Data:
    """Switch a template message off; no event tells of it (WeChat doc: §1.2)."""
    hand.world.state.refusals.add((hand.follow.openid, text(data, "template_id")))
    return {}


def allow_template(hand: Hand, data: Data) -> Data:
    """Switch it on again."""
    hand.world.state.refusals.discard((hand.follow.openid, text(data, "template_id")))
    return {}


def location_permission(hand: Hand, data: Data) -> Data:
    """Let pages know the position, or not."""
    hand.person.location_allowed = bool(data.get("allowed"))
    return {}


def change_phone(hand: Hand, data: Data) -> Data:
    """Hold an iPhone, or put it away: it checks a page's signature against the first address of the page."""
    hand.person.ios = bool(data.get("ios"))
    return {}


def _answer(data: Data) -> Answer:
    answer = data.get("answer", "accept")
    if answer not in ANSWERS:
        raise ValueError('answer is "accept" or "reject"')
    return cast(Answer, answer)


def _template_ids(hand: Hand, data: Data) -> list[str]:
    """`template_id` or `template_ids`, all of them in the account's pool of subscribe templates."""
    named = [str(it) for it in items(data, "template_ids")] or [text(data, "template_id")]
    for template_id in named:
        if template_id not in hand.account.subscribe_templates:
            raise ValueError(f"{template_id} is no subscribe template of {hand.account.appid}")
    return named
