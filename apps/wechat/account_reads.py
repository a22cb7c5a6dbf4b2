"""What its administrator, and WeChat itself, read of the branch's account. Never a secret."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from apps.wechat.models import PushOutbox, WxAccount
from apps.wechat.permissions import ACCOUNT_KEEPERS
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require


def kept_accounts() -> QuerySet[WxAccount]:
    """Every account the branch ever had: the one in use first (its own before a shared one), then the newest. Lazy."""
    return WxAccount.objects.order_by("-enabled", "shared", "-id")


def kept_account(*, by: Actor) -> WxAccount | None:
    """The account its administrator looks after, also while it is switched off. Raises NotAllowed. One query."""
    require(by, ACCOUNT_KEEPERS)
    return kept_accounts().first()


def domain_file(file_name: str) -> str | None:
    """What we serve at the host's root under this name, if anything. One query."""
    found = WxAccount.objects.filter(verify_files__has_key=file_name).order_by("-id").first()
    return str(found.verify_files[file_name]) if found else None


def in_trouble() -> int:
    """How many accounts in use need a hand or are silenced now. One query."""
    troubled = ~Q(trouble="") | Q(paused_until__gt=clock.now())
    return WxAccount.objects.filter(troubled, enabled=True).count()


def sent_lately() -> dict[str, int]:
    """Status to how many cards of the last seven days ended, or stand, in it. One query."""
    rows = PushOutbox.objects.filter(made_at__gte=clock.now() - timedelta(days=7)).values_list("status")
    return dict(rows.annotate(count=Count("id")).order_by())
