"""domain.md §3.4: past the legal limit the branch administrator decides what the customer is owed, once."""

from datetime import timedelta
from functools import partial

import pytest

from apps.tickets.compensations_read import how_many_owed, owed
from apps.tickets.errors import AlreadyCompensated, NothingOwed, ReasonMissing, StaleVersion, TicketNotFound
from apps.tickets.models import ClockNotice, Compensation, Ticket
from apps.tickets.sentences import facts
from apps.tickets.services import decide_compensation, sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid, NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, client_at, events, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once
from tests.tickets.steps import do, now_of


def beyond_the_law(status: str = "in_progress", **fields: str) -> Ticket:
    ticket = make_ticket(status=status, **fields)
    with clock.frozen(ticket.reported_at + timedelta(minutes=ticket.terms["legal"] + 1)):
        sweep_clocks()
        sweep_clocks()  # the job twice: told once
    assert ClockNotice.objects.filter(ticket=ticket, level="legal").count() == 1
    return now_of(ticket)


def decide(ticket: Ticket, fen: int = 3000, note: str = "two days late", **more: object) -> object:
    given = {"by": actor("bai"), "key": key(), "version": now_of(ticket).version} | more
    return decide_compensation(public_id=ticket.public_id, amount_fen=fen, note=note, **given)


