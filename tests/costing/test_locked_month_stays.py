"""A locked month refuses every path: the services, the task, and SQL by the application's own role."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.costing import settlement_tasks
from apps.costing.models import Period, PeriodStep, SettlementLine, SettlementRun, WorkPointEntry
from apps.costing.services import calculating, confirming, disputes, settlement
from apps.costing.services._lines import seal_of
from apps.costing.services.unlocking import unlock_month
from apps.costing.settlement_errors import BadTerms, MonthLocked, MonthNotFound, WrongMonthState
from steppe.kernel.errors import NotAllowed
from tests.costing import months as m
from tests.make import actor, key


@pytest.fixture(autouse=True)
def november(lotus_db):
    with m.on(2):
        yield


def refused(statement: str, **told: object) -> None:
    """Refused by a guard of the database (not by a typing error of ours), and nothing is changed."""
    with connection.cursor() as cursor:  # what the test wrote itself waits for nothing any more
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, told)
    assert refusal.value.__cause__.sqlstate in GUARDS, refusal.value


GUARDS = {"23514", "23001"}  # check_violation, restrict_violation
LOCKED = (
    ("INSERT INTO costing_workpointentry (ticket, ticket_no, technician_id, kind, code, stage, points, period, late,"
    " inputs, reason, key, by, by_name, at) SELECT ticket, ticket_no, technician_id, kind, code, stage, points, period,"
    " late, inputs, reason, 'x/' || key, by, by_name, at FROM costing_workpointentry WHERE period = '2026-10'"),
    "UPDATE costing_workpointentry SET points = points + 1 WHERE period = '2026-10'",
    "DELETE FROM costing_workpointentry WHERE period = '2026-10'",
    "TRUNCATE costing_workpointentry CASCADE",
    "UPDATE costing_settlementline SET pay_fen = pay_fen + 1",
    "UPDATE costing_settlementline SET state = 'open'",
    "UPDATE costing_settlementline SET version = version + 1",
    "DELETE FROM costing_settlementline",
    "TRUNCATE costing_settlementline CASCADE",
    ("INSERT INTO costing_settlementline (period_id, version, technician_id, name, org_unit_id, org_path, tickets,"
    " gross, deducted, points, coefficient, unit_price, base_fen, guarantee_fen, pay_fen, inputs, state)"
    " SELECT period_id, version, 4, name, org_unit_id, org_path, tickets, gross, deducted, points, coefficient,"
    " unit_price, base_fen, guarantee_fen, pay_fen, inputs, state FROM costing_settlementline LIMIT 1"),
    "DELETE FROM costing_linereview",
    "UPDATE costing_linereview SET by_name = 'me'",
    ("INSERT INTO costing_linereview (line_id, level, by, by_name, at)"
    " SELECT id, 'janitor', 'x', 'x', now() FROM costing_settlementline"),
    ("INSERT INTO costing_dispute (public_id, line_id, technician_id, org_path, text, state, version, due_at,"
    " raised_at)"
    " SELECT 'x' || id, id, technician_id, org_path, 'x', 'raised', 1, now(), now() FROM costing_settlementline"),
    "DELETE FROM costing_period",
    "TRUNCATE costing_period CASCADE",
    "UPDATE costing_period SET state = 'open'",
    "UPDATE costing_period SET state = 'approved'",
    "UPDATE costing_period SET state = 'open', version = version + 1",
    "UPDATE costing_period SET state = 'open', version = version + 1, unit_price = 1",
    "UPDATE costing_period SET version = version + 1",
    "UPDATE costing_period SET unit_price = 1",
    "UPDATE costing_period SET pool_fen = 1, mode = 'pool'",
    "UPDATE costing_period SET lines_hash = 'x'",
    "UPDATE costing_period SET state = 'exported', lines_hash = 'x'",
    "UPDATE costing_period SET month = '2031-01'",
    "UPDATE costing_periodstep SET by_name = 'me'",
    "DELETE FROM costing_periodstep",
)  # fmt: skip


def test_no_statement_of_the_application_changes_a_locked_month():
    m.locked()
    before, digest = m.figures(), m.period().lines_hash
    for statement in LOCKED:
        refused(statement)
    settlement.export_month(month=m.MONTH, form="csv", by=actor("ji"), key=key())
    for statement in LOCKED:
        refused(statement)
    assert m.figures() == before and seal_of(m.period()) == digest == m.period().lines_hash


def test_what_was_said_of_a_line_stays_once_the_month_is_reviewed():
    m.published()
    name = m.dispute("wu")
    m.answer(name, False)
    disputes.accept_answer(public_id=name, by=actor("wu"), key=key())
    m.confirm("wu"), m.confirm("bo")
    refused("DELETE FROM costing_dispute")
    for level, by in (("grid_leader", "yun"), ("dept_manager", "de"), ("accountant", "ji")):
        m.look(level, by)
    refused("UPDATE costing_dispute SET state = 'won'")
    refused("UPDATE costing_settlementline SET pay_fen = pay_fen + 1")
    refused("DELETE FROM costing_disputestep")


def test_a_published_month_takes_the_correction_of_a_dispute_and_nothing_else():
    m.published()
    for kind in ("earn", "bonus", "adjustment"):
        with pytest.raises(DatabaseError), transaction.atomic():
            m.earn("wu", "1", kind)
    m.earn("wu", "1", "dispute_correction")
    refused("DELETE FROM costing_settlementline")


def test_an_open_month_is_not_opened_as_a_new_version():
    m.published()
    refused("UPDATE costing_period SET version = version + 1")


def test_services_and_task_refuse_a_locked_month(monkeypatch):
    m.locked()
    steps = (
        m.priced, m.start, m.publish, m.approve, m.lock, lambda: m.confirm("wu"), lambda: m.dispute("wu"),
        lambda: m.look("grid_leader", "yun"), lambda: m.base("wu", 1),
    )  # fmt: skip
    for step in steps:
        with pytest.raises(MonthLocked):
            step()
    now = m.period()
    run = SettlementRun.objects.create(
        public_id="late", period=now, version=1, total=0, by="staff:1", by_name="x", at=m.at(2)
    )
    monkeypatch.setattr(settlement_tasks.calculate, "wake", lambda *_args: None)
    SettlementRun.objects.filter(pk=run.pk).update(by=actor("ji").ref)
    assert settlement_tasks.calculate("late") == "failed"
    assert confirming.sweep_silence() == 0 and calculating.waiting_runs() == []


def open_anew(lotus, by, reason="a wrong price", month=m.MONTH):
    return unlock_month(branch=lotus.tenant, month=month, reason=reason, by=by, key=key())


def test_headquarters_opens_it_as_a_new_version_and_the_old_lines_stay(lotus, hq_user):
    m.locked()
    old, digest = list(SettlementLine.objects.order_by("id").values()), m.period().lines_hash
    assert open_anew(lotus, hq_user).facts["state"] == "open"
    now = m.period()
    assert (now.version, now.state, now.lines_hash) == (2, "open", "")
    trace = PeriodStep.objects.get(step="unlock")
    assert (trace.by_name, trace.reason, trace.data) == ("Hq", "a wrong price", {"hash": digest, "version": 1})
    m.priced("400")
    m.calculate()
    m.publish()
    assert m.line("wu").version == 2 and m.line("wu").pay_fen == 40_000
    assert list(SettlementLine.objects.filter(version=1).order_by("id").values()) == old
    for statement in ("UPDATE costing_settlementline SET pay_fen = 1 WHERE version = 1",
                      "DELETE FROM costing_settlementline WHERE version = 1"):  # fmt: skip
        refused(statement)


def test_the_second_version_goes_its_whole_way_too(lotus, hq_user):
    m.locked()
    first = m.period().lines_hash
    open_anew(lotus, hq_user)
    m.calculate()
    m.publish()
    m.confirm("wu"), m.confirm("bo")
    for level, by in (("grid_leader", "yun"), ("dept_manager", "de"), ("accountant", "ji")):
        m.look(level, by)
    m.approve()
    m.lock()
    assert m.period().state == "locked" and m.period().lines_hash != first, "the digest names the version"


def test_nobody_of_the_branch_opens_it_nor_headquarters_without_a_reason(lotus, headquarters, hq_user):
    m.locked()
    for who in (actor("bai"), actor("ji"), headquarters.eye):
        with pytest.raises(NotAllowed):
            open_anew(lotus, who)
    with pytest.raises(BadTerms):
        open_anew(lotus, hq_user, reason=" ")
    with pytest.raises(MonthNotFound):
        open_anew(lotus, hq_user, month="2025-01")
    assert m.period().state == "locked" and not PeriodStep.objects.filter(step="unlock").exists()


def test_what_is_not_locked_is_not_opened(lotus, hq_user):
    m.published()
    with pytest.raises(WrongMonthState):
        open_anew(lotus, hq_user)


def test_opened_twice_with_one_key_it_is_one_version(lotus, hq_user):
    m.locked()
    once = key()
    for _ in range(2):
        unlock_month(branch=lotus.tenant, month=m.MONTH, reason="a wrong price", by=hq_user, key=once)
    assert m.period().version == 2


def test_the_other_branchs_month_stays_locked(lotus, maple, hq_user):
    m.locked()
    with pytest.raises(MonthNotFound):
        open_anew(maple, hq_user)
    assert Period.objects.get(month=m.MONTH).state == "locked" and WorkPointEntry.objects.exists()
