"""A published month and its technicians: confirmed, confirmed by silence, disputed, answered, gone on, decided."""

from decimal import Decimal

import pytest

from apps.costing.errors import EntryNotFound
from apps.costing.models import Dispute, DisputeStep, WorkPointEntry
from apps.costing.services import confirming, disputes
from apps.costing.settlement_errors import (
    BadDispute,
    ConfirmedAlready,
    DisputedAlready,
    DisputeNotFound,
    DisputesOpen,
    LineNotFound,
    OwnDecision,
    OwnLine,
    StaleDispute,
    TooLate,
    WrongDisputeState,
    WrongMonthState,
)
from apps.people import roles
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit
from apps.tickets.models import ServiceDay
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import months as m
from tests.make import actor, key


@pytest.fixture(autouse=True)
def november(lotus_db):
    with m.on(2):  # a Monday
        yield


def grant(who, role, code="ROOT"):
    RoleGrant.objects.create(user=m.user(who), role=role, org_path=OrgUnit.objects.get(code=code).path)


def test_a_technician_confirms_the_own_line_and_saying_it_twice_is_saying_it_once():
    m.published()
    for _ in range(2):
        assert m.confirm("wu").facts["state"] == "confirmed"
    assert m.line("wu").confirmed_at == m.at(2) and m.line("bo").state == "open"


def test_who_has_no_line_or_no_published_month_has_nothing_to_say():
    m.published()
    for who in ("xi", "ji"):
        with pytest.raises(LineNotFound):
            m.confirm(who)
    m.earn("wu", "1", month=m.NEXT)
    with pytest.raises(WrongMonthState):
        m.confirm("wu", m.NEXT)


def test_three_working_days_are_counted_by_the_branchs_own_calendar():
    ServiceDay.objects.create(day=m.at(4).date(), name="Naadam")  # closed all day
    m.published()
    assert m.period().disputes_until == m.at(7, 0), "Tuesday, Thursday, Friday"


def test_silence_confirms_when_the_time_is_over_and_not_before():
    m.published()
    m.dispute("bo")
    with m.on(5, 23):
        assert confirming.sweep_silence() == 0
    with m.on(6, 0):
        assert confirming.sweep_silence() == 1 and confirming.sweep_silence() == 0
    assert m.line("wu").state == "confirmed" and m.line("bo").state == "disputed"
    with m.on(6, 1), pytest.raises(TooLate):
        m.dispute("wu")


def test_the_leader_grants_it_and_the_line_is_right_at_once():
    m.earn("wu", "-8", "deduction", code="photos")
    m.published()
    entry = WorkPointEntry.objects.get(kind="deduction")
    name = m.dispute("wu", "the photos are there", entry_id=entry.pk, wanted=Decimal(8))
    assert m.line("wu").state == "disputed"
    assert m.answer(name, True).facts["state"] == "won"
    correction = m.the_dispute(name).correction
    assert (correction.kind, correction.points, correction.corrects) == ("dispute_correction", 8, entry)
    assert correction.period == m.MONTH and entry.points == -8, "a correction is an entry of its own"
    line = m.line("wu")
    assert (line.points, line.pay_fen, line.state) == (Decimal(100), 35_000, "open"), "to be confirmed as it is now"
    assert list(DisputeStep.objects.order_by("id").values_list("step", "by_name")) == [
        ("raise", "Wu"),
        ("grant", "Yun"),
    ]


def test_a_refusal_may_be_accepted_or_goes_to_the_manager_once():
    m.published()
    wu, bo = m.dispute("wu", wanted=Decimal(5)), m.dispute("bo")
    m.answer(wu, False), m.answer(bo, False)
    disputes.accept_answer(public_id=bo, by=actor("bo"), key=key())
    assert (m.the_dispute(bo).state, m.line("bo").state) == ("lost", "open")
    m.appeal(wu)
    assert m.the_dispute(wu).due_at == m.at(10, 0), "five working days"
    assert m.decide(wu, True, points=Decimal("3.5")).facts["state"] == "won"
    assert m.line("wu").points == Decimal("103.50")
    with pytest.raises(WrongDisputeState):
        m.appeal(wu)


def test_the_manager_may_refuse_too_and_that_is_the_last_word():
    m.published()
    name = m.dispute("wu")
    m.answer(name, False)
    m.appeal(name)
    m.decide(name, False)
    assert m.the_dispute(name).state == "lost" and m.line("wu").state == "open"
    for more in (lambda: m.appeal(name), lambda: m.decide(name, True, points=Decimal(1))):
        with pytest.raises(WrongDisputeState):
            more()
    with pytest.raises(DisputedAlready):
        m.dispute("wu")


def test_a_taken_back_dispute_opens_the_line_again_and_may_be_raised_anew():
    m.published()
    name = m.dispute("wu")
    disputes.withdraw_dispute(public_id=name, by=actor("wu"), key=key())
    assert m.line("wu").state == "open"
    m.dispute("wu")
    assert Dispute.objects.count() == 2


def test_one_entry_and_the_line_are_two_disputes_and_both_must_be_settled():
    m.published()
    entry = WorkPointEntry.objects.filter(technician=m.technician("wu")).get()
    one, other = m.dispute("wu", entry_id=entry.pk), m.dispute("wu")
    m.answer(one, True, points=Decimal(1))
    assert m.line("wu").state == "disputed"
    with pytest.raises(DisputesOpen):
        m.confirm("wu")
    m.answer(other, False)
    disputes.accept_answer(public_id=other, by=actor("wu"), key=key())
    assert m.confirm("wu").facts["state"] == "confirmed"


def test_what_was_confirmed_is_not_disputed_any_more():
    m.published()
    m.confirm("wu")
    with pytest.raises(ConfirmedAlready):
        m.dispute("wu")
    assert not Dispute.objects.exists()


