"""What is not kept longer than needed. Idempotent; every night in each branch."""

from datetime import timedelta

from apps.wechat.inbound import answers
from apps.wechat.models import Heard, TakenMedia, Tally
from apps.wechat.services import drafts
from steppe.kernel import clock

HEARD_KEPT = timedelta(days=30)  # longer than a callback can come again: the inbox keeps seven days of what is done
MEDIA_KEPT = timedelta(days=4)  # WeChat itself keeps three
COUNTED = timedelta(days=800)


def tidy() -> None:
    """Old drafts, answers, marks and counts go."""
    now = clock.now()
    drafts.forget_old()
    answers.forget_old()
    Heard.objects.filter(at__lt=now - HEARD_KEPT).delete()
    TakenMedia.objects.filter(at__lt=now - MEDIA_KEPT).delete()
    Tally.objects.filter(day__lt=(now - COUNTED).date()).delete()
