"""From what happened to a ticket to rows in the outbox: who gets which card, with which facts.

Runs in the subscriber's transaction, so a card is decided exactly once. Nothing is sent here.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from apps.people import selectors as people
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from apps.tickets.rules.reaches import BRANCH
from apps.wechat import selectors
from apps.wechat.models import PushOutbox, Status, WxAccount
from apps.wechat.push.channels import CHANNELS
from apps.wechat.push.naming import client_msg_id
from apps.wechat.rules import fallback, peace
from apps.wechat.rules.cards import CARDS, Card
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import policy

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class About:
    """What happened: to which ticket, at which version, when."""

    ticket: str
    version: int
    at: datetime


def tell_wave(about: About, *, wave_id: int, reach: str = "near") -> int:
    """A card for everybody the wave chose; who cannot get one stands there too, with the reason. Rows written.

    Who had too many cards this hour, and everybody in quiet hours, reads it in the list only.
    """
    card, account = CARDS["new_ticket"], selectors.branch_account()
    if not _is_fresh(card, about):
        return 0
    ticket, chosen = _ticket(about.ticket), tickets.chosen_in(wave_id)
    urgent = peace.is_urgent(ticket.priority)
    facts = facts_of(ticket, card) | {"urgent": urgent, "last": reach == BRANCH}
    sent = _sent_lately([one.technician_id for one in chosen])
    rows = [_staff_row(card, about, account, one.technician_id, number=one.round, facts=facts) for one in chosen]
    for row in rows:
        _judge(row, _why_held(urgent, sent[row.technician_id or 0]))
    return _write(rows)


def tell_technician(card_key: str, about: About, *, technician_id: int) -> int:
    """A card for the technician who was given the ticket. Rows written: 0 or 1."""
    return _tell_technician(CARDS[card_key], about, technician_id, number=about.version)


def tell_leaders(card_key: str, about: About, *, role: str, but: int | None = None) -> int:
    """A card for who holds this role over the ticket's place, but for who has the ticket. Rows written.

    A leader who is no technician has no WeChat account with us and reads it at the desk.
    """
    card = CARDS[card_key]
    if not _is_fresh(card, about):
        return 0
    leaders = people.technicians_holding(role, _ticket(about.ticket).org_path)
    return sum(_tell_technician(card, about, one, number=about.version) for one in leaders if one != but)


def tell_customer(card_key: str, about: About) -> int:
    """A card for the customer, on the first channel that reaches them. Rows written: 0 or 1.

    Of a child ticket none: it is a department's part, and the case alone speaks to the customer (domain.md §3.5).
    Where nothing reaches them a row says why, if the account knows them and the branch has such a template.
    """
    card, account = CARDS[card_key], selectors.branch_account()
    if not _is_fresh(card, about):
        return 0
    ticket = _ticket(about.ticket)
    if ticket.parent_id is not None:
        return 0
    row = _row(card, about, account, number=about.version, facts=facts_of(ticket, card))
    row.customer_id = ticket.customer_id
    row.recipient = f"customer:{ticket.customer_id}" if ticket.customer_id else "reporter"
    for way in fallback.order_for(customer=True):
        if way == "sms" and not fallback.is_worth_sms(card_key, customer=True, facts={}):
            continue
        row.channel, row.account = way, account if way.startswith("wx_") else None
        if not CHANNELS[way].why_not(row):
            return _write([row])
    return _write([row]) if _is_worth_a_reason(row, account) else 0


def tell_staff(card_key: str, *, day: date, at: datetime, user_id: int, facts: dict[str, Any]) -> int:
    """A card about no ticket for a member of staff, once a day; by WeChat only, as the page is read anyway. Rows
    written: 0 or 1.
    """
    card, about = CARDS[card_key], About("", day.toordinal(), at)
    if not _is_fresh(card, about):
        return 0
    told = {"number": "", "fault": "", "area": "", "time": at.isoformat(), "status": card.status} | facts
    row = _row(card, about, selectors.branch_account(), number=about.version, facts=told)
    row.recipient, row.staff_id = f"staff:{user_id}", user_id
    _judge(row)
    return _write([row])


def _is_worth_a_reason(row: PushOutbox, account: WxAccount | None) -> bool:
    if account is None or row.template_key not in account.templates or not row.customer_id:
        return False
    row.channel, row.account = "wx_template", account
    _judge(row)
    return selectors.identity_of_customer(account, row.customer_id) is not None


def _tell_technician(card: Card, about: About, technician_id: int, *, number: int) -> int:
    if not _is_fresh(card, about):
        return 0
    account, facts = selectors.branch_account(), facts_of(_ticket(about.ticket), card)
    row = _staff_row(card, about, account, technician_id, number=number, facts=facts)
    _judge(row)
    return _write([row])


def _is_fresh(card: Card, about: About) -> bool:
    """A late card is worse than none; this also keeps a new subscriber from telling an old month's story."""
    return about.at + card.worth > clock.now()


