"""Who acts. Rooms authorise by the actor's grants, never by the web request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from steppe.kernel.errors import NotAllowed, Unauthenticated

Kind = Literal["staff", "customer", "hq", "system", "anonymous", "partner"]


@dataclass(frozen=True)
class Grant:
    """A role held at a node of the branch's organisation; `org_path` is `/1/` for the whole branch."""

    role: str
    org_path: str


@dataclass(frozen=True)
class Actor:
    """The one acting, with the roles held in this branch (or at headquarters) and nowhere else."""

    kind: Kind
    id: int | None
    name: str
    grants: tuple[Grant, ...] = field(default=())
    technician_id: int | None = None

    @property
    def ref(self) -> str:
        """Stable name in audit and idempotency rows, e.g. `staff:12`."""
        return f"{self.kind}:{self.id or 0}"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def holds(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def scopes(self, roles: Iterable[str]) -> tuple[str, ...]:
        """The organisation paths at which one of these roles is held."""
        wanted = frozenset(roles)
        return tuple(grant.org_path for grant in self.grants if grant.role in wanted)


ANONYMOUS = Actor(kind="anonymous", id=None, name="")
SYSTEM = Actor(kind="system", id=None, name="system")


def require(actor: Actor, roles: Iterable[str]) -> None:
    """Refuse unless the actor is the system or holds one of `roles`."""
    if actor.kind == "system":
        return
    if actor.kind == "anonymous":
        raise Unauthenticated
    if not actor.holds(*roles):
        raise NotAllowed
