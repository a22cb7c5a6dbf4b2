"""What stands in the columns of an Excel or scan file, in either language; what a cell may say. Pure.

An export writes exactly the columns an import reads: what was taken out can be changed and brought back.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from steppe.kernel.sheets import LONGEST_WHOLE, Column, same

ITEMS = (
    Column("code", "物料编码", "Item code", ("编码", "code"), needed=True),
    Column("name", "物料名称", "Item name", ("名称", "name"), needed=True),
    Column("category", "类别", "Category", ("category",), needed=True),
    Column("kind", "管理方式", "Kind", ("kind", "类型"), needed=True),
    Column("unit", "单位", "Unit", ("unit",), needed=True),
    Column("usual_cost", "常用单价（元）", "Usual cost (yuan)", ("常用单价", "单价", "usual cost")),
    Column("warranty_months", "保修月数", "Warranty (months)", ("保修", "warranty")),
    Column("min_level", "最低库存", "Minimum level", ("min_level",)),
    Column("barcode", "条码", "Bar code", ("barcode", "条形码")),
    Column("enabled", "启用", "On", ("enabled",)),
)
RECEIPT = (
    Column("item", "物料编码", "Item code", ("编码", "code", "item")),
    Column("serial", "序列号", "Serial number", ("sn", "serial", "serialnumber", "s/n")),
    Column("batch", "盘号", "Drum", ("drum", "batch")),
    Column("quantity", "数量", "Quantity", ("qty", "quantity")),
    Column("unit_cost", "单价（元）", "Unit cost (yuan)", ("单价", "cost", "unitcost", "price")),
)
KIND_WORDS = {
    "quantity": ("按数量", "By quantity"), "serialized": ("按序列号", "Each by its number"),
    "batch": ("按盘计米", "Drums by the metre"), "tool": ("工具（借用）", "Tool, lent"),
}  # fmt: skip
YES, NO = ("是", "yes", "y", "1", "true", "启用"), ("否", "no", "n", "0", "false", "停用")


def kind_of(text: str) -> str:
    """The kind of item a word stands for; the word itself when nobody knows it."""
    plain = same(text)
    return next((kind for kind, words in KIND_WORDS.items() if plain in {kind, *map(same, words)}), text)


def truth(text: str, otherwise: bool = True) -> bool | None:
    """Yes, no, or None for neither; an empty cell is as `otherwise` says."""
    plain = text.strip().lower()
    return otherwise if not plain else True if plain in YES else False if plain in NO else None


def number(text: str) -> Decimal | None:
    """A number as people write it in a cell; None for anything else."""
    try:
        found = Decimal(text.replace(",", "").replace("，", "").replace("¥", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LONGEST_WHOLE else None


def blank(row: Mapping[str, str]) -> bool:
    """Nothing stands in this row."""
    return not any(row.values())