def _sent_lately(technician_ids: list[int]) -> Counter[int]:
    """How many cards each of them was sent within the last hour, whatever became of them. One query."""
    rows = PushOutbox.objects.filter(technician__in=technician_ids, made_at__gt=clock.now() - HOUR, instead_of=None)
    counted = rows.exclude(status=Status.SKIPPED).values_list("technician").annotate(Count("id"))
    return Counter({pk: count for pk, count in counted if pk})


def _why_held(urgent: bool, sent: int) -> str:
    rules = policy()
    return peace.why_held(
        urgent=urgent, quiet=rules.quiet, now=clock.now(), sent_this_hour=sent, cap=rules.push_cap_per_hour
    )


def _judge(row: PushOutbox, held: str = "") -> None:
    """Whether it waits to be sent, or is skipped with a reason and looked at for another channel at once."""
    if why := CHANNELS[row.channel].why_not(row) or held:
        row.status, row.reason, row.watch_at = Status.SKIPPED, why, clock.now()


def _staff_row(
    card: Card, about: About, account: WxAccount | None, technician_id: int, *, number: int, facts: dict[str, Any]
) -> PushOutbox:
    row = _row(card, about, account, number=number, facts=facts)
    row.recipient, row.technician_id = f"technician:{technician_id}", technician_id
    return row


def _row(card: Card, about: About, account: WxAccount | None, *, number: int, facts: dict[str, Any]) -> PushOutbox:
    name, now = secrets.token_urlsafe(9), clock.now()
    return PushOutbox(
        public_id=name, account=account, ticket=about.ticket, round=number, template_key=card.key, payload=facts,
        client_msg_id=client_msg_id(name), status=Status.PENDING, made_at=now, next_try_at=now,
        watch_at=now + fallback.NOT_ACCEPTED_IN, expires_at=about.at + card.worth,
    )  # fmt: skip


def _write(rows: list[PushOutbox]) -> int:
    """The event may come twice: the second row changes nothing."""
    PushOutbox.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def facts_of(ticket: Any, card: Card) -> dict[str, Any]:
    """What a card says of a ticket; of an appointment when that is. The contact's name is struck out even where
    somebody typed it as a place.
    """
    area, at = ticket.coarse_address, ticket.reported_at
    if card.key == "booked" and ticket.appointment_start is not None:
        at = ticket.appointment_start
    if ticket.contact_name:
        area = area.replace(ticket.contact_name, "").strip(" ·")
    return {
        "number": ticket.ticket_no, "fault": ticket.type.name_zh, "area": area,
        "time": at.isoformat(), "status": card.status,
    }  # fmt: skip


def _ticket(public_id: str) -> Any:
    """The other room's ticket. One query."""
    try:
        return tickets.ticket_for(SYSTEM, public_id).ticket
    except TicketNotFound:
        raise LookupError(f"an event names ticket {public_id}, which is not there") from None