def test_it_waits_for_the_administrator_until_somebody_decides(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    ticket = beyond_the_law()
    make_ticket(contact_phone="13900006001")  # in time: nobody is asked
    assert [one.ticket.pk for one in owed(bai)] == [ticket.pk] and owed(lin) == []
    with clock.frozen(ticket.changed_at + timedelta(hours=1)):
        decide(ticket)
    last = ticket.history.latest("version")
    assert (last.action, last.actor_name, last.reason, facts(last)) == ("compensate", "Bai", "two days late", "¥30.00")
    after = now_of(ticket)
    assert (after.status, after.overdue_clocks) == (ticket.status, ticket.overdue_clocks) and owed(bai) == []


def test_none_is_due_is_a_decision_too(lotus_db: Branch, bai: Actor) -> None:
    ticket = beyond_the_law()
    decide(ticket, 0, "the customer was away")
    assert Compensation.objects.get().amount_fen == 0 and owed(bai) == []
    assert facts(ticket.history.latest("version")) == "无需补偿"


def test_a_ticket_that_is_finished_meanwhile_still_waits(lotus_db: Branch, bai: Actor) -> None:
    ticket = beyond_the_law()
    do("complete", ticket.public_id)
    assert [one.ticket.pk for one in owed(bai)] == [ticket.pk]
    decide(ticket)


def test_one_that_was_done_too_late_before_anybody_looked_waits_too(lotus_db: Branch, bai: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    with clock.frozen(ticket.reported_at + timedelta(minutes=ticket.terms["legal"] + 1)):
        do("complete", ticket.public_id)
        assert owed(bai) == []
        assert sweep_clocks() == 1 and sweep_clocks() == 0
    assert [one.ticket.pk for one in owed(bai)] == [ticket.pk]
    told = [event.facts["told"] for event in events() if event.kind == "ticket.clock_escalated"]
    assert told == ["branch_admin"]
    decide(ticket)


def test_each_refusal(lotus_db: Branch, lin: Actor) -> None:
    ticket, in_time = beyond_the_law(), make_ticket(contact_phone="13900006001")
    with refused(NothingOwed):
        decide(in_time)
    with refused(ReasonMissing):
        decide(ticket, note=" ")
    for fen in (-1, 10_000_001):
        with refused(Invalid):
            decide(ticket, fen)
    with refused(StaleVersion):
        decide(ticket, version=1)
    for who in ("lin", "wu", "de"):
        with refused(NotAllowed):
            decide(ticket, by=actor(who))
    decide(ticket)
    with refused(AlreadyCompensated, name="Bai"):
        decide(ticket)


def test_sent_twice_it_is_decided_once(lotus_db: Branch, bai: Actor) -> None:
    ticket = beyond_the_law()
    sent_twice(lambda once: decide_compensation(  # type: ignore[arg-type]
        public_id=ticket.public_id, amount_fen=100, note="late", by=bai, key=once
    ))  # fmt: skip
    assert Compensation.objects.count() == 1


def test_two_at_once_and_one_decision_stands(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        name = beyond_the_law().public_id
    given = {"public_id": name, "note": "late", "by": lotus.bai}
    works = [partial(decide_compensation, amount_fen=fen, key=key(), **given) for fen in (100, 200)]
    assert at_once(lotus, works) == {"done": 1, "tickets.already_compensated": 1}


def test_another_branch_does_not_find_it(lotus_db: Branch, maple: Branch) -> None:
    ticket = beyond_the_law()
    with in_branch(maple.tenant):
        assert owed(maple.bai) == []
        with pytest.raises(TicketNotFound):
            decide_compensation(public_id=ticket.public_id, amount_fen=1, note="late", by=maple.bai, key=key())


def test_the_page_asks_says_what_is_wrong_and_keeps_what_was_typed(lotus_db: Branch, bai: Actor) -> None:
    ticket, client = beyond_the_law(), client_at(lotus_db, bai)
    page = client.get("/console/requests/").content.decode()
    assert ticket.ticket_no in page and "应补偿用户多少" in page
    at = f"/console/t/{ticket.public_id}/compensate/"
    told = {"version": ticket.version, "yuan": "much", "note": "late again", "idempotency_key": key()}
    wrong = client.post(at, told)
    assert wrong.status_code == 422 and "请填金额（元）" in wrong.content.decode()
    assert 'value="much"' in wrong.content.decode() and 'value="late again"' in wrong.content.decode()
    done = client.post(at, told | {"yuan": "12.50", "idempotency_key": key()})
    assert done.status_code == 303 and Compensation.objects.get().amount_fen == 1250
    assert ticket.ticket_no not in client.get("/console/requests/").content.decode()


def test_it_is_counted_in_the_bar_for_who_may_decide(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    ticket = beyond_the_law()
    beyond_the_law(contact_phone="13900006002")
    assert (how_many_owed(bai), how_many_owed(lin)) == (2, 0)
    badge = '<span class="badge">2</span>'
    assert badge in client_at(lotus_db, bai).get("/console/search/").content.decode()
    assert badge not in client_at(lotus_db, lin).get("/console/search/").content.decode()
    decide(ticket)
    assert how_many_owed(bai) == 1


def test_nothing_waits_is_said_only_where_nothing_is_owed_either(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    beyond_the_law()
    assert "没有待审批的申请" not in client_at(lotus_db, bai).get("/console/requests/").content.decode()
    assert "没有待审批的申请" in client_at(lotus_db, lin).get("/console/requests/").content.decode()


def test_who_comes_second_is_told_so_though_the_form_is_gone(lotus_db: Branch, bai: Actor) -> None:
    ticket, client = beyond_the_law(), client_at(lotus_db, bai)
    at = f"/console/t/{ticket.public_id}/compensate/"
    told = {"yuan": "5", "note": "late"}
    first = client.post(at, told | {"idempotency_key": key()}, follow=True).content.decode()
    assert "补偿已决定" in first
    second = client.post(at, told | {"idempotency_key": key()})
    page = second.content.decode()
    assert second.status_code == 409 and 'role="alert"' in page and "Bai" in page
    assert Compensation.objects.get().amount_fen == 500


def test_the_api_lists_and_decides(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    ticket, client = beyond_the_law(), client_at(lotus_db, bai)
    [row] = client.get("/api/v1/compensations").json()["results"]
    assert row["ticket_no"] == ticket.ticket_no
    assert client_at(lotus_db, lin).get("/api/v1/compensations").status_code == 403
    body = {"amount_fen": 0, "note": "none due", "version": row["version"]}
    assert client.api("post", f"/api/v1/tickets/{ticket.public_id}/compensate", body).status_code == 200
    assert client.get("/api/v1/compensations").json()["results"] == []
