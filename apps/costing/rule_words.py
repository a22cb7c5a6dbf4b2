"""The rules in words: what each part is called, the formula of a ticket line by line, what a version changed."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from apps.costing.rule_labels import AREAS, FLAT, MEASURES, NOTHING, PARTS, SECTIONS, TIMES, WHO
from apps.costing.rules.changes import GONE, NEW, Change, changes
from apps.costing.rules.points import EARN, Factor, Work, Worked
from apps.costing.rules.rulebook import Deduction, Difficulty, Quantity, Rulebook
from apps.costing.rules.sharing import rounded
from steppe.kernel.money import round_fen
from steppe.ui import formatting


def named(one: Quantity | Difficulty | Deduction) -> str:
    """What a reader of this language calls it."""
    return one.en if one.en and (get_language() or "").startswith("en") else one.zh


def plain(value: object) -> str:
    """A number without the zeros of its column: 1.20 is 1.2."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- the formula of a ticket -----------------------------------------------------------------------------------


def formula(work: Work, found: Worked, book: Rulebook) -> list[str]:
    """How the points of a ticket come about, a sentence for each step."""
    by = {one.code: one for one in found.factors}
    lines = [*_by_formula(found, by, book)] if "difficulty" in by else [_flat(found.factors[0])]
    if "travel" in by:
        lines.append(_travel(work, by["travel"], book))
    if "waiting_bonus" in by:
        lines.append(_("Waiting bonus: %(points)s × %(pct)s %% = %(bonus)s") % {
            "points": found.total, "pct": by["waiting_bonus"].detail, "bonus": by["waiting_bonus"].value,
        })  # fmt: skip
    if len(work.shares) > 1 and found.total:
        lines.append(_shares(found))
    return [*lines, _sum(found, book)]


def _by_formula(found: Worked, by: Mapping[str, Factor], book: Rulebook) -> Iterator[str]:
    bases = [_base(one, book) for one in found.factors if _is_base(one)]
    base = bases[0] if len(bases) == 1 else f"({' + '.join(bases)})"
    hard = book.difficulty(by["difficulty"].detail)
    factors = [
        _("difficulty %(name)s %(factor)s")
        % {"name": named(hard) if hard else "", "factor": plain(by["difficulty"].value)},
        _("area %(area)s %(factor)s") % {"area": by["area"].detail, "factor": plain(by["area"].value)},
        _("time %(name)s %(factor)s") % {"name": TIMES[by["time"].detail], "factor": plain(by["time"].value)},
    ]  # fmt: skip
    yield " × ".join([base, *map(_tight, factors)]) + f" = {plain(rounded(found.ticket_points))}"
    told = _("Quality: timeliness %(timely)s × satisfaction %(liked)s, between %(floor)s and %(ceiling)s: %(quality)s")
    yield told % {
        "timely": plain(by["timeliness"].value), "liked": plain(by["satisfaction"].value),
        "floor": plain(book.quality.floor), "ceiling": plain(book.quality.ceiling), "quality": plain(found.quality),
    }  # fmt: skip
    yield f"{plain(rounded(found.ticket_points))} × {plain(found.quality)} = {found.total}"


def _is_base(one: Factor) -> bool:
    return one.code in ("base", "not_done", "no_fault_found") or one.code.startswith("quantity.")


def _base(one: Factor, book: Rulebook) -> str:
    if one.code == "base":
        return _("base %(points)s") % {"points": plain(one.value)}
    if not one.code.startswith("quantity."):
        return _("share of the base %(sum)s = %(points)s") % {"sum": one.detail, "points": plain(one.value)}
    code = one.code.removeprefix("quantity.")
    item = next((row for row in book.quantities if row.code == code), None)
    name = named(item) if item else code
    return _("%(name)s (%(count)s) %(points)s") % {
        "name": name,
        "count": plain(Decimal(one.detail)),
        "points": plain(one.value),
    }


def _flat(one: Factor) -> str:
    if one.code == "nothing":
        return _("No points: %(why)s.") % {"why": NOTHING.get(one.detail, one.detail)}
    return _("%(name)s: %(points)s points flat") % {"name": FLAT.get(one.code, one.code), "points": plain(one.value)}


