"""What follows an accepted template or subscribe message: the card and the receipt (WeChat doc: §1.2, §4.3)."""

from sandbox.callbacks import Message, Value, event
from sandbox.models import Account, Card
from sandbox.protocol import Call

RECEIPT_DELAY_S = 0.2
COPIES = {"lost": 0, "twice": 2}
# The number beside a failed ErrorStatus is invented: the documents show only the one of success.
FAILED = 1


def send_receipts(call: Call, account: Account, card: Card) -> None:
    """Show the card and push its receipt, unless a rule says the receipt goes another way."""
    wish = call.injected("receipt") or "success"
    card.delivered = not wish.startswith("failed")
    person = call.state.people[card.user_id]
    call.state.cards.append(card)
    if card.delivered:
        call.state.add_entry(person=person, appid=account.appid, kind="card", card=card)
    message = _receipt(card, wish if wish.startswith("failed") else "success")
    delay_s = 0.0 if wish == "early" else RECEIPT_DELAY_S
    pushes = [
        call.world.pusher.push(
            account, openid=card.openid, message=message, created=call.state.clock.seconds(), delay_s=delay_s
        )
        for _ in range(COPIES.get(wish, 1))
    ]
    if wish == "early":
        call.early = pushes


def _receipt(card: Card, status: str) -> Message:
    if card.channel == "template":
        return event("TEMPLATESENDJOBFINISH", {"MsgID": card.msgid, "Status": status})
    one: dict[str, Value] = {
        "TemplateId": card.template_id,
        "MsgID": str(card.msgid),
        "ErrorCode": 0 if status == "success" else FAILED,
        "ErrorStatus": status,
    }
    return event("subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": [one]}})
