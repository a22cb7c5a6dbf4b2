"""T27 change of type and priority: the clocks are counted anew from the report, the old due is kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from apps.tickets import selectors, sentences
from apps.tickets.answers_read import all_answers
from apps.tickets.errors import BadPriority, OnlyDispatcher, ReasonMissing, SameType, UnknownType
from apps.tickets.models import Photo, PushWave, Ticket, TicketType
from apps.tickets.services import _clocks as clocks
from apps.tickets.services import change_priority, change_type, enable_type, sweep_waves, upload_photo
from apps.tickets.waves_read import waves_of
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import client_at, key, make_ticket, picture
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, now_of, ready
from tests.tickets.types import publish

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)
AB = [{"code": "a", "zh": "甲"}, {"code": "b", "zh": "乙"}]
CAUSE = {"kind": "choice", "zh": "原因", "stage": "finish", "options": AB}
OTHER_AB = [{"code": "a", "zh": "丙"}, {"code": "b", "zh": "乙"}]


def field(kind: str, zh: str, key: str = "field_1", **more: Any) -> dict[str, Any]:
    """A field as the editor of types makes it: its key is the same in every type."""
    return {"key": key, "kind": kind, "zh": zh, **more}


def retyped(was: dict[str, Any], becomes: dict[str, Any], told: Any, **more: Any) -> Ticket:
    """A fault that was told under `was`, and is of the type with `becomes` now."""
    publish("fault_bb", was)
    publish("fault_tv", becomes)
    ticket = make_ticket(fields={was["key"]: told}, **more)
    do("change_type", ticket.public_id)
    return now_of(ticket)


def words(ticket: Ticket) -> list[tuple[str, str]]:
    """What the page says was told: first under the type it has, then before."""
    with override("en"):
        return [(one.label, one.text) for one in all_answers(ticket)]


def test_it_is_as_if_it_had_been_reported_so_and_the_old_due_is_kept(lotus_db: Branch) -> None:
    with clock.frozen(BEGIN):
        ticket, other = make_ticket(), make_ticket(type_code="install_bb")
    with clock.frozen(BEGIN + timedelta(minutes=20)):
        do("change_type", ticket.public_id, type_code="install_bb")
    found, last = now_of(ticket), ticket.history.last()
    assert found.type.code == "install_bb" and found.type_version_id == other.type_version_id
    assert found.resolve_due_at == other.resolve_due_at != ticket.resolve_due_at
    assert (last.data["from"], last.data["to"]) == ("fault_bb", "install_bb")
    assert datetime.fromisoformat(last.data["was_due"]) == ticket.resolve_due_at


@pytest.mark.parametrize("status", ["pooled", "assigned", "accepted", "in_progress", "on_hold"])
def test_it_stays_where_it_is(lotus_db: Branch, status: str) -> None:
    ticket = make_ticket(status=status)
    do("change_type", ticket.public_id)
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.type.code) == (status, ticket.technician_id, "fault_tv")


def test_more_urgent_is_due_earlier_and_less_urgent_later(lotus_db: Branch) -> None:
    ticket = make_ticket()
    do("change_priority", ticket.public_id, priority=1)
    urgent = now_of(ticket)
    do("change_priority", ticket.public_id, priority=3)
    idle = now_of(ticket)
    assert urgent.accept_due_at < ticket.accept_due_at <= idle.accept_due_at
    assert (urgent.priority, idle.priority) == (1, 3)
    assert [row.data["to"] for row in ticket.history.filter(action="change_priority")] == [1, 3]


@pytest.mark.parametrize("priority", [-1, 4, 2])
def test_another_priority_is_one_of_four(lotus_db: Branch, priority: int) -> None:
    ticket = make_ticket()
    with refused(BadPriority):
        do("change_priority", ticket.public_id, priority=priority)


def test_a_type_that_is_unknown_off_or_the_same_is_refused(lotus_db: Branch, bai: Actor) -> None:
    ticket = make_ticket()
    enable_type(code="fault_tv", enabled=False, by=bai, key=key())
    for code in ("nonsense", "fault_tv", ""):
        with refused(UnknownType):
            do("change_type", ticket.public_id, type_code=code)
    with refused(SameType, name=TicketType.objects.get(code="fault_bb").name):
        do("change_type", ticket.public_id, type_code="fault_bb")
    with refused(ReasonMissing):
        do("change_type", ticket.public_id, reason="")


def test_an_agent_decides_until_somebody_has_accepted(lotus_db: Branch, an: Actor, lin: Actor) -> None:
    do("change_type", make_ticket(status="assigned").public_id, by=an)
    taken = make_ticket(status="accepted")
    with refused(OnlyDispatcher):
        do("change_type", taken.public_id, by=an)
    with refused(OnlyDispatcher):
        do("change_priority", taken.public_id, by=an)
    do("change_type", taken.public_id, by=lin)


def test_nobody_of_the_field_does(lotus_db: Branch, wu: Actor, cai: Actor) -> None:
    ticket = make_ticket(status="accepted")
    for who in (wu, cai):
        with refused(NotAllowed):
            do("change_type", ticket.public_id, by=who)


def test_sent_twice_it_changes_once(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    more = {"public_id": ticket.public_id, "reason": "the TV", "by": lin}
    sent_twice(lambda once: change_type(type_code="fault_tv", key=once, **more))
    sent_twice(lambda once: change_priority(priority=1, key=once, **more))
    assert ticket.history.count() == 3


def test_the_screens_are_told(lotus_db: Branch) -> None:
    ticket = make_ticket()
    do("change_type", ticket.public_id)
    do("change_priority", ticket.public_id)
    assert [one.kind for one in make.events()[-3:]] == [
        "ticket.retyped", "ticket.wave_pushed", "ticket.reprioritised",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["datetime", "location", "number", "photo", "date", "yes_no", "signature", "choices"])
def test_an_answer_to_another_question_stays_under_the_type_it_was_told_under(lotus_db: Branch, kind: str) -> None:
    options = {"options": AB} if kind == "choices" else {}
    found = retyped(field("text", "楼栋"), field(kind, "别的", **options), "no. 7 by the well")
    assert found.fields == {} and words(found) == [("楼栋 (Broadband fault)", "no. 7 by the well")]


@pytest.mark.parametrize(
    ("was", "becomes", "told", "kept"),
    [
        (field("text", "楼栋"), field("text", "楼栋"), "7", True),
        (field("text", "楼栋"), field("text", "诉求"), "7", False),
        (field("text", "楼栋"), field("text", "楼栋", least=3), "7", False),
        (field("number", "线长", unit="m"), field("number", "线长", unit="km"), 7, False),
        (field("choice", "级别", options=AB), field("choice", "级别", options=OTHER_AB), "b", True),
        (field("choice", "级别", options=AB), field("choice", "级别", options=OTHER_AB), "a", False),
        (field("choices", "级别", options=AB), field("choices", "级别", options=OTHER_AB), ["a", "b"], False),
        (field("choice", "级别", options=AB), field("choice", "级别", options=AB[:1] + OTHER_AB[1:]), "b", True),
    ],
)
def test_an_answer_goes_along_only_where_it_says_the_same(
    lotus_db: Branch, was: dict[str, Any], becomes: dict[str, Any], told: Any, kept: bool
) -> None:
    found = retyped(was, becomes, told)
    assert found.fields == ({"field_1": told} if kept else {})
    [(label, _)] = words(found)
    assert label == (was["zh"] if kept else f"{was['zh']} (Broadband fault)")


def test_a_symptom_the_new_type_does_not_ask_for_is_still_told_and_no_longer_counted(lotus_db: Branch) -> None:
    ticket = make_ticket(fields={"symptom": "optical.los"})
    do("change_type", ticket.public_id, type_code="install_bb")
    found = now_of(ticket)
    assert (found.fields, found.symptom_code) == ({}, "")
    assert words(found) == [("Symptom (Broadband fault)", "LOS light is red")]


def test_a_symptom_that_both_types_know_goes_along(lotus_db: Branch) -> None:
    ticket = make_ticket(fields={"symptom": "other"})
    do("change_type", ticket.public_id)
    found = now_of(ticket)
    assert (found.fields, found.symptom_code) == ({"symptom": "other"}, "other")
    assert ticket.history.filter(data__has_key="left").count() == 0


def test_what_was_told_is_there_after_the_second_change_too(lotus_db: Branch) -> None:
    found = retyped(field("text", "楼栋"), field("number", "线长"), "no. 7")
    do("change_type", found.public_id, type_code="install_bb")
    assert words(now_of(found)) == [("楼栋 (Broadband fault)", "no. 7")]


def test_a_change_that_is_taken_back_brings_back_what_was_told(lotus_db: Branch) -> None:
    publish("fault_bb", {**field("choice", "现象", "symptom"), "options": AB}, field("text", "楼栋"))
    publish("fault_tv", field("number", "线长"))
    ticket = make_ticket(fields={"symptom": "a", "field_1": "7"})
    for code in ("fault_tv", "install_bb", "fault_bb"):
        do("change_type", ticket.public_id, type_code=code)
    found = now_of(ticket)
    assert (found.fields, found.symptom_code) == (ticket.fields, "a")
    assert words(found) == [("现象", "甲"), ("楼栋", "7")]
    do("change_type", ticket.public_id)
    assert words(now_of(found)) == [("现象 (Broadband fault)", "甲"), ("楼栋 (Broadband fault)", "7")]


def test_a_picture_that_answered_the_old_question_answers_none_now(lotus_db: Branch, cai: Actor) -> None:
    shown = upload_photo(content=picture(), stage="report", by=cai, key=key()).public_id
    found = retyped(field("photo", "门牌"), field("photo", "光猫"), [shown])
    assert words(found) == [("门牌 (Broadband fault)", "1 photo")]
    assert Photo.objects.get(public_id=shown, ticket=found).label == ""


def test_the_technician_finishes_by_the_new_form_and_the_old_outcome_is_not_in_it(lotus_db: Branch, wu: Actor) -> None:
    publish("fault_bb", field("text", "结果", stage="finish"), {"key": "cause", **CAUSE})
    publish("fault_tv", field("datetime", "修复时间", stage="finish"))
    ticket = make_ticket(status="in_progress")
    do("complete", ticket.public_id, outcome={"field_1": "new plug", "cause": "a"})
    do("callback_reject", ticket.public_id)
    do("change_type", ticket.public_id)
    found = now_of(ticket)
    assert (found.outcome, found.cause_code) == ({}, "")
    assert {text for _, text in words(found)} == {"new plug", "甲"}
    do("check_in", ticket.public_id)
    page = client_at(lotus_db, wu).get(f"/w/t/{ticket.public_id}")
    assert page.status_code == 200 and "new plug" in page.content.decode()


MISFITS = [
    ("datetime", "soon"), ("location", "by the well"), ("location", 5), ("number", "many"), ("photo", "none"),
    ("photo", ["a", "b"]), ("yes_no", "perhaps"), ("signature", "Mei"), ("choices", {"lat": 1}), ("choice", ["a"]),
    ("date", 5), ("serial", 5), ("text", ["a"]), ("datetime", "2026-03-02T10:00:00"), ("datetime", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "told"), MISFITS)
def test_an_answer_that_does_not_fit_its_field_is_plain_words_on_every_page(
    lotus_db: Branch, wu: Actor, kind: str, told: Any
) -> None:
    """As a change of type left them before answers stayed under their own."""
    asked: dict[str, Any] = {"options": AB} if kind in {"choice", "choices"} else {}
    publish("fault_bb", field(kind, "字段", **asked), field(kind, "字段", "field_2", stage="finish", **asked))
    ticket = make_ticket(status="in_progress")
    Ticket.objects.filter(pk=ticket.pk).update(fields={"field_1": told}, outcome={"field_2": told})
    found = now_of(ticket)
    text = words(found)[0][1]
    assert words(found) == [("字段", text)] * 2
    assert text == {"['a', 'b']": "a, b", "['a']": "a", "{'lat': 1}": "1"}.get(str(told), str(told))
    assert client_at(lotus_db, wu).get(f"/w/t/{ticket.public_id}").status_code == 200
    for page in ("", "side/"):
        assert client_at(lotus_db, lotus_db.lin).get(f"/console/t/{ticket.public_id}/{page}").status_code == 200
    do("change_type", ticket.public_id)
    assert words(now_of(found)) == [("字段 (Broadband fault)", text)] * 2


def pooled(first_queue: str = "", dispatch_rule: str = "pool", **more: Any) -> Ticket:
    """A fault in the pool whose type begins there, by that rule; the other type begins in the grid, for its nearest."""
    publish("fault_bb", first_queue=first_queue, dispatch_rule=dispatch_rule, **more)
    publish("fault_tv", skills=["tv"], **more)
    return make_ticket()


def reached(ticket: Ticket) -> list[tuple[str, int]]:
    """How far each wave of the ticket went, and how many it told."""
    rows = PushWave.objects.filter(ticket=ticket).order_by("round")
    return [(one.reach, len(selectors.chosen_in(one.pk))) for one in rows]


def test_from_the_departments_pool_it_comes_to_the_grids_and_its_people_are_asked(lotus_db: Branch, wu: Actor) -> None:
    """It was a complaint that Care had to hand out; it is a fault, and stood where nobody of the field saw it."""
    ticket = pooled("CARE", "by_hand", dept_hours=4)
    assert reached(ticket) == [("alarm", 0)] and ticket.dept_due_at is not None
    do("change_type", ticket.public_id)
    found = now_of(ticket)
    assert (found.org_path, found.department) == (ticket.grid.path, None)
    assert reached(ticket) == [("alarm", 0), ("near", 2)] and found.next_wave_at is not None
    assert [one.reach for one in waves_of(found)] == ["near"]
    assert selectors.visible_tickets(wu).filter(pk=ticket.pk).exists()
    assert [run.stopped_at is None for run in clocks.runs_of(found, clocks.service_calendar())
            if run.clock == "dept"] == [False]  # fmt: skip
    do("grab", ticket.public_id)


def test_from_the_grids_pool_it_comes_to_the_departments_and_is_handed_out_there(lotus_db: Branch) -> None:
    pooled("CARE", "by_hand", dept_hours=4)
    ticket = make_ticket(type_code="fault_tv")
    do("change_type", ticket.public_id, type_code="fault_bb")
    found = now_of(ticket)
    assert found.department.code == "CARE" and found.org_path == found.department.path
    assert found.dept_due_at is not None and found.next_wave_at is None
    assert reached(ticket) == [("near", 2), ("alarm", 0)]


def test_nobody_of_the_new_series_counts_as_told_by_the_old_one(lotus_db: Branch) -> None:
    """Wu and Bo have a card of the fault that it was; of what it is now each gets one more, and no third."""
    ticket = pooled()
    do("change_type", ticket.public_id)
    with clock.frozen(now_of(ticket).next_wave_at + timedelta(seconds=1)):
        sweep_waves()
    assert reached(ticket) == [("near", 2), ("near", 2), ("grid", 0)]


def test_nobody_is_asked_of_a_ticket_that_is_taken_or_still_to_be_checked(lotus_db: Branch) -> None:
    for status in ("accepted", "submitted"):
        ticket = make_ticket(status=status)
        before = reached(ticket)
        do("change_type", ticket.public_id)
        assert reached(ticket) == before


def test_where_somebody_put_it_it_stays(lotus_db: Branch) -> None:
    publish("fault_bb", first_queue="CARE")
    publish("fault_tv")
    sent = make_ticket(type_code="fault_tv")
    ready("transfer", sent)
    do("transfer", sent.public_id)
    do("change_type", sent.public_id, type_code="install_bb")
    assert now_of(sent).department.code == "CARE"
    do("spawn_child", make_ticket(type_code="fault_tv", status="accepted").public_id)
    child = Ticket.objects.get(parent__isnull=False)
    do("change_type", child.public_id, type_code="fault_bb")
    do("change_type", child.public_id, type_code="fault_tv")
    assert now_of(child).department.code == "CARE"


def urge_twice(ticket: Ticket) -> None:
    for _ in range(2):
        with clock.frozen(clock.now() + timedelta(hours=ticket.history.count())):
            do("urge", ticket.public_id)


def decide(*steps: int) -> Callable[[Ticket], None]:
    """The dispatcher sets these priorities, one after the other."""
    return lambda ticket: [do("change_priority", ticket.public_id, priority=one) for one in steps] and None


@pytest.mark.parametrize(
    ("was", "becomes", "before", "expected"),
    [
        (2, 0, None, 0),  # a fault that is a trunk line
        (1, 2, None, 2),  # a complaint that is a fault
        (2, 3, None, 3),
        (2, 3, urge_twice, 1),
        (1, 2, urge_twice, 1),
        (2, 0, urge_twice, 0),
        (2, 3, decide(1), 1),
        (2, 3, decide(1, 2), 2),
        (2, 2, decide(3), 3),
        (2, 1, decide(3), 1),  # what the type calls urgent stays so, as at the report
    ],
)
def test_it_is_as_urgent_as_its_type_unless_somebody_has_judged(
    lotus_db: Branch, was: int, becomes: int, before: Callable[[Ticket], None] | None, expected: int
) -> None:
    publish("fault_bb", priority=was)
    publish("fault_tv", priority=becomes)
    ticket = make_ticket()
    if before:
        before(ticket)
    do("change_type", ticket.public_id)
    assert now_of(ticket).priority == expected


def test_a_trunk_line_is_due_as_one_from_its_report_and_the_history_says_so(lotus_db: Branch) -> None:
    with clock.frozen(BEGIN):
        ticket, other = make_ticket(), make_ticket(type_code="line_repair")
    with clock.frozen(BEGIN + timedelta(minutes=2)):
        do("change_type", ticket.public_id, type_code="line_repair")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.priority, found.terms) == (0, other.terms)
    assert (found.resolve_due_at, found.accept_due_at) == (other.resolve_due_at, other.accept_due_at)
    with override("en"):
        told = sentences.facts(last)
    assert "P2 → P0" in told and "was promised by" in told


def test_the_history_names_the_queue_and_what_stayed_behind(lotus_db: Branch) -> None:
    publish("fault_bb", field("text", "楼栋"))
    publish("fault_tv", first_queue="CARE")
    ticket = make_ticket(fields={"field_1": "7"})
    do("change_type", ticket.public_id)
    with override("en"):
        told = sentences.facts(ticket.history.last())
    assert "to Care" in told and "1 answer kept under the old type" in told and "7" not in told.split(" · ")
