"""Reports from a file: the columns, and what a cell may say. Pure."""

import unicodedata
from datetime import datetime, timedelta, tzinfo

from steppe.kernel.sheets import Column

MOST_ROWS = 500
OLDEST_DAYS = 30
LONGEST = {"contact_name": 40, "address": 200, "description": 500, "account_no": 30}
COLUMNS = (
    Column("type_code", "工单类型", "Type", ("类型", "类型编码", "type code", "ticket type"), needed=True),
    Column("contact_name", "联系人", "Contact", ("姓名", "联系人姓名", "name", "contact name"), needed=False),
    Column("contact_phone", "联系电话", "Phone", ("电话", "手机", "手机号", "contact phone"), needed=True),
    Column("address", "地址", "Address", ("报修地址", "安装地址"), needed=True),
    Column("description", "故障描述", "Description", ("描述", "说明", "what is wrong")),
    Column("account_no", "用户编号", "Account number", ("账号", "account", "account no")),
    Column("reported_at", "报修时间", "Reported at", ("时间", "reported")),
    Column("priority", "优先级", "Priority", ("紧急程度",)),
)
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_PRIORITIES = {
    "1": 1, "p1": 1, "紧急": 1, "urgent": 1, "2": 2, "p2": 2, "普通": 2, "normal": 2,
    "3": 3, "p3": 3, "可缓": 3,
}  # fmt: skip
_UNSEEN = {"Cc", "Cf", "Cs"}  # controls, marks that turn the direction of writing, halves of letters


def clean(text: str, *, lines: bool = False) -> str:
    """Without signs that nobody sees; in one line, unless several are welcome."""
    kept = text if lines else " ".join(text.split())
    return "".join(one for one in kept if one == "\n" or unicodedata.category(one) not in _UNSEEN).strip()


def moment(text: str, zone: tzinfo) -> datetime | None:
    """A day with or without its time, as people and spreadsheets write it; None for anything else."""
    plain = unicodedata.normalize("NFKC", text).replace("/", "-").replace(".", "-").replace("T", " ").strip()
    for form in _MOMENTS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=zone)
        except ValueError:
            continue
    return None


def too_old(told: datetime, now: datetime) -> bool:
    """More days back than a file may tell of."""
    return told < now - timedelta(days=OLDEST_DAYS)


def priority(text: str) -> int | None:
    """1 to 3 by the first word; an empty cell is the ordinary one; None for anything else."""
    words = text.casefold().split()
    return _PRIORITIES.get(words[0]) if words else 2