def test_settled_after_the_time_is_over_the_line_is_confirmed_with_it():
    m.published()
    name = m.dispute("wu")
    m.answer(name, False)
    m.appeal(name)
    with m.on(9):
        m.decide(name, True, points=Decimal(2))
    assert (m.line("wu").state, m.line("wu").points) == ("confirmed", 102)


def test_nobody_answers_the_own_dispute():
    m.published("wu", "yun")
    name = m.dispute("yun")
    assert m.the_dispute(name).state == "appealed", "no other leader is there: it begins with the manager"
    grant("yun", roles.DEPT_MANAGER)
    with pytest.raises(OwnLine):
        m.decide(name, True, by="yun", points=Decimal(1))
    m.decide(name, False)


def test_who_answered_as_leader_does_not_decide_as_manager():
    grant("yun", roles.DEPT_MANAGER)
    m.published()
    name = m.dispute("wu")
    m.answer(name, False)
    m.appeal(name)
    with pytest.raises(OwnDecision):
        m.decide(name, False, by="yun")
    m.decide(name, False)


def test_a_dispute_is_answered_where_it_belongs():
    grant("gao", roles.GRID_LEADER, "WEST")
    m.published()
    name = m.dispute("wu")
    with pytest.raises(DisputeNotFound):
        m.answer(name, False, by="gao")
    for who in ("wu", "bo", "ji", "de"):
        with pytest.raises(NotAllowed):
            m.answer(name, False, by=who)
    for foreign in (lambda: m.appeal(name, by="bo"), lambda: m.appeal("nobody-s")):
        with pytest.raises(DisputeNotFound):
            foreign()


def test_the_leader_grants_all_that_is_wanted_or_refuses_and_nobody_grants_more():
    m.published()
    name = m.dispute("wu", wanted=Decimal(5))
    for points in ("4", "6", "-5"):
        with pytest.raises(BadDispute):
            m.answer(name, True, points=Decimal(points))
    m.answer(name, False)
    m.appeal(name)
    for points in ("5.01", "-1", "NaN", "1.001"):
        with pytest.raises(BadDispute):
            m.decide(name, True, points=Decimal(points))
    other = m.dispute("bo")
    with pytest.raises(BadDispute):
        m.answer(other, True)
    assert not WorkPointEntry.objects.filter(kind="dispute_correction").exists()


@pytest.mark.parametrize(
    "told", [{"text": " "}, {"text": "x" * 501}, {"wanted": Decimal(0)}, {"wanted": Decimal("1e9")}]
)
def test_an_odd_dispute_is_refused(told):
    m.published()
    with pytest.raises(BadDispute):
        m.dispute("wu", **told)


def test_a_strangers_entry_or_another_months_is_not_there():
    m.published()
    other = WorkPointEntry.objects.filter(technician=m.technician("bo")).get()
    later = m.earn("wu", "1", month=m.NEXT)
    for entry in (other, later):
        with pytest.raises(EntryNotFound):
            m.dispute("wu", entry_id=entry.pk)
    assert m.line("wu").state == "open"


def test_said_twice_with_one_key_it_is_one_dispute_and_otherwise_it_is_refused():
    m.published()
    once = key()
    told = {"month": m.MONTH, "text": "no", "by": actor("wu"), "key": once}
    assert disputes.raise_dispute(**told).public_id == disputes.raise_dispute(**told).public_id
    with pytest.raises(DisputedAlready):
        m.dispute("wu")
    assert Dispute.objects.count() == 1


def test_an_old_page_is_told_that_somebody_was_quicker():
    m.published()
    name = m.dispute("wu")
    m.answer(name, False)
    with pytest.raises(StaleDispute):
        disputes.appeal(public_id=name, text="no", version=1, by=actor("wu"), key=key())


def test_unanswered_it_goes_up_and_unappealed_it_is_accepted():
    m.published()
    wu, bo = m.dispute("wu"), m.dispute("bo")
    m.answer(bo, False)
    assert disputes.sweep_disputes() == 0
    with m.on(6):
        assert disputes.sweep_disputes() == 2 and disputes.sweep_disputes() == 0
        assert (m.the_dispute(wu).state, m.the_dispute(bo).state) == ("appealed", "lost")
    with m.on(28):
        assert disputes.sweep_disputes() == 0, "the manager's word is not replaced by silence"
    disputes.pass_on_dispute(public_id=wu, by=SYSTEM, key=key())
    assert m.the_dispute(wu).state == "appealed"


def test_of_a_pool_a_correction_takes_from_all_and_the_pool_stays_what_it_is():
    for who in ("wu", "bo"):
        m.earn(who, "100")
    m.pool(100_000)
    m.calculate()
    m.publish()
    m.confirm("bo")
    m.answer(m.dispute("wu", wanted=Decimal(100)), True)
    assert (m.line("wu").pay_fen, m.line("bo").pay_fen) == (66_667, 33_333)
    assert m.line("bo").state == "confirmed", "what Bo confirmed are the points"


def test_rates_that_change_after_the_publication_do_not_change_a_corrected_line(monkeypatch):
    m.published()
    before = m.line("wu").coefficient
    monkeypatch.setattr("apps.costing.services._lines.kpis_of", lambda _period: pytest.fail("read anew"))
    m.answer(m.dispute("wu", wanted=Decimal(1)), True)
    assert m.line("wu").coefficient == before and m.line("wu").points == 101


def test_another_branch_knows_no_such_dispute(maple):
    m.published()
    name = m.dispute("wu")
    with in_branch(maple.tenant), pytest.raises(DisputeNotFound):
        m.answer(name, True, points=Decimal(1))
    assert m.the_dispute(name).state == "raised"
