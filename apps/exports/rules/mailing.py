"""When a report goes out, which days it has, and when a letter is tried again. Pure; days are the branch's.

due(rule, day, minute, after)   the first moment after `after`
days_of(rule, moment)           the days of the report that is due at this moment
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")
YESTERDAY, LAST_WEEK, LAST_MONTH = RULES = ("yesterday", "last_week", "last_month")
LAST_DAYS = {YESTERDAY: 0, LAST_WEEK: 7, LAST_MONTH: 28}  # 28: every month has it
WAITS = (1, 5, 15, 60, 180, 360, 720)  # minutes before the next try
TRIES = len(WAITS) + 1
STALE = timedelta(days=7)  # a report that should have gone out before is not sent any more


def fits(rule: str, day: int) -> bool:
    """Is this a day for the rule? Every day has none; a weekday is 1 to 7, a day of the month 1 to 28."""
    last = LAST_DAYS.get(rule)
    return last is not None and (day == 0 if last == 0 else 1 <= day <= last)


def due(rule: str, day: int, minute: int, after: datetime) -> datetime:
    """The first moment after this one at which the report goes out."""
    start = after.astimezone(HOME).date()
    for ahead in range(63):  # more than two months: one of the days fits
        on = start + timedelta(days=ahead)
        moment = datetime.combine(on, time(minute // 60, minute % 60), HOME)
        if moment > after and _is_on(rule, day, on):
            return moment
    raise ValueError(f"no day for {rule} {day}")


def days_of(rule: str, moment: datetime) -> tuple[date, date]:
    """First and last day, both included: the day, the week (from Monday) or the month before."""
    today = moment.astimezone(HOME).date()
    if rule == YESTERDAY:
        return today - timedelta(days=1), today - timedelta(days=1)
    if rule == LAST_WEEK:
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=6)
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def wait_after(tries: int) -> timedelta | None:
    """How long until the next try after so many; None: no more."""
    return timedelta(minutes=WAITS[tries - 1]) if 1 <= tries < TRIES else None


def domain_of(address: str) -> str:
    """What stands behind the @, in small letters."""
    return address.rpartition("@")[2].lower()


def _is_on(rule: str, day: int, on: date) -> bool:
    return rule == YESTERDAY or (on.isoweekday() if rule == LAST_WEEK else on.day) == day
