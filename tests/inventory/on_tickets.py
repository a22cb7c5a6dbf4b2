"""A technician's van and own ticket for the tests: Wu has two boxes, cable and a drum with him, and a fault to mend."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from apps.inventory import material_read, services
from apps.inventory.models import Balance, Document, Material, Serial
from apps.inventory.rules.material import Norm
from apps.inventory.services import Told
from apps.tickets import services as tickets
from apps.tickets.models import Ticket
from steppe.kernel.commands import Receipt
from tests.inventory import stock
from tests.make import actor, key, make_ticket, picture
from tests.tickets.steps import STEPS, do

BOXES = ("SN0001", "SN0002")


def fill_van(username: str = "wu", *boxes: str, metres: int = 30) -> str:
    """Boxes, cable and a drum, received and issued; the code of the van."""
    if not stock.Item.objects.filter(code="stb").exists():
        stock.item(category="stb")
        stock.item("cable", "quantity", unit="m", usual_cost=50, category="drop_cable")
        stock.item("drum", "batch", unit="m", usual_cost=40, category="drop_cable")
        stock.item("meter", "tool", category="tool")
    goods = [Told("stb", serials=boxes or BOXES), Told("cable", Decimal(metres)), Told("drum", Decimal(100), "D1")]
    stock.receive(*goods)
    code = stock.van(username).code
    stock.post(stock.write("issue", *goods, source="main", target=code))
    return code


def ticket(status: str = "in_progress", **more: Any) -> Ticket:
    return make_ticket(status=status, **more)


def enter(one: Ticket, item: str = "cable", quantity: int | str = 5, *, by: str = "wu", **more: Any) -> Receipt:
    told = {"item": item, "quantity": Decimal(quantity)} | more
    return services.enter_material(public_id=one.public_id, **told, by=actor(by), key=key())


def scan(one: Ticket, number: str = "SN0001", *, by: str = "wu", **more: Any) -> Receipt:
    return services.enter_unit(public_id=one.public_id, number=number, **more, by=actor(by), key=key())


def explain(one: Ticket, line: int, reason: str = "long way round") -> None:
    services.change_material(public_id=one.public_id, line=line, reason=reason, by=actor("wu"), key=key())


def back(one: Ticket, number: str = "OLD001", condition: str = "good", *, by: str = "wu", **more: Any) -> Receipt:
    told = {"item": "stb"} | more
    return services.enter_recovered(
        public_id=one.public_id, number=number, condition=condition, **told, by=actor(by), key=key()
    )


def answers(by: str = "wu") -> dict[str, Any]:
    """What the types that bring a device back ask at the finish."""
    label = tickets.upload_photo(content=picture(), stage="finish", by=actor(by), key=key()).public_id
    return {"serial_in": "SN0001", "serial_out": "OLD001", "condition": "good", "photo_old_label": [label]}


def finish(one: Ticket, *, by: str = "wu", told: dict[str, Any] | None = None) -> Receipt:
    """A swap is done; the numbers are those the form offers."""
    offered = material_read.known_answers(one.public_id, {"serial_in", "serial_out"})
    more = {"solution": "swapped", "outcome": told or answers(by) | offered}
    return tickets.complete_ticket(public_id=one.public_id, **more, by=actor(by), key=key())


@contextmanager
def looking() -> Iterator[list[str]]:
    """What the block asks of this room's tables."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "inventory_" in sql:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def step(one: Ticket, action: str, **more: Any) -> Receipt:
    """A step with what must be asked before it."""
    one.refresh_from_db()
    STEPS[action].before(one)
    return do(action, one.public_id, **more)


def rule(type_code: str = "fault_bb", *norms: Norm, **more: Any) -> None:
    services.save_material_rule(type_code=type_code, norms=norms, **more, by=actor("ku"), key=key())


def norm(category: str = "", quantity: int | None = None, item: str = "") -> Norm:
    return Norm(item, category, None if quantity is None else Decimal(quantity))


def reserved(code: str, item: str = "cable") -> Decimal:
    return Balance.objects.filter(place__code=code, item__code=item).aggregate(total=Sum("reserved"))["total"]


def states(one: Ticket) -> Counter[str]:
    return Counter(Material.objects.filter(ticket=one.public_id).values_list("state", flat=True))


def papers(one: Ticket) -> list[tuple[str, str]]:
    rows = Document.objects.filter(ticket=one.public_id).order_by("id")
    return list(rows.values_list("kind", "state"))


def check_books() -> None:
    """What holds of all stock; and what is spoken for is what the open tickets say."""
    stock.check_books()
    lines = Material.objects.filter(state="reserved")
    said = {(place, item, batch): total for place, item, batch, total in
            lines.values_list("place", "item", "batch").annotate(total=Sum("quantity"))}  # fmt: skip
    rows = Balance.objects.exclude(reserved=0).values_list("place", "item", "batch", "reserved")
    assert {row[:3]: row[3] for row in rows} == said
    held = dict(Serial.objects.exclude(held_for="").values_list("pk", "held_for"))
    assert held == dict(lines.exclude(serial=None).values_list("serial", "ticket"))
