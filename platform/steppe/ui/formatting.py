"""Numbers and names as people read them. Pure: no Django, no language; words come in as patterns."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

# China has one zone and no summer time, so a fixed offset is the whole truth and needs no zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTE, HOUR, DAY = 60, 3600, 86400


def mask_phone(value: str) -> str:
    """A number nobody may read yet: 138****0427, 0479-****456."""
    number = value.strip().replace(" ", "")
    if number.startswith("0") and "-" in number:
        area, _, rest = number.partition("-")
        return f"{area}-****{rest[-3:] if len(rest) > 5 else ''}"
    if len(number) >= 11:
        return f"{number[:-8]}****{number[-4:]}"
    return "****" + number[-2:] if len(number) > 6 else "****"


def group_phone(value: str) -> str:
    """A mobile number in the rhythm people say it: 138 1234 0427."""
    number = value.strip().replace(" ", "")
    if len(number) == 11 and number.isdigit() and number.startswith("1"):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return number


def money(fen: int) -> str:
    """An amount kept in whole fen: 3600 is ¥36.00."""
    yuan, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{cents:02d}"


def distance(metres: float) -> str:
    """How far: 850 m, 1.2 km, 86 km. Below a kilometre to ten metres: a position is not better than that."""
    if metres < 995:
        return f"{round(metres / 10) * 10:d} m"
    kilometres = metres / 1000
    return f"{kilometres:.0f} km" if kilometres >= 99.95 else f"{kilometres:.1f}".removesuffix(".0") + " km"


def duration(seconds: float, units: Mapping[str, str]) -> str:
    """The two largest useful units: 2 d 3 h, 1 h 12 min, 46 min, 38 s.

    `units` maps d, h, m, s to a pattern with {n}. The browser's countdown (fs-due.js) follows the same steps;
    tests/ui/due_cases.json holds both to it.
    """
    left = int(abs(seconds))
    days, hours, minutes = left // DAY, left % DAY // HOUR, left % HOUR // MINUTE
    if days:
        parts = [("d", days), ("h", hours)]
    elif hours:
        parts = [("h", hours), ("m", minutes)]
    else:
        parts = [("m", minutes)] if minutes else [("s", left)]
    words = [units[key].format(n=number) for key, number in parts if number or key in ("s", parts[0][0])]
    return " ".join(words)


def moment(value: datetime, now: datetime, *, this_year: str, other_year: str, months: Sequence[str] = ()) -> str:
    """A point in time, 24 h, in Shanghai: the year is said only when it is not this one.

    The patterns use {day} {month} {mon} {year} {time}; {month} is a number unless `months` gives words.
    """
    local = value.astimezone(SHANGHAI)
    pattern = this_year if local.year == now.astimezone(SHANGHAI).year else other_year
    return pattern.format(
        day=local.day,
        month=months[local.month - 1] if months else local.month,
        mon=MONTHS[local.month - 1],
        year=local.year,
        time=f"{local:%H:%M}",
    )


def serial(value: str) -> str:
    """A serial or account number in groups of four, so that it can be read aloud."""
    plain = "".join(value.split())
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))
