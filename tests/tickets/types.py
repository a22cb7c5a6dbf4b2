"""Publishing types in tests: a small type of one's own, or another version of one that is there."""

from typing import Any

from apps.tickets import services
from apps.tickets.models import TicketType, TypeVersion
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from tests import make

FACE = {"name_zh": "光猫巡查", "kind": "work", "icon": "wrench", "hq_code": "inspection"}
ASKED = {"key": "plan", "kind": "text", "zh": "套餐"}


def body(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A definition with these fields."""
    return {"fields": list(fields), "base_points": "2", **more}


def face_of(kind: TicketType, **changes: Any) -> dict[str, Any]:
    """What lists show of a type now, changed."""
    names = ("name_zh", "name_en", "kind", "family", "icon", "customer_may_report", "hq_code")
    return {name: getattr(kind, name) for name in names} | changes


def publish(
    code: str = "fault_bb", *fields: dict[str, Any], by: Actor | None = None, key: str = "", **more: Any
) -> Receipt:
    """Another version of a type; `number`, `face` and `definition` may be given, other names go into the body."""
    kind = TicketType.objects.filter(code=code).first()
    number = more.pop("number", kind.number if kind else 0)
    face = more.pop("face", None) or (face_of(kind) if kind else FACE)
    definition = more.pop("definition", None) or body(*fields, **more)
    return services.publish_type(
        code=code, number=number, face=face, definition=definition, by=by or make.actor("bai"), key=key or make.key()
    )


def newest(code: str = "fault_bb") -> TypeVersion:
    """The version in force."""
    kind = TicketType.objects.get(code=code)
    return TypeVersion.objects.get(type=kind, number=kind.number)
