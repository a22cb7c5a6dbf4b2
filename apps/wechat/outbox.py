"""The rows of the outbox: claim one, close it, join it with its receipt. PostgreSQL knows what is unsent, not a broker.

A worker may die at any line: its row is claimed again when the lease is over, with the same client_msg_id.
Every change names the claim it belongs to (`attempts`), so a worker that was given up changes nothing any more.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.wechat.models import PushOutbox, Receipt, Status, WxAccount
from steppe.kernel import clock

LEASE = timedelta(seconds=60)  # longer than a send with a new token and all its time-outs
ORPHAN_KEPT = timedelta(days=2)
ENDS = {"success": Status.DELIVERED, "failed:user block": Status.BLOCKED}


def claim_next() -> PushOutbox | None:
    """Take the most urgent card that is due; other workers take the others. Two queries, one transaction."""
    with transaction.atomic():
        rows = PushOutbox.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
        row = rows.filter(_due(clock.now())).order_by("next_try_at", "id").first()
        if row is None:
            return None
        if row.status == Status.SENDING and row.locked_until:  # its worker died between send and save
            row.sent_at = row.sent_at or row.locked_until - LEASE
        row.status, row.attempts, row.locked_until = Status.SENDING, row.attempts + 1, clock.now() + LEASE
        row.save(update_fields=["status", "attempts", "locked_until", "sent_at"])
    return row


def anything_due() -> bool:
    """Is there a card to send now? One query."""
    return PushOutbox.objects.filter(_due(clock.now())).exists()


def _due(now: datetime) -> Q:
    waiting = Q(status=Status.PENDING, next_try_at__lte=now)
    abandoned = Q(status=Status.SENDING, locked_until__lte=now)
    speaks = Q(account__paused_until__isnull=True) | Q(account__paused_until__lte=now)
    return (waiting & (speaks | Q(expires_at__lte=now))) | abandoned


def accept(row: PushOutbox, msgid: int, *, at: datetime) -> None:
    """WeChat took the card at `at`. Its receipt may have come already."""
    if _close(row, status=Status.ACCEPTED, msgid=msgid, sent_at=row.sent_at or at, reason="", errcode=0):
        join_receipts(row.account_id or 0, msgid)


def end(row: PushOutbox, status: Status, reason: str, **more: Any) -> None:
    """No further try: skipped, expired, failed, blocked or unknown."""
    _close(row, status=status, reason=reason, **more)


def postpone(row: PushOutbox, until: datetime, **more: Any) -> None:
    """Another try at `until`."""
    _close(row, status=Status.PENDING, next_try_at=until, **more)


def _close(row: PushOutbox, **changes: Any) -> int:
    mine = PushOutbox.objects.filter(pk=row.pk, status=Status.SENDING, attempts=row.attempts)
    return mine.update(locked_until=None, **changes)


def keep_receipt(account: WxAccount, msgid: int, status: str, at: datetime) -> None:
    """WeChat's word about a card; kept until the card has its number, if that comes later."""
    Receipt.objects.bulk_create(
        [Receipt(account=account, msgid=msgid, status=status[:60], at=at)], ignore_conflicts=True
    )
    join_receipts(account.pk, msgid)


def join_receipts(account_id: int, msgid: int) -> None:
    """Let the card know how it ended, if both halves are there. Called from both sides and by the sweep:
    two transactions that do not see each other's half yet are joined a few seconds later."""
    receipt = Receipt.objects.filter(account_id=account_id, msgid=msgid, joined=False).first()
    if receipt is None:
        return
    cards = PushOutbox.objects.filter(account_id=account_id, msgid=msgid, status=Status.ACCEPTED)
    final = ENDS.get(receipt.status, Status.FAILED)
    reason = "" if final == Status.DELIVERED else receipt.status[:30]
    if cards.update(status=final, reason=reason, receipt_at=receipt.at):
        Receipt.objects.filter(pk=receipt.pk).update(joined=True)


def sweep_receipts() -> None:
    """Join what the two sides missed, and forget receipts nobody ever asked for."""
    card = PushOutbox.objects.filter(account_id=OuterRef("account_id"), msgid=OuterRef("msgid"), status=Status.ACCEPTED)
    found = Receipt.objects.filter(Exists(card), joined=False).values_list("account_id", "msgid")
    for account_id, msgid in list(found[:500]):
        with transaction.atomic():
            join_receipts(account_id, msgid)
    Receipt.objects.filter(at__lt=clock.now() - ORPHAN_KEPT).delete()
