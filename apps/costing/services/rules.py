"""Versions of the rules of points: draft, change, publish, withdraw. What is published never changes.

The accountant and the department's manager write drafts; the branch administrator publishes, for the whole branch.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from apps.costing.models import PointRuleSet
from apps.costing.rule_errors import BadRules, DayTaken, RulesMoved, RulesNotFound, RulesSettled, TooManyDrafts
from apps.costing.rule_permissions import RULE_PUBLISHERS, RULE_WRITERS
from apps.costing.rule_wording import sentences
from apps.costing.rules.checking import problems
from apps.costing.rules.rulebook import DEFAULT, Rulebook
from apps.costing.services._effective import earliest_day
from apps.tickets.rules.bodies import tidied
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
MOST_DRAFTS = 10
SHORTEST_NOTE, LONGEST_NOTE = 4, 300
AHEAD = timedelta(days=366)


@command("costing.draft_rules")
def draft_rules(*, pattern: int = 0, by: Actor) -> Receipt:
    """A new draft, a copy of version `pattern`; 0: of the newest published one.

    Raises RulesNotFound, TooManyDrafts. Locks: the first version, so that numbers follow each other.
    """
    require(by, RULE_WRITERS)
    _take_turns()
    rows = list(PointRuleSet.objects.order_by("id"))
    drafts = sum(one.state == DRAFT for one in rows)
    if drafts >= MOST_DRAFTS:
        raise TooManyDrafts(count=drafts)
    row = PointRuleSet.objects.create(
        number=max((one.number for one in rows), default=0) + 1, body=_body_of(rows, pattern), drafted_by=by.ref,
        drafted_by_name=by.name, drafted_at=clock.now(),
    )  # fmt: skip
    return _receipt(row)


@command("costing.change_rules")
def change_rules(*, number: int, version: int, body: Mapping[str, Any], by: Actor) -> Receipt:
    """What the draft says from now on. `version`: the one that was seen; of two who save at once one is told.

    Raises BadRules with the place of each fault, RulesNotFound, RulesSettled, RulesMoved. Locks: the version.
    """
    require(by, RULE_WRITERS)
    told = tidied(body)
    if wrong := problems(told):
        raise BadRules(sentences(wrong))
    row = _locked_draft(number, version)
    row.body, row.version = Rulebook.read(told).body(), row.version + 1
    row.drafted_by, row.drafted_by_name, row.drafted_at = by.ref, by.name, clock.now()
    row.save()
    return _receipt(row)


@command("costing.publish_rules")
def publish_rules(*, number: int, version: int, note: str, effective_from: date, by: Actor) -> Receipt:
    """From this day on the version counts, for tickets finished after now. `note`: how the workers were heard.

    The day is not before today, and not within a month that has been calculated.
    Raises BadRules, RulesNotFound, RulesSettled, RulesMoved, DayTaken. Locks: the first version, this one.
    """
    _check_publisher(by)
    _take_turns()
    row = _locked_draft(number, version)
    _check_note(note)
    _check_day(effective_from)
    if wrong := problems(row.body):
        raise BadRules(sentences(wrong))
    row.state, row.note, row.effective_from, row.version = PUBLISHED, _note(note), effective_from, row.version + 1
    row.published_by, row.published_by_name, row.published_at = by.ref, by.name, clock.now()
    row.save()
    return _receipt(row)


@command("costing.withdraw_rules")
def withdraw_rules(*, number: int, version: int, by: Actor) -> Receipt:
    """Nobody needs this draft. Raises RulesNotFound, RulesSettled, RulesMoved. Locks: the version."""
    require(by, RULE_WRITERS)
    row = _locked_draft(number, version)
    row.state, row.version = WITHDRAWN, row.version + 1
    row.save(update_fields=["state", "version"])
    return _receipt(row)


def _take_turns() -> None:
    """Whoever looks at all versions to decide locks the first one, then looks: a lock taken with the look would show
    the versions as they were before the wait."""
    PointRuleSet.objects.select_for_update(no_key=True).order_by("id").first()


def _receipt(row: PointRuleSet) -> Receipt:
    facts = {"number": row.number, "state": row.state}
    return Receipt("point_rule_set", row.pk, str(row.number), row.version, facts)


def _body_of(rows: list[PointRuleSet], pattern: int) -> dict[str, Any]:
    if pattern:
        found = next((one.body for one in rows if one.number == pattern), None)
        if found is None:
            raise RulesNotFound
        return dict(found)
    published = [one for one in rows if one.state == PUBLISHED]
    return dict(published[-1].body) if published else DEFAULT.body()


def _locked_draft(number: int, version: int) -> PointRuleSet:
    known = 0 < number < 2**31
    row = PointRuleSet.objects.select_for_update(no_key=True).filter(number=number).first() if known else None
    if row is None:
        raise RulesNotFound
    if row.state != DRAFT:
        raise RulesSettled(number=number)
    if row.version != version:
        raise RulesMoved(name=row.drafted_by_name)
    return row


def _check_publisher(by: Actor) -> None:
    """The rules are the whole branch's: the role held at one of its units is not enough."""
    require(by, RULE_PUBLISHERS)
    if by.kind != "system" and not any(path.count("/") == 2 for path in by.scopes(RULE_PUBLISHERS)):
        raise NotAllowed


def _check_note(note: str) -> None:
    if len(_note(note)) < SHORTEST_NOTE:
        told = _("Write how the workers were heard: when, who, and what they said.")
        raise BadRules({"note": [told]})


def _check_day(day: date) -> None:
    first = earliest_day()
    if day < first:
        raise BadRules({"effective_from": [_("Not before %(day)s, please.") % {"day": first.isoformat()}]})
    if day > first + AHEAD:
        raise BadRules({"effective_from": [_("At most a year ahead, please.")]})
    taken = PointRuleSet.objects.filter(state=PUBLISHED, effective_from=day).first()
    if taken:
        raise DayTaken(number=taken.number, day=day.isoformat())


def _note(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_NOTE]
