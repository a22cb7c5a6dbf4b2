"""When a card's time is over, another channel helps: a new row that names the one it stands in for.

Decided by the sweep alone, under the row's lock, and once: `instead_of` is unique. Rules: rules/fallback.py.
"""

import secrets

from django.db import transaction

from apps.wechat import selectors
from apps.wechat.models import PushOutbox, Status
from apps.wechat.push import outbox
from apps.wechat.push.channels import CHANNELS
from apps.wechat.push.delivery import outdated
from apps.wechat.push.naming import client_msg_id
from apps.wechat.rules import fallback as rules
from apps.wechat.rules.cards import CARDS
from steppe.kernel import clock


def look_at_all(limit: int = 200) -> int:
    """Decide about the cards whose time is over; how many rows were made. Two queries and a few for each card."""
    made = 0
    for _ in range(limit):
        with transaction.atomic():
            row = _next()
            if row is None:
                break
            made += _decide(row)
    return made


def _next() -> PushOutbox | None:
    """The longest waiting one. One that is being sent at this moment has not ended: its worker says how it did."""
    rows = PushOutbox.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
    due = rows.filter(watch_at__lte=clock.now()).exclude(status=Status.SENDING)
    return due.order_by("watch_at", "id").first()


def _decide(row: PushOutbox) -> int:
    """Nothing more to watch for, and perhaps a row on another channel."""
    customer = row.technician_id is None
    helped = row.staff_id is None and rules.needs_help(row.status, row.reason, customer=customer)
    other = _other(row, customer=customer) if helped and not _is_over(row) else None
    if row.status == Status.ACCEPTED:
        row.status, row.reason = Status.UNKNOWN, outbox.NO_RECEIPT
    elif other is not None and row.status == Status.PENDING:
        row.status, row.reason = (Status.UNKNOWN if row.sent_at else Status.SKIPPED), "gave_way"
    row.watch_at = None
    row.save(update_fields=["status", "reason", "watch_at"])
    if row.status == Status.SKIPPED and row.reason == "gave_way":
        CHANNELS[row.channel].release(row)
    return _write(other) if other is not None else 0


def _is_over(row: PushOutbox) -> bool:
    return row.expires_at <= clock.now() or bool(outdated(row, CARDS[row.template_key]))


def _other(row: PushOutbox, *, customer: bool) -> PushOutbox | None:
    """The same card on the first channel that is left and can be had; None if there is none."""
    if PushOutbox.objects.filter(instead_of=row).exists():
        return None
    for way in rules.ways_after(row.channel, card=row.template_key, customer=customer, facts=row.payload):
        other = _copy(row, way)
        if not CHANNELS[way].why_not(other):
            return other
    return None


def _copy(row: PushOutbox, channel: str) -> PushOutbox:
    name, now = secrets.token_urlsafe(9), clock.now()
    account = (row.account or selectors.branch_account()) if channel.startswith("wx_") else None
    return PushOutbox(
        public_id=name, account=account, ticket=row.ticket, round=row.round, recipient=row.recipient,
        technician_id=row.technician_id, customer_id=row.customer_id, instead_of=row, channel=channel,
        template_key=row.template_key, payload=row.payload, client_msg_id=client_msg_id(name),
        made_at=now, next_try_at=now, watch_at=now + rules.NOT_ACCEPTED_IN, expires_at=row.expires_at,
    )  # fmt: skip


def _write(other: PushOutbox) -> int:
    PushOutbox.objects.bulk_create([other], ignore_conflicts=True)
    return 1
