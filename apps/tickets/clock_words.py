"""A ticket's clocks as the page tells them: one line each, and every run of it in sentences. No query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.people import roles
from apps.tickets import labels
from apps.tickets.clock_read import Clock, ClockRun, Clocks
from apps.tickets.labels import word
from apps.tickets.rules.clocks import Pause
from steppe.kernel import clock
from steppe.ui.spoken import moment, span

if TYPE_CHECKING:
    from apps.tickets.models import Breach, ClockNotice

LOOKS = {  # icon and colour
    "running": ("due", "s-accepted"), "paused": ("s-on_hold", "s-on_hold"), "late": ("overdue", "s-overdue"),
    "kept": ("s-closed", "s-closed"), "missed": ("overdue", "s-overdue"),
}  # fmt: skip


WIDE = 100  # a bar's own measure


@dataclass(frozen=True)
class Piece:
    """A stretch of a bar: where it begins, how long it is (of WIDE), and what it means."""

    x: float
    width: float
    css: str


@dataclass(frozen=True)
class Bar:
    """The latest run on a line: used, stood still, over; `due` is where time is up."""

    pieces: list[Piece]
    due: float | None


@dataclass(frozen=True)
class ClockLine:
    """One clock: its name, how it stands, and what there is to tell. `due_at` only while it counts down."""

    name: str
    icon: str
    css: str
    word: str
    due_at: datetime | None
    target: timedelta | None
    runs: list[list[str]]
    breaches: list[str]
    bar: Bar | None


def clock_lines(clocks: Clocks) -> list[ClockLine]:
    """Those that run first, then those that are over."""
    return [_line(row) for row in clocks.rows]


def _line(row: Clock) -> ClockLine:
    icon, css = LOOKS[row.now.state]
    counting = row.now.open and row.now.state != "paused"
    target = row.now.due_at - row.now.started_at if row.now.due_at else None
    runs = [list(_told(run)) for run in (row.now, *reversed(row.before))]
    return ClockLine(
        word(labels.CLOCKS, row.name), icon, css, _state(row.now), row.now.due_at if counting else None, target, runs,
        [broken(breach) for breach in row.breaches], _bar(row.now),
    )  # fmt: skip


def _bar(run: ClockRun) -> Bar | None:
    """From the start to the end or the due, whichever is later. Nothing for a hold: it only waits for a moment."""
    end, due = run.stopped_at or clock.now(), run.due_at
    if due is None or run.clock == "hold" or max(end, due) <= run.started_at:
        return None
    whole = max(end, due) - run.started_at

    def piece(start: datetime, stop: datetime, css: str) -> Piece:
        first, last = max(start, run.started_at), min(stop, max(end, due))
        return Piece(_at(first - run.started_at, whole), max(0.0, _at(last - first, whole)), css)

    pieces = [piece(run.started_at, min(end, due), "is-used")]
    pieces += [piece(pause.start, min(pause.end, end), "is-still") for pause in run.pauses]
    pieces += [piece(due, end, "is-over")] if end > due else []
    return Bar([one for one in pieces if one.width], _at(due - run.started_at, whole))


def _at(part: timedelta, whole: timedelta) -> float:
    return round(WIDE * (part / whole), 2)


def _state(run: ClockRun) -> str:
    words = {
        "running": pgettext("clock", "running"),
        "paused": pgettext("clock", "stands still"),
        "late": pgettext("clock", "run out"),
        "kept": pgettext("clock", "kept"),
    }
    if run.state == "missed":
        return pgettext("clock", "late by %(time)s") % {"time": span(run.late)}
    return words[run.state]


def _told(run: ClockRun) -> Iterator[str]:
    """One run, a sentence for each thing that happened to it."""
    yield _began(run)
    if run.due_at:
        yield _("Due %(time)s.") % {"time": moment(run.due_at)}
    yield from (_pause(pause) for pause in run.pauses)
    if run.paused:
        yield _("Stood still for %(time)s in all.") % {"time": span(run.paused)}
    yield from (_notice(notice) for notice in run.notices)
    if run.stopped_at:
        yield _("Stopped %(time)s.") % {"time": moment(run.stopped_at)}


def _began(run: ClockRun) -> str:
    told = {"time": moment(run.started_at), "long": span(run.minutes * 60), "cause": word(labels.HOLDS, run.cause)}
    if run.clock == "hold":
        return _("Began %(time)s: %(cause)s.") % told
    return _("Began %(time)s, allowed %(long)s.") % told if run.minutes else _("Began %(time)s.") % told


def _pause(pause: Pause) -> str:
    told = {"cause": word(labels.HOLDS, pause.cause), "start": moment(pause.start), "end": moment(pause.end)}
    if pause.open:
        return _("Stands still since %(start)s (%(cause)s), planned until %(end)s.") % told
    return _("Stood still %(start)s to %(end)s (%(cause)s).") % told


def _notice(notice: "ClockNotice") -> str:
    whom = str(roles.LABELS.get(notice.told, notice.told))
    told = {"level": word(labels.LEVELS, notice.level), "who": whom, "time": moment(notice.at)}
    return _("%(level)s: told to %(who)s, %(time)s.") % told if whom else _("%(level)s: %(time)s.") % told


def broken(breach: "Breach") -> str:
    """A breach in a sentence, and who exempted it and why."""
    known = {"due": moment(breach.due_at), "cause": word(labels.HOLDS, breach.cause_class)}
    due = _("Broken: due %(due)s.") if not breach.cause_class else _("Broken: due %(due)s, while held (%(cause)s).")
    due %= known
    if breach.exempted_at is None:
        return due
    told = {"who": breach.exempted_by_name, "time": moment(breach.exempted_at), "why": breach.exemption}
    return f"{due} " + _("Exempted by %(who)s, %(time)s: %(why)s") % told
