"""Who is bound, who asks to be, what stands about a customer: for the pages. Never an openid."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from apps.people import selectors as people
from apps.wechat.models import BindCode, Consent, CustomerIdentity, DataRequest, PushOutbox, StaffBinding, WxAccount
from apps.wechat.permissions import ACCOUNT_KEEPERS
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require


@dataclass(frozen=True)
class Person:
    """A member of staff and their WeChat, as the administrator sees them."""

    user_id: int
    name: str
    work_no: str
    phone: str
    binding: StaffBinding | None
    last_card: datetime | None


def binding_of(user_id: int) -> StaffBinding | None:
    """The person's WeChat, if one is bound. One query."""
    return StaffBinding.objects.filter(user_id=user_id, account__enabled=True).order_by("-id").first()


def code_of(user_id: int) -> BindCode | None:
    """The person's newest code, living or over. One query."""
    rows = BindCode.objects.filter(user_id=user_id).select_related("scene", "user")
    return rows.order_by("-made_at", "-id").first()


def claimed_by(account: WxAccount, openid: str) -> BindCode | None:
    """The living code that this phone has claimed. One query."""
    rows = BindCode.objects.filter(account=account, openid=openid, ended_at__isnull=True, expires_at__gt=clock.now())
    return rows.select_related("user").order_by("-claimed_at").first() if openid else None


def stand_of(code: BindCode | None) -> str:
    """`none`, `over`, `shown`, `claimed`, `waiting` (the person has agreed, the phone not yet), `bound`, `refused`."""
    if code is None:
        return "none"
    if code.outcome in {"bound", "refused"}:
        return code.outcome
    if code.ended_at or code.expires_at <= clock.now():
        return "over"
    if not code.openid:
        return "shown"
    return "waiting" if code.person_agreed_at else "claimed"


def staff(*, by: Actor) -> list[Person]:
    """Everybody active with their WeChat, who is bound first. Three queries. Raises NotAllowed."""
    require(by, ACCOUNT_KEEPERS)
    bound = {one.user_id: one for one in StaffBinding.objects.filter(account__enabled=True)}
    cards = PushOutbox.objects.filter(sent_at__isnull=False, technician__user__in=list(bound), channel="wx_template")
    last = dict(cards.values_list("technician__user").annotate(Max("sent_at")))
    rows = [
        Person(user.pk, user.name, user.work_no, user.phone, bound.get(user.pk), last.get(user.pk))
        for user in people.accounts()
    ]
    return sorted(rows, key=lambda one: one.binding is None)


def wishes(*, by: Actor) -> list[DataRequest]:
    """Who asks to be forgotten, the oldest first. One query. Raises NotAllowed."""
    require(by, ACCOUNT_KEEPERS)
    rows = DataRequest.objects.filter(done_at__isnull=True).select_related("customer")
    return list(rows.order_by("asked_at"))


def how_many_wishes() -> int:
    """For the badge. One query."""
    return DataRequest.objects.filter(done_at__isnull=True).count()


def wish_of(customer_id: int) -> DataRequest | None:
    """The customer's open request. One query."""
    return DataRequest.objects.filter(customer_id=customer_id, done_at__isnull=True).first()


def consents_of(customer_id: int) -> list[Consent]:
    """What the customer agreed to. One query."""
    return list(Consent.objects.filter(who=f"customer:{customer_id}", withdrawn_at__isnull=True).order_by("given_at"))


def identity(account: WxAccount, openid: str) -> CustomerIdentity | None:
    """The customer as this account knows them. One query."""
    rows = CustomerIdentity.objects.filter(account=account, openid=openid).select_related("customer")
    return rows.first() if openid else None
