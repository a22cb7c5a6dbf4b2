"""From what happened to a ticket to rows in the outbox: who gets which card, with which facts.

Runs in the subscriber's transaction, so a card is decided exactly once. Nothing is sent here.
"""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from apps.wechat import accounts
from apps.wechat.cards import CARDS, Card
from apps.wechat.models import Known, PushOutbox, Status, WxAccount
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import current_branch


@dataclass(frozen=True)
class About:
    """What happened: to which ticket, at which version, when."""

    ticket: str
    version: int
    at: datetime


def tell_wave(about: About, *, wave_id: int) -> int:
    """A card for everybody the wave chose; who cannot get one stands there too, with the reason. Rows written."""
    card, made = CARDS["new_ticket"], 0
    for chosen in tickets.chosen_in(wave_id):
        made += _tell_technician(card, about, chosen.technician_id, number=chosen.round)
    return made


def tell_technician(card_key: str, about: About, *, technician_id: int) -> int:
    """A card for the technician who was given the ticket. Rows written: 0 or 1."""
    return _tell_technician(CARDS[card_key], about, technician_id, number=about.version)


def tell_customer(card_key: str, about: About) -> int:
    """A card for the customer, if we know them in WeChat and the branch has such a template. Rows written: 0 or 1."""
    card, account = CARDS[card_key], accounts.branch_account()
    if account is None or card_key not in account.templates or not _is_fresh(card, about):
        return 0
    customer_id = _ticket(about.ticket).customer_id
    identity = accounts.identity_of_customer(account, customer_id) if customer_id else None
    if identity is None:
        return 0
    row = _row(card, about, about.version, account, why=why_not(account, identity, card_key))
    row.recipient, row.customer_id = f"customer:{customer_id}", customer_id
    return _write(row)


def why_not(account: WxAccount | None, known: Known | None, card_key: str) -> str:
    """The reason why this person cannot get this card now, or nothing."""
    if account is None or not account.enabled:
        return "no_account"
    template = account.templates.get(card_key)
    if not template:
        return "no_template"
    if template.get("broken"):
        return "template_wrong"
    if known is None:
        return "not_bound"
    if not known.followed:
        return "not_following"
    until = known.refused.get(template["template_id"])
    return "template_refused" if until and datetime.fromisoformat(until) > clock.now() else ""


def _tell_technician(card: Card, about: About, technician_id: int, *, number: int) -> int:
    if not _is_fresh(card, about):
        return 0
    account = accounts.branch_account()
    binding = accounts.binding_of_technician(account, technician_id) if account else None
    row = _row(card, about, number, account, why=why_not(account, binding, card.key))
    row.recipient, row.technician_id = f"technician:{technician_id}", technician_id
    return _write(row)


def _is_fresh(card: Card, about: About) -> bool:
    """A late card is worse than none; this also keeps a new subscriber from telling an old month's story."""
    return about.at + card.worth > clock.now()


def _row(card: Card, about: About, number: int, account: WxAccount | None, *, why: str) -> PushOutbox:
    name = secrets.token_urlsafe(9)
    return PushOutbox(
        public_id=name, account=account, ticket=about.ticket, round=number, template_key=card.key,
        payload={} if why else facts_of(about.ticket, card), client_msg_id=client_msg_id(name),
        status=Status.SKIPPED if why else Status.PENDING, reason=why,
        next_try_at=clock.now(), expires_at=about.at + card.worth,
    )  # fmt: skip


def _write(row: PushOutbox) -> int:
    """The event may come twice: the second row changes nothing."""
    PushOutbox.objects.bulk_create([row], ignore_conflicts=True)
    return 1


def client_msg_id(name: str) -> str:
    """The card's name towards WeChat: ASCII, ≤ 32, the same over all tries."""
    digest = sha256(f"{current_branch().uuid}/{name}".encode()).digest()
    return b32encode(digest).decode()[:26]


def facts_of(public_id: str, card: Card) -> dict[str, str]:
    """What a card says of a ticket. The contact's name is struck out even where somebody typed it as a place."""
    ticket = _ticket(public_id)
    area = ticket.coarse_address
    if ticket.contact_name:
        area = area.replace(ticket.contact_name, "").strip(" ·")
    return {
        "number": ticket.ticket_no, "fault": ticket.type.name_zh, "area": area,
        "time": ticket.reported_at.isoformat(), "status": card.status,
    }  # fmt: skip


def _ticket(public_id: str):  # type: ignore[no-untyped-def]  # the model is the other room's
    try:
        return tickets.ticket_for(SYSTEM, public_id).ticket
    except TicketNotFound:
        raise LookupError(f"an event names ticket {public_id}, which is not there") from None
