"""A search whose names have been looked up (wanted.py), as rows of tickets and as the statement that reads them.

Django needs longer to write the statement of a list than the driver to read its answer, and screens ask the same
again and again: what depends on nothing but the question and who asks is written once and remembered.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.people import selectors as people
from apps.tickets import words
from apps.tickets.listed import KIND, Known, Question, question_of
from apps.tickets.models import Ticket, TicketType
from apps.tickets.ordered import order_of
from apps.tickets.rules.workflow import OPEN, TABS
from apps.tickets.selectors import visible_tickets
from apps.tickets.wanted import Wanted
from steppe.kernel.actors import Actor
from steppe.kernel.db import rows_by_keys
from steppe.kernel.errors import Invalid
from steppe.kernel.light import light

if TYPE_CHECKING:
    from apps.people.models import OrgUnit

LATE = Q(status__in=OPEN) & ~Q(overdue_clocks=[])
AREAS = ("branch", "sub_branch", "grid")
TYPE_BY_CODE = f"SELECT {', '.join(KIND)} FROM tickets_tickettype WHERE code = ANY(%s::text[])"  # noqa: S608
COUNTED = 1000  # further than this nobody counts: the tab says "more"


@dataclass(frozen=True)
class Asked:
    """Everything of a search but its words: ids and moments. Equal ones have the same statement for the same reader."""

    tab: str
    sort: str
    overdue: str
    fits: tuple[tuple[str, Any], ...]  # conditions on columns, each once


def look_up(wanted: Wanted, known: Known | None = None) -> Asked:
    """At most two queries: type, units, put into `known`. Raises Invalid, which names what the branch has not."""
    plain = {name: getattr(wanted, name) for name in ("technician_id", "channel", "priority")}
    given = {name: value for name, value in plain.items() if value not in (None, "")}  # P0 is a priority too
    fits = given | _named(wanted, known or Known()) | _within(wanted)
    return Asked(wanted.tab, wanted.sort, wanted.overdue, tuple(fits.items()))


def narrowed(actor: Actor, asked: Asked, text: words.Found) -> "QuerySet[Ticket]":
    """Everything that is asked, but for the tab. No query by itself."""
    rows = visible_tickets(actor)
    if asked.overdue:
        rows = rows.filter(LATE if asked.overdue == "now" else Q(was_overdue=True))
    return rows.filter(text.condition(actor), **dict(asked.fits))


def in_tab(tab: str) -> Q:
    """Tickets of one tab; all for none."""
    if not tab:
        return Q()
    return LATE if tab == "overdue" else Q(status__in=TABS[tab])


def page_of(actor: Actor, asked: Asked, text: words.Found, after: str, size: int) -> Question | None:
    """What reads one page and a row more; None for what nobody can find. Raises Invalid for a mark we never gave."""
    if actor.kind != "staff" or not (text is words.ANYTHING or text.few):
        return _page_anew(actor, asked, text, after, size)
    question = _page(actor, asked, bool(text.shown), bool(text.hidden), text.few, after, size)
    return question and (question[0], _with_ids(question[1], text))


def numbers_of(actor: Actor, asked: Asked) -> Question | None:
    """How many stand in each tab, each counted no further than need be: of a hundred thousand the first thousand."""
    return _numbers(actor, asked) if actor.kind == "staff" else _numbers_anew(actor, asked)


@lru_cache(maxsize=1024)
def _page(actor: Actor, asked: Asked, shown: bool, hidden: bool, few: bool, after: str, size: int) -> Question | None:
    """With ids that stand for any others."""
    some = words.Found(None, tuple(words.SHOWN_IDS[:shown]), tuple(words.HIDDEN_IDS[:hidden]))
    return _page_anew(actor, asked, some if few else words.ANYTHING, after, size)


def _with_ids(params: tuple[Any, ...], text: words.Found) -> tuple[Any, ...]:
    if not text.few:
        return params
    shown, hidden = list(text.shown), list(text.hidden)
    return tuple(shown if one == words.SHOWN_IDS else hidden if one == words.HIDDEN_IDS else one for one in params)


@lru_cache(maxsize=1024)
def _numbers(actor: Actor, asked: Asked) -> Question | None:
    return _numbers_anew(actor, asked)


def _numbers_anew(actor: Actor, asked: Asked) -> Question | None:
    return numbers_among(narrowed(actor, asked, words.ANYTHING))


def _page_anew(actor: Actor, asked: Asked, text: words.Found, after: str, size: int) -> Question | None:
    order = order_of(asked.tab, asked.sort)
    rows = narrowed(actor, asked, text).filter(in_tab(asked.tab))
    rows, place = order.placed(rows, sorted_anew=text.few)
    if asked.sort == "ended":
        rows = rows.filter(closed_at__isnull=False)
    if after:
        rows = rows.filter(order.beyond(place, after))
    return question_of(rows.order_by(*order.sorting(place))[: size + 1])


def _one_of(states: Collection[str]) -> str:
    return "t.status IN (" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


# `in_tab` as SQL over the narrowed rows: the ORM would write these, word for word, for each tab anew.
IN_TAB = {
    "": "true", **{tab: _one_of(states) for tab, states in TABS.items()},
    "overdue": f"{_one_of(OPEN)} AND NOT t.overdue_clocks = '{{}}'",
}  # fmt: skip


def numbers_among(rows: "QuerySet[Ticket]") -> Question | None:
    """The same of these rows: one number for each of IN_TAB, in its order."""
    plain = rows.select_related(None).order_by().values_list("status", "overdue_clocks")
    try:
        asked, params = plain.query.sql_with_params()
    except EmptyResultSet:
        return None
    parts = [
        f"(SELECT count(*) FROM (SELECT 1 FROM ({asked}) AS t WHERE {fits} LIMIT {COUNTED + 1}) AS n)"  # noqa: S608
        for fits in IN_TAB.values()
    ]
    return "SELECT " + ", ".join(parts), params * len(parts)  # Django's own SQL and our constants


def _within(wanted: Wanted) -> dict[str, datetime]:
    """The period; what was closed before a day was also reported before it, which tells the list where to begin."""
    since, before = wanted.between()
    ends = {f"{wanted.period}_at__gte": since, f"{wanted.period}_at__lt": before, "reported_at__lt": before}
    return {name: moment for name, moment in ends.items() if moment}


def _named(wanted: Wanted, known: Known) -> dict[str, Any]:
    """Type, area and department by their ids: by a joined code PostgreSQL would not know how many there are."""
    fits: dict[str, Any] = {}
    if wanted.type:
        fits["type_id"] = _must("type", _kind(wanted.type, known)).pk
    units = _units([wanted.grid, wanted.department], known)
    if wanted.grid:
        area = _must("grid", units.get(wanted.grid), AREAS)
        fits |= {"grid_id": area.pk} if area.kind == "grid" else {"org_path__startswith": area.path}
    if wanted.department:
        fits["department_id"] = _must("department", units.get(wanted.department), ("department",)).pk
    return fits


def _kind(code: str, known: Known) -> TicketType | None:
    if not any(one.code == code for one in known.kinds.values()):
        known.kinds |= {row[0]: light(TicketType, KIND, row) for row in rows_by_keys(TYPE_BY_CODE, [code])}
    return next((one for one in known.kinds.values() if one.code == code), None)


def _units(codes: list[str], known: Known) -> "dict[str, OrgUnit]":
    have = {unit.code: unit for unit in known.units.values()}
    found = people.units_by_code(code for code in codes if code not in have)
    known.units |= {unit.pk: unit for unit in found.values()}
    return have | found


def _must(name: str, thing: Any, kinds: Sequence[str] = ()) -> Any:
    if thing is None or (kinds and thing.kind not in kinds):
        raise Invalid({name: [_("This branch has none of that name.")]})
    return thing
