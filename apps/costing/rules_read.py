"""The rules of points for their pages: the set in force, the list of versions, one version. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from apps.costing.models import PointRuleSet
from apps.costing.rule_errors import RulesNotFound
from apps.costing.rule_permissions import RULE_READERS, RULE_WRITERS
from apps.costing.rules.rulebook import Rulebook
from apps.costing.rulesets_read import Book, Books
from apps.costing.services._effective import earliest_day
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"


def in_force(moment: datetime | None = None) -> Book:
    """The set in force at a moment, or now. One query. For many moments: rulesets_read.Books."""
    return Books.load().at(moment or clock.now())


@dataclass(frozen=True)
class RuleSet:
    """One version as a page shows it. `now`: it counts at this moment."""

    row: PointRuleSet
    now: bool

    @property
    def book(self) -> Rulebook:
        return Rulebook.read(self.row.body)

    @property
    def is_draft(self) -> bool:
        return self.row.state == DRAFT

    @property
    def given(self) -> bool:
        """The version every branch begins with; nobody wrote it."""
        return self.row.drafted_by == "system:0"

    @property
    def ahead(self) -> bool:
        """Published, and its day is still to come."""
        day = date.fromisoformat(clock.today())
        return self.row.state == PUBLISHED and self.row.effective_from is not None and self.row.effective_from > day


def versions_for(actor: Actor) -> list[RuleSet]:
    """Every version the reader may see, the newest first; drafts only for who writes rules. Two queries."""
    require(actor, RULE_READERS)
    seen = Q() if _writes(actor) else Q(state=PUBLISHED)
    return _shown(PointRuleSet.objects.filter(seen).order_by("-number"))


def version_for(actor: Actor, number: int) -> RuleSet:
    """One version. Two queries. Raises RulesNotFound, also for a draft that is not the reader's business."""
    require(actor, RULE_READERS)
    row = PointRuleSet.objects.filter(number=number).first() if 0 < number < 2**31 else None
    if row is None or (row.state != PUBLISHED and not _writes(actor)):
        raise RulesNotFound
    return _shown([row])[0]


def before(number: int) -> RuleSet | None:
    """The published version before this one, to compare with. One query."""
    row = PointRuleSet.objects.filter(state=PUBLISHED, number__lt=number).order_by("-number").first()
    return RuleSet(row, now=False) if row else None


def first_day() -> date:
    """The earliest day a version may count from, if it is published now. One query."""
    return earliest_day()


def _writes(actor: Actor) -> bool:
    return actor.kind == "system" or actor.holds(*RULE_WRITERS)


def _shown(rows: Iterable[PointRuleSet]) -> list[RuleSet]:
    counts = in_force().id
    return [RuleSet(row, now=row.pk == counts) for row in rows]
