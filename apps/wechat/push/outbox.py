"""The rows of the outbox: claim one, close it, join it with its receipt. PostgreSQL knows what is unsent, not a broker.

A worker may die at any line: its row is claimed again when the lease is over, with the same client_msg_id.
Every change names the claim it belongs to (`attempts`), so a worker that was given up changes nothing any more.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from apps.wechat.models import PushOutbox, Receipt, SmsAccount, Status, WecomAccount, WxAccount
from apps.wechat.push.channels.base import Sent
from apps.wechat.rules.fallback import NOT_DELIVERED_IN
from steppe.kernel import clock

LEASE = timedelta(seconds=60)  # longer than a send with a new token and all its time-outs
REPORTS_COME_WITHIN = timedelta(minutes=15)
ORPHAN_KEPT = timedelta(days=2)
ENDS = {"success": Status.DELIVERED, "failed:user block": Status.BLOCKED}
NO_RECEIPT = "no_receipt"
NOTHING = Q(pk__in=())
# Which cards a word about delivery may still change: also those we gave up waiting for.
OPEN = Q(status=Status.ACCEPTED) | Q(status=Status.UNKNOWN, reason=NO_RECEIPT)


def claim_next(besides: Q = NOTHING) -> PushOutbox | None:
    """Take the most urgent card that is due; other workers take the others. Two queries, one transaction."""
    with transaction.atomic():
        rows = PushOutbox.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
        row = rows.filter(_due(clock.now())).exclude(besides).order_by("next_try_at", "id").first()
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
    return (waiting & ((speaks & ~_silent(now)) | Q(expires_at__lte=now))) | abandoned


def _silent(now: datetime) -> Q:
    """The other channels' accounts have their own pauses."""
    wecom = Exists(WecomAccount.objects.filter(paused_until__gt=now))
    sms = Exists(SmsAccount.objects.filter(paused_until__gt=now))
    return Q(Q(channel="wecom") & wecom) | Q(Q(channel="sms") & sms)


def accept(row: PushOutbox, sent: Sent, *, at: datetime) -> int:
    """The other side took the card at `at`; its receipt may have come already. Rows changed: 0 if we were given up."""
    watch_at = at + NOT_DELIVERED_IN if sent.status == Status.ACCEPTED else None
    done = _close(
        row, status=sent.status, msgid=sent.msgid, sent_as=sent.sent_as, sent_at=row.sent_at or at, reason="",
        errcode=0, watch_at=watch_at,
    )  # fmt: skip
    if done and sent.msgid is not None:
        join_receipts(row.account_id or 0, sent.msgid)
    return done


def end(row: PushOutbox, status: Status, reason: str, **more: Any) -> int:
    """No further try here: skipped, expired, failed, blocked or unknown. Another channel is thought of at once."""
    return _close(row, status=status, reason=reason[:30], watch_at=clock.now(), **more)


def postpone(row: PushOutbox, until: datetime, **more: Any) -> None:
    """Another try at `until`."""
    _close(row, status=Status.PENDING, next_try_at=until, **more)


def wait(row: PushOutbox, seconds: float) -> float:
    """Its account must not be asked now: later, and it was no try. The seconds again."""
    _close(row, status=Status.PENDING, next_try_at=clock.now() + timedelta(seconds=seconds), attempts=F("attempts") - 1)
    return seconds


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
    cards = PushOutbox.objects.filter(OPEN, account_id=account_id, msgid=msgid)
    final = ENDS.get(receipt.status, Status.FAILED)
    arrived = final == Status.DELIVERED
    reason, watch_at = ("", None) if arrived else (receipt.status[:30], clock.now())
    if cards.update(status=final, reason=reason, receipt_at=receipt.at, watch_at=watch_at):
        Receipt.objects.filter(pk=receipt.pk).update(joined=True)


def keep_report(sent_as: str, *, arrived: bool, said: str) -> None:
    """The SMS gateway's word about a message, as a receipt of WeChat's is kept. Twice changes nothing."""
    ends = {"status": Status.DELIVERED if arrived else Status.FAILED, "reason": "" if arrived else said[:30]}
    rows = PushOutbox.objects.filter(OPEN, channel="sms", sent_as=sent_as)
    rows.update(**ends, receipt_at=clock.now(), watch_at=None if arrived else clock.now())


def reports_are_due() -> bool:
    """Is there a text message of the last minutes of which nobody said what became of it? One query."""
    recent = PushOutbox.objects.filter(OPEN, channel="sms", sent_at__gt=clock.now() - REPORTS_COME_WITHIN)
    return recent.exists()


def sweep_receipts() -> None:
    """Join what the two sides missed, and forget receipts nobody ever asked for."""
    card = PushOutbox.objects.filter(OPEN, account_id=OuterRef("account_id"), msgid=OuterRef("msgid"))
    found = Receipt.objects.filter(Exists(card), joined=False).values_list("account_id", "msgid")
    for account_id, msgid in list(found[:500]):
        with transaction.atomic():
            join_receipts(account_id, msgid)
    Receipt.objects.filter(at__lt=clock.now() - ORPHAN_KEPT).delete()
