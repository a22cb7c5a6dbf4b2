"""What stands about a person who left: removed in small idempotent turns, whoever dies in between.

Who unfollowed is found by the row itself (`followed`, `erased_at`); who was unbound or wants to be forgotten stands in
`Erasure` until it is done. Counts stay, words and places go. Cards that are still on their way keep their facts until
they are over, so the nightly turn comes again.
"""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import F, Q
from redis import RedisError

from apps.people import privacy as people
from apps.wechat.gateway import erasing as gateway
from apps.wechat.gateway import people as shared
from apps.wechat.models import (
    BindCode,
    ChatAnswer,
    CustomerIdentity,
    Draft,
    Erasure,
    Known,
    NoticeConsent,
    PhoneCode,
    PushOutbox,
    StaffBinding,
    Status,
    WrongTry,
    WxAccount,
)
from apps.wechat.sums import keyed
from steppe.kernel import clock
from tenants.context import current_branch

AT_ONCE, LOOK_EVERY_S = 50, 60
AGAIN_FOR = timedelta(days=3)  # longer than any card is worth anything
TRIES_KEPT = CODES_KEPT = timedelta(days=1)
WAITING = (Status.PENDING, Status.SENDING)
FAREWELL = ("binding",)  # the last word to a phone that was unbound


def ask(
    account: WxAccount, openid: str, *, technician_id: int | None = None, customer_id: int | None = None
) -> None:  # fmt: skip
    """The sweep shall remove what stands about this WeChat. A step in an open transaction; twice is once."""
    row = Erasure(
        account=account, openid=openid, technician_id=technician_id, customer_id=customer_id, asked_at=clock.now()
    )
    Erasure.objects.bulk_create([row], ignore_conflicts=True)


def sweep_now_and_then() -> int:
    """The same as `sweep`, but all people are looked through once a minute at most: sweeps come every few seconds."""
    try:
        look = cache.add("wechat:who-left", 1, LOOK_EVERY_S)
    except RedisError:
        look = True
    return sweep(look_for_left=look)


def sweep(*, look_for_left: bool = True) -> int:
    """One turn in the branch: at most AT_ONCE people; how many. Safe to repeat at any line."""
    done = 0
    for row in Erasure.objects.select_related("account").order_by("id")[:AT_ONCE]:
        _erase(row.account, row.openid)
        if not _forget_cards(_cards_of(row)):
            _let_go(row)
        done += 1
    for known in _left() if look_for_left else []:
        technician = _technician_of(known)
        if technician:
            people.forget_position(technician_id=technician)
        _erase_unfollowed(known)
        done += 1
    return done


def sweep_again() -> None:
    """Every night: what was still on its way when somebody left, and codes and tries that are over."""
    now = clock.now()
    for model in (StaffBinding, CustomerIdentity):
        rows = model._default_manager.filter(followed=False, erased_at__gt=now - AGAIN_FOR)
        for known in rows.select_related("account"):
            _erase_unfollowed(known)
    WrongTry.objects.filter(at__lt=now - TRIES_KEPT).delete()
    PhoneCode.objects.filter(used_at__isnull=True, made_at__lt=now - CODES_KEPT).delete()
    BindCode.objects.filter(made_at__lt=now - CODES_KEPT).exclude(openid="").update(openid="")


def _left() -> list[Known]:
    """Who unfollowed since what stood about them was removed last. Two queries."""
    waiting = Q(erased_at__isnull=True) | Q(erased_at__lt=F("follow_seen_at"))
    return [
        known
        for model in (StaffBinding, CustomerIdentity)
        for known in model._default_manager.filter(waiting, followed=False).select_related("account")[:AT_ONCE]
    ]


def _erase_unfollowed(known: Known) -> None:
    began = clock.now()
    _erase(known.account, known.openid)
    _forget_cards(
        Q(customer=known.customer_id)
        if isinstance(known, CustomerIdentity)
        else Q(technician=_technician_of(known) or 0)
    )
    type(known)._default_manager.filter(pk=known.pk, followed=False).update(erased_at=began, refused={})


def _erase(account: WxAccount, openid: str) -> None:
    """What hangs on the openid itself: here, then in `public`."""
    mine = {"account": account, "openid": openid}
    Draft.objects.filter(identity__account=account, identity__openid=openid).delete()
    PhoneCode.objects.filter(
        identity__account=account, identity__openid=openid, used_at__isnull=True, made_at__lt=clock.now() - CODES_KEPT
    ).delete()
    NoticeConsent.objects.filter(**mine, used_at__isnull=True).delete()
    BindCode.objects.filter(**mine, ended_at__isnull=True).update(ended_at=clock.now(), outcome="erased", openid="")
    BindCode.objects.filter(**mine).update(openid="")
    answers = ChatAnswer.objects.filter(**mine).exclude(about__in=FAREWELL)
    answers.exclude(status="sending").delete()
    WrongTry.objects.filter(who_sum=keyed("bind.tries", account.pk, openid)).delete()
    gateway.redact(appid=account.appid, openid=openid, schema_name=current_branch().schema_name)


def _forget_cards(whose: Q) -> int:
    """The facts of cards that are over; the rows stay and are counted. How many are still on their way."""
    cards = PushOutbox.objects.filter(whose).exclude(payload={})
    cards.filter(expires_at__lt=clock.now()).exclude(status__in=WAITING).update(payload={})
    return cards.count()


def _cards_of(row: Erasure) -> Q:
    """Those of the time before: a WeChat that is bound afterwards is another matter."""
    whose = Q(technician=row.technician_id) if row.technician_id else Q(customer=row.customer_id or 0)
    return whose & Q(made_at__lte=row.asked_at)


def _cards_to(known: Known) -> Q:
    if isinstance(known, CustomerIdentity):
        return Q(customer=known.customer_id)
    return Q(technician=_technician_of(known) or 0)


def _let_go(row: Erasure) -> None:
    if row.account.shared and not _known(row):
        shared.forget_person(openid=row.openid, appid=row.account.appid, tenant=current_branch())
    Erasure.objects.filter(pk=row.pk).delete()


def _technician_of(known: Known) -> int | None:
    rows = StaffBinding.objects.filter(pk=known.pk) if isinstance(known, StaffBinding) else StaffBinding.objects.none()
    return rows.values_list("user__technician", flat=True).first()


def _known(row: Erasure) -> bool:
    """Does the branch know this WeChat in any other way?"""
    mine = {"account": row.account, "openid": row.openid}
    return any(model._default_manager.filter(**mine).exists() for model in (StaffBinding, CustomerIdentity))
