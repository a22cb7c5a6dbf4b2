"""How often: menu pages opened, codes scanned. A number per day, nobody's name."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import F

from apps.wechat.inbound.told import Malformed, Told
from apps.wechat.models import Tally, WxAccount
from steppe.kernel import clock

VIEW, SCAN = "view", "scan"


def viewed(told: Told) -> None:
    """VIEW: a page was opened from the menu. Counted, nothing else: it opens no window for an answer."""
    url = told.text("EventKey", most=2048)
    try:
        page = urlsplit(url).path
    except ValueError:
        raise Malformed("EventKey") from None
    count(told.account, VIEW, page[:128], told.at)


def count(account: WxAccount, kind: str, name: str, at: datetime) -> None:
    """One more on this day. Two queries in the caller's transaction."""
    day = at.astimezone(clock.BUSINESS_ZONE).date()
    row, _made = Tally.objects.get_or_create(account=account, kind=kind, name=name, day=day)
    Tally.objects.filter(pk=row.pk).update(times=F("times") + 1)
