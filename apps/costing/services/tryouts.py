"""A try-out: a month's real tickets valued once more, by the rules that counted and by a draft. It books nothing.

The row of the try-out is the truth: its state says how far it is, also to whoever looks while it runs. Read in batches,
outside any transaction; who dies in the middle is followed by who begins anew, and stopping is heard after each batch.
"""

import uuid
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.costing.models import Period, PointRuleSet, TryOut
from apps.costing.rule_errors import BadMonth, RulesNotFound, RulesSettled, TryOutNotFound, TryOutRunning
from apps.costing.rule_permissions import RULE_TRIERS
from apps.costing.rules import month as pay
from apps.costing.rules.periods import bounds, is_period, period_of
from apps.costing.rules.rulebook import Rulebook
from apps.costing.services._periods import cut_off
from apps.costing.services._tried import Trial, batches, valued
from apps.people import selectors as people
from apps.tickets.worked_read import count_closed_between
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

WAITING, RUNNING, DONE, CANCELLED, FAILED = "waiting", "running", "done", "cancelled", "failed"
GOING = (WAITING, RUNNING)
LOST = timedelta(minutes=3)  # longer than a batch may take: whoever worked on it has died


@command("costing.try_rules")
def try_rules(*, number: int, month: str, by: Actor) -> Receipt:
    """Ask for a draft to be tried out on a month; a worker does it. One at a time for each draft.

    Raises RulesNotFound, RulesSettled, BadMonth, TryOutRunning. Locks: the draft.
    """
    require(by, RULE_TRIERS)
    if not is_period(month) or month > period_of(clock.now()):
        raise BadMonth({"month": [_("Choose a month that has begun.")]})
    known = 0 < number < 2**31
    row = PointRuleSet.objects.select_for_update(no_key=True).filter(number=number).first() if known else None
    if row is None:
        raise RulesNotFound
    if row.state != "draft":
        raise RulesSettled(number=number)
    if TryOut.objects.filter(rule_set=row, state__in=GOING).exists():
        raise TryOutRunning
    made = TryOut.objects.create(
        public_id=uuid.uuid4().hex[:16], rule_set=row, month=month, total=count_closed_between(*span(month)),
        by=by.ref, by_name=by.name, at=clock.now(),
    )  # fmt: skip
    return Receipt("try_out", made.pk, made.public_id, facts={"month": month})


@command("costing.stop_trying")
def stop_trying(*, public_id: str, by: Actor) -> Receipt:
    """Whoever works on it stops after the batch. Harmless on one that has ended. Raises TryOutNotFound."""
    require(by, RULE_TRIERS)
    row = TryOut.objects.filter(public_id=public_id).first()
    if row is None:
        raise TryOutNotFound
    stopped = TryOut.objects.filter(pk=row.pk, state__in=GOING).update(state=CANCELLED, finished_at=clock.now())
    return Receipt("try_out", row.pk, public_id, facts={"stopped": bool(stopped)})


def try_out(public_id: str) -> str:
    """Do it; the state it ends in. Only who finds it waiting, or left behind, works."""
    now = clock.now()
    rows = TryOut.objects.filter(public_id=public_id)
    free = Q(state=WAITING) | Q(state=RUNNING, beat_at__lt=now - LOST)
    if not rows.filter(free).update(state=RUNNING, done=0, beat_at=now):
        return rows.values_list("state", flat=True).first() or "gone"
    row = rows.select_related("rule_set").get()
    try:
        trial = _tried(row)
    except Exception:
        _end(row, FAILED, {})
        raise
    return _end(row, DONE, _result(trial, row)) if trial else CANCELLED


def waiting_tries() -> list[str]:
    """Those that wait for somebody, or were left behind. One query."""
    lost = clock.now() - LOST
    rows = TryOut.objects.filter(Q(state=WAITING) | Q(state=RUNNING, beat_at__lt=lost))
    return list(rows.order_by("id").values_list("public_id", flat=True)[:10])


def span(month: str) -> tuple[Any, Any]:
    """From when to when the month goes: as it is kept where it is settled, else the natural month. One query."""
    kept = Period.objects.filter(month=month).values_list("starts_at", "ends_at").first()
    return kept or bounds(month, cut_off())


def _tried(row: TryOut) -> Trial | None:
    """All tickets of the month by both rules; None when somebody stopped it. Memory: one batch and the people."""
    trial, draft = Trial(), Rulebook.read(row.rule_set.body)
    for done, names in batches(*span(row.month)):
        trial.add(valued(names, draft))
        beat = TryOut.objects.filter(pk=row.pk, state=RUNNING)
        if not beat.update(done=done, total=max(row.total, done), beat_at=clock.now()):
            return None
    return trial


def _result(trial: Trial, row: TryOut) -> dict[str, Any]:
    """What it comes to, for everybody and by type; money before base, coefficient and deductions."""
    terms = _terms(row)
    ids = sorted(trial.people)
    before, after = (
        pay.pays([pay.Line(who, points(trial.people[who])) for who in ids], terms)
        for points in (attrgetter("before"), attrgetter("after"))
    )
    known = people.technicians_by_id(ids)
    units = people.units_by_id({one.org_unit_id for one in known.values()})
    lines = [
        {
            "technician_id": who, "name": known[who].user.name, "unit": units[known[who].org_unit_id].name,
            "tickets": trial.people[who].tickets, "before": str(one.points), "after": str(two.points),
            "before_fen": one.points_fen, "after_fen": two.points_fen,
        }
        for who, one, two in zip(ids, before, after, strict=True)
    ]  # fmt: skip
    return {
        "mode": terms.mode, "price_fen": str(terms.price_fen), "tickets": trial.tickets, "people": lines,
        "types": {code: {"n": one.tickets, "before": str(one.before), "after": str(one.after)}
                  for code, one in sorted(trial.types.items())},
    }  # fmt: skip


def _terms(row: TryOut) -> pay.Terms:
    """As the month is paid; until somebody said how, at the planned price of the draft."""
    month = Period.objects.filter(month=row.month).first()
    if month and month.mode == pay.POOL and month.pool_fen is not None:
        return pay.Terms(pay.POOL, pool_fen=month.pool_fen)
    if month and month.unit_price is not None:
        return pay.Terms(price_fen=month.unit_price)
    planned = Rulebook.read(row.rule_set.body).rates.point_fen
    return pay.Terms(price_fen=Decimal(planned))


def _end(row: TryOut, state: str, result: dict[str, Any]) -> str:
    ended = TryOut.objects.filter(pk=row.pk, state=RUNNING)
    return state if ended.update(state=state, result=result, finished_at=clock.now()) else CANCELLED
