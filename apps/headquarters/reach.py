"""Whose figures somebody may read: headquarters everybody's, a branch's people their own, or their part of it."""

from dataclasses import dataclass, replace

from django.db.models import Q

from apps.headquarters.common_types import common_codes
from apps.headquarters.errors import NoSuchBranch
from apps.headquarters.permissions import OVERVIEW, REPORTS
from apps.headquarters.rules.asked import Asked
from apps.people import selectors as people
from steppe.kernel.actors import Actor, require
from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC
from tenants.context import current_branch, in_public
from tenants.models import Tenant


@dataclass(frozen=True)
class Reach:
    """What is asked, and by whom: `branches` in order; `units` None: every grid and department of them.

    `codes`: common type codes, at headquarters only; a branch knows its own.
    """

    asked: Asked
    branches: tuple[Tenant, ...]
    units: tuple[str, ...] | None
    codes: dict[tuple[int, str], str]

    @property
    def one_branch(self) -> bool:
        return bool(self.asked.branch)

    def within(self) -> Q:
        """Rows of TicketFact, DailyFact that are asked for, whatever their day."""
        found = Q(branch__in=[one.pk for one in self.branches]) if self.one_branch else Q()
        for name in ("grid", "area_class", "department"):
            if value := getattr(self.asked, name):
                found &= Q(**{name: value})
        if self.units is not None:
            found &= Q(grid__in=self.units) | Q(department__in=self.units)
        return found & self._of_type()

    def _of_type(self) -> Q:
        """A common code is every branch's own code for it; an own code that was mapped elsewhere is not it."""
        code = self.asked.type_code
        if not code:
            return Q()
        found = Q(type_code=code)
        for (branch, own), common in self.codes.items():
            if common == code:
                found |= Q(branch=branch, type_code=own)
            elif own == code:
                found &= ~Q(branch=branch, type_code=own)
        return found


def reach_of(actor: Actor, asked: Asked) -> Reach:
    """What the actor may read of what is asked. One query, two of a branch's people.

    Raises NotAllowed, and NoSuchBranch for another branch's figures as for one that is not there.
    """
    if actor.kind == "hq" or connection.schema_name == PUBLIC:
        require(actor, OVERVIEW)
        return _everywhere(asked)
    require(actor, REPORTS)
    own = current_branch()
    if asked.branch not in {"", own.code}:
        raise NoSuchBranch
    return Reach(replace(asked, branch=own.code), (own,), _part(actor), {})


def _everywhere(asked: Asked) -> Reach:
    with in_public():
        rows = Tenant.objects.exclude(schema_name=PUBLIC).order_by("id")
        branches = tuple(rows.filter(code=asked.branch) if asked.branch else rows)
        if asked.branch and not branches:
            raise NoSuchBranch
        return Reach(asked, branches, None, dict(common_codes()))


def _part(actor: Actor) -> tuple[str, ...] | None:
    """The codes of the units at or below where a role of REPORTS is held; None: the whole branch. One query."""
    if actor.kind == "system":
        return None
    paths, tree = actor.scopes(REPORTS), people.org_tree()
    seen = [one.code for one in tree if one.path.startswith(paths)]
    return None if len(seen) == len(tree) else tuple(seen)
