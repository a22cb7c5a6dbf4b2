"""Ticket types over all branches: the common ones and who uses which version, own ones and what they count as, and
what headquarters offers. Reads of `public` only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language

from apps.headquarters.models import BranchType, TypeMapping, TypeTemplate
from apps.headquarters.permissions import TEMPLATES
from apps.headquarters.rules import types as rule
from apps.headquarters.services.types import FIRST
from apps.tickets.rules.catalogue import Template
from steppe.kernel.actors import Actor, require
from tenants.models import Status, Tenant


@dataclass(frozen=True)
class Use:
    """A branch's type. `common`: what it counts as; `mapped`: headquarters said so; `as_template`: it says the same."""

    branch: Tenant
    type: BranchType
    common: str
    mapped: str = ""
    decided_by: str = ""
    as_template: bool = False

    @property
    def own(self) -> bool:
        return not rule.is_common(self.type.code)

    @property
    def to_do(self) -> bool:
        return rule.to_do(self.type.code, self.mapped)

    @property
    def name(self) -> str:
        return (_english() and self.type.name_en) or self.type.name_zh


@dataclass(frozen=True)
class Common:
    """A common type: the template's version in force and the branches' types that count as it."""

    template: Template
    number: int
    published: TypeTemplate | None
    uses: Sequence[Use] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        return self.template.en if _english() else self.template.zh

    @property
    def as_it_is(self) -> int:
        return sum(one.as_template for one in self.uses)


@dataclass(frozen=True)
class Types:
    """All of it. `own`: what branches made themselves, what is to do first; `as_of`: the oldest look."""

    common: Sequence[Common]
    own: Sequence[Use]
    as_of: datetime | None

    @property
    def to_do(self) -> int:
        return sum(one.to_do for one in self.own)


def all_types(actor: Actor) -> Types:
    """Raises NotAllowed. Three queries, however many branches and types."""
    require(actor, TEMPLATES)
    newest = newest_templates()
    decided = {(one.branch_id, one.code): one for one in TypeMapping.objects.all()}
    rows = BranchType.objects.exclude(branch__status=Status.CLOSING).select_related("branch")
    uses = [_use(one, decided.get((one.branch_id, one.code)), newest) for one in rows.order_by("branch_id", "code")]
    common = [_common(code, template, newest.get(code), uses) for code, template in rule.COMMON.items()]
    own = sorted((one for one in uses if one.own), key=lambda one: (not one.to_do, one.branch.pk, one.type.code))
    return Types(common, own, min((one.type.seen_at for one in uses), default=None))


def newest_templates() -> dict[str, TypeTemplate]:
    """What headquarters has published, the newest of each type. Called in `public`. One query."""
    return {one.code: one for one in TypeTemplate.objects.order_by("code", "number").select_related("source")}


def _use(row: BranchType, said: TypeMapping | None, newest: dict[str, TypeTemplate]) -> Use:
    mapped = said.common_code if said else ""
    common = rule.counts_as(row.code, row.claimed, mapped)
    same = row.code in rule.COMMON and row.digest == _digest(row.code, newest)
    return Use(row.branch, row, common, mapped, said.decided_by_name if said else "", same)


def _common(code: str, template: Template, published: TypeTemplate | None, uses: Sequence[Use]) -> Common:
    number = published.number if published else FIRST
    return Common(template, number, published, [one for one in uses if one.common == code])


def _digest(code: str, newest: dict[str, TypeTemplate]) -> str:
    return newest[code].digest if code in newest else rule.catalogue_digest(code)


def _english() -> bool:
    return (get_language() or "").startswith("en")
