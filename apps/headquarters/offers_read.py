"""Templates that headquarters offers to the branch we stand in: newer than what it has, and said otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apps.headquarters.models import TypeTemplate
from apps.headquarters.rules.types import digest_of
from apps.headquarters.templates_read import newest_templates
from apps.tickets import types_read
from apps.tickets.permissions import TYPE_KEEPERS
from apps.tickets.rules.definitions import Definition
from steppe.kernel.actors import Actor, require
from tenants.context import in_public

if TYPE_CHECKING:
    from apps.tickets.models import TypeVersion


@dataclass(frozen=True)
class Offer:
    """A template and what the branch has; None: it has no such type yet."""

    template: TypeTemplate
    have: "TypeVersion | None"

    @property
    def seen(self) -> int:
        return self.have.number if self.have else 0

    @property
    def definition(self) -> Definition:
        return Definition.read(self.template.body)


def offers_for(actor: Actor) -> list[Offer]:
    """For who keeps the branch's types. Raises NotAllowed. One query there, one in `public`."""
    require(actor, TYPE_KEEPERS)
    return offers_among(types_read.in_force())


def offers_among(versions: Iterable["TypeVersion"]) -> list[Offer]:
    """The same, of versions that were read already. One query in `public`."""
    have = {one.type.code: one for one in versions}
    with in_public():
        newest = newest_templates()
    return [Offer(one, have.get(code)) for code, one in newest.items() if _is_offered(one, have.get(code))]


def _is_offered(template: TypeTemplate, have: "TypeVersion | None") -> bool:
    """Not what the branch changed after it, nor what it uses the code for otherwise."""
    if have is None:
        return True
    if is_own(have) or have.published_at >= template.published_at:
        return False
    return digest_of(have.body) != template.digest


def is_own(have: "TypeVersion") -> bool:
    """A type of the branch's own that only has the same code: no template ever changes it."""
    return have.type.hq_code not in {"", have.type.code}
