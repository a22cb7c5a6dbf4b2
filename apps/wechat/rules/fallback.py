"""Which way a card goes, and which way next when that one does not work (WeChat doc: §3.4). Pure.

The in-page list is always on and is the truth: it is no row, and nothing falls back to it, because everybody whom a
wave chose and whoever has a ticket finds it there.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

NOT_ACCEPTED_IN = timedelta(seconds=20)
NOT_DELIVERED_IN = timedelta(seconds=60)
STAFF_ORDER = ("wx_template", "wecom", "sms")
CUSTOMER_ORDER = ("wx_subscribe", "wx_template", "sms")

# A text message costs money. A wave's card is worth it when nobody else will be asked, or the ticket is urgent.
SMS_FOR_STAFF = frozenset({"dispatched", "reassigned", "sent_back", "escalated", "clock"})
SMS_FOR_CUSTOMERS = frozenset({"accepted", "completed", "pause"})
SMS_CARDS = ("new_ticket", *sorted(SMS_FOR_STAFF), *sorted(SMS_FOR_CUSTOMERS))

# The card itself makes no sense any more, or the person is to have peace: no channel helps.
FINAL_REASONS = frozenset({
    "capped", "quiet", "expired", "not_in_pool", "off_duty", "given_to_another", "ticket_gone", "gave_way",
})  # fmt: skip
# A technician who hears nothing loses work: in doubt another channel. A customer hears once, rather than twice
# (docs/decisions/0009).
HELPED_STAFF = frozenset({"pending", "accepted", "skipped", "blocked", "failed", "unknown"})
HELPED_CUSTOMERS = frozenset({"pending", "skipped", "blocked", "failed"})


def order_for(*, customer: bool) -> tuple[str, ...]:
    """All ways for this kind of person, the first one first."""
    return CUSTOMER_ORDER if customer else STAFF_ORDER


def ways_after(channel: str, *, card: str, customer: bool, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The ways that are left after this one, for this card."""
    order = order_for(customer=customer)
    later = order[order.index(channel) + 1 :] if channel in order else ()
    return tuple(way for way in later if way != "sms" or is_worth_sms(card, customer=customer, facts=facts))


def is_worth_sms(card: str, *, customer: bool, facts: Mapping[str, Any]) -> bool:
    """Is this card worth a text message? `facts` say of a wave's card whether it is `urgent` or of the `last` wave."""
    if customer:
        return card in SMS_FOR_CUSTOMERS
    return card in SMS_FOR_STAFF or (card == "new_ticket" and bool(facts.get("urgent") or facts.get("last")))


def needs_help(status: str, reason: str, *, customer: bool) -> bool:
    """Must another channel try, seeing how this one stands now that its time is over?"""
    return reason not in FINAL_REASONS and status in (HELPED_CUSTOMERS if customer else HELPED_STAFF)
