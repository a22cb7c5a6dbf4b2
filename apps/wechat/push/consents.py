"""Yes to one message (订阅通知): noted when WeChat tells of it, used up by one sender, given back if nothing went."""

from datetime import datetime

from django.db.models import QuerySet

from apps.wechat.models import NoticeConsent, WxAccount
from steppe.kernel import clock


def note(account: WxAccount, openid: str, template_id: str, accepted: bool, at: datetime) -> None:
    """What the person answered at `at`. Twice the same answer is one; a no takes back what was not used by then.

    A template that is none of ours leaves nothing. Runs in the caller's transaction; one or two queries.
    """
    card = card_of(account, template_id)
    if not card:
        return
    if not accepted:
        _waiting(account, openid, template_id).filter(given_at__lte=at).update(withdrawn_at=at)
        return
    yes = NoticeConsent(account=account, openid=openid, template_id=template_id, card=card, given_at=at)
    NoticeConsent.objects.bulk_create([yes], ignore_conflicts=True)


def card_of(account: WxAccount, template_id: str) -> str:
    """Which of our cards this notice template stands for."""
    found = (card for card, entry in account.notices.items() if entry.get("template_id") == template_id)
    return next(found, "")


def has_one(account: WxAccount, openid: str, template_id: str) -> bool:
    """Is there a consent nobody used? One query."""
    return _waiting(account, openid, template_id).exists()


def claim(account: WxAccount, openid: str, template_id: str) -> NoticeConsent | None:
    """Use up the oldest one; of two who ask at the same time each gets another, or one gets none."""
    while found := _waiting(account, openid, template_id).order_by("given_at", "id").first():
        # The condition is asked again by the UPDATE itself: who comes second finds it used.
        if NoticeConsent.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=clock.now()):
            return found
    return None


def give_back(consent_id: int) -> None:
    """Nothing was sent for it: the next notice may use it."""
    NoticeConsent.objects.filter(pk=consent_id).update(used_at=None)


def _waiting(account: WxAccount, openid: str, template_id: str) -> QuerySet[NoticeConsent]:
    rows = NoticeConsent.objects.filter(account=account, openid=openid, template_id=template_id)
    return rows.filter(used_at__isnull=True, withdrawn_at__isnull=True)
