"""What follows an accepted template message: the card and the receipt (WeChat doc: §1.2, §4.3)."""

from sandbox.callbacks import event
from sandbox.models import Account, Card
from sandbox.protocol import Call

RECEIPT_DELAY_S = 0.2


def send_receipts(call: Call, account: Account, card: Card) -> None:
    """Show the card and push TEMPLATESENDJOBFINISH, unless a rule says the receipt goes another way."""
    wish = call.injected("receipt") or "success"
    card.delivered = not wish.startswith("failed")
    person = call.state.people[card.user_id]
    call.state.cards.append(card)
    if card.delivered:
        call.state.add_entry(person=person, appid=account.appid, kind="card", card=card)
    status = "success" if wish in ("lost", "twice") else wish
    message = event("TEMPLATESENDJOBFINISH", {"MsgID": card.msgid, "Status": status})
    created = call.state.clock.seconds()
    for _ in range({"lost": 0, "twice": 2}.get(wish, 1)):
        call.world.pusher.push(account, openid=card.openid, message=message, created=created, delay_s=RECEIPT_DELAY_S)
