"""A branch takes a template over, by its own act: a new version of its type, in its own schema."""

from typing import TYPE_CHECKING

from apps.headquarters.errors import NotOffered
from apps.headquarters.models import TypeTemplate
from apps.headquarters.offers_read import is_own
from apps.headquarters.rules.types import OWN
from apps.tickets import services as tickets
from apps.tickets import types_read
from apps.tickets.permissions import TYPE_KEEPERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from tenants.context import in_public

if TYPE_CHECKING:
    from apps.tickets.models import TypeVersion

FACE = ("name_zh", "name_en", "kind", "family", "icon", "customer_may_report")


def take_over(*, code: str, number: int, seen: int, by: Actor, key: str) -> Receipt:
    """The template's version `number` becomes the type's next version; tickets that are there keep theirs. `seen`: the
    version of the own type one has looked at, 0 for a new one. Its name, its switch and its first department stay.

    Raises NotAllowed, NotOffered, and what `publish_type` raises (TypeMoved when somebody else was faster).
    """
    require(by, TYPE_KEEPERS)
    with in_public():
        template = TypeTemplate.objects.filter(code=code).order_by("-number").first()
    have = next((one for one in types_read.in_force() if one.type.code == code), None)
    if template is None or template.number != number or (have is not None and is_own(have)):
        raise NotOffered
    return tickets.publish_type(
        code=code, number=seen, face=_face(template, have), definition=_definition(template, have), by=by, key=key
    )


def _face(template: TypeTemplate, have: "TypeVersion | None") -> dict[str, object]:
    shown = {name: getattr(have.type, name) for name in FACE} if have else dict(template.face)
    return shown | {"hq_code": template.code, "note": template.note}


def _definition(template: TypeTemplate, have: "TypeVersion | None") -> dict[str, object]:
    return dict(template.body) | {OWN: have.definition.first_queue if have else ""}