def _travel(work: Work, road: Factor, book: Rulebook) -> str:
    told = _("Travel: (%(km)s − %(free)s) km × %(per)s") % {
        "km": plain(work.trip_km), "free": plain(book.travel.free_km), "per": plain(book.travel.per_km),
    }  # fmt: skip
    if work.all_km and work.own_km != work.all_km:
        told += _(" × %(own)s of %(all)s km of the trip") % {"own": plain(work.own_km), "all": plain(work.all_km)}
    return f"{told} = {road.value}"


def _shares(found: Worked) -> str:
    parts = [str(one.points) for one in found.parts if one.kind == EARN]
    return _("Shared out: %(parts)s") % {"parts": " + ".join(parts)}


def _sum(found: Worked, book: Rulebook) -> str:
    points = found.everything
    return _("Together %(points)s points, %(minutes)s standard minutes, %(money)s at the planned price") % {
        "points": points, "minutes": plain(rounded(points * book.minutes_per_point)),
        "money": formatting.money(round_fen(points * book.rates.point_fen)),
    }  # fmt: skip


def _tight(text: str) -> str:
    """Without the gap of a name that is not there."""
    return " ".join(text.split())


# -- what a version changed --------------------------------------------------------------------------------------


def differences(old: Rulebook, new: Rulebook, types: Mapping[str, str]) -> list[str]:
    """Every difference as a line, in the order of the rules. `types`: the names of ticket types by their code."""
    return [_sentence(one, old, new, types) for one in changes(old, new)]


def _sentence(change: Change, old: Rulebook, new: Rulebook, types: Mapping[str, str]) -> str:
    path = ("base", types.get(change.path[1], change.path[1])) if change.path[0] == "base" else change.path
    name = _where(path, old if change.how == GONE else new)
    if change.how == NEW:
        return _("%(name)s: new, %(now)s") % {"name": name, "now": _told(change.path, change.now)}
    if change.how == GONE:
        return _("%(name)s: gone, was %(was)s") % {"name": name, "was": _told(change.path, change.was)}
    told = {"name": name, "was": _told(change.path, change.was), "now": _told(change.path, change.now)}
    return pgettext("what was, what is", "%(name)s: %(was)s → %(now)s") % told


def _where(path: tuple[str, ...], book: Rulebook) -> str:
    """`area.D` as people say it: Area · D far pasture."""
    section = SECTIONS.get(path[0], (PARTS.get(path[0], path[0]), ""))[0]
    if len(path) == 1:
        return str(section)
    return " · ".join([str(section), *(_part(path, place, book) for place in range(1, len(path)))])


def _part(path: tuple[str, ...], place: int, book: Rulebook) -> str:
    name, whole = path[place], ".".join(path[: place + 1])
    rows: Mapping[str, Iterable[Any]] = {
        "quantities": book.quantities, "difficulties": book.difficulties, "deductions": book.deductions,
    }  # fmt: skip
    if path[0] in rows and place == 1:
        return next((named(row) for row in rows[path[0]] if row.code == name), name)
    known = {"area": AREAS, "month": MEASURES}.get(path[0], {})
    if whole.startswith("quality.scores."):
        return _("score %(n)s") % {"n": name}
    if whole.startswith("quality.steps.") and place == 2:
        return _("step %(n)s") % {"n": name}
    fallback = {"quality.steps": _("steps"), "quality.scores": _("satisfaction"), "month.measures": _("rates")}
    return str(PARTS.get(whole) or PARTS.get(name) or known.get(name) or fallback.get(whole) or name)


def _told(path: tuple[str, ...], value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        return ", ".join(str(part) for name, part in value.items() if name not in ("code", "zh", "en") and part != "")
    if isinstance(value, list):
        return "; ".join(" / ".join(map(str, team)) if isinstance(team, list) else str(team) for team in value)
    if path[-1].endswith("_fen"):
        return formatting.money(int(value))
    if path[-1] == "who":
        return str(WHO.get(value, value))
    return str(value) or _("nothing")
