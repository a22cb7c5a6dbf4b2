"""来电: the telephone system says who rings at whom, and that agent alone hears of it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.people.accounts.models import User
from apps.tickets.models import Call, Ticket
from apps.tickets.services import sweep_calls
from steppe.kernel import clock
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import AuditEntry, OutboxEvent
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import ADDRESS, PHONE, client_at, make_ticket
from tests.partners.allies import Ally, called, connected
from tests.queries import asking

CALLS, SHOWN, NEW = "/cti/v1/calls", "/console/calls/", "/console/new/"


def rings(ally: Ally, **told: Any) -> Any:
    """A call of Mei's telephone for An, but for what is told."""
    return ally.call("POST", CALLS, {"call_id": "c-1", "phone": PHONE, "agent": "an"} | told)


def shown(branch: Branch, who: str = "an") -> str:
    answer = client_at(branch, getattr(branch, who)).get(SHOWN)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def hints(branch: Branch, who: str) -> list[str]:
    """The kind of every frame this person gets."""
    stream.number_committed()
    answer = client_at(branch, getattr(branch, who)).get(f"/live/hints?epoch={stream.head().epoch}&after=0")
    return [hint["k"] for hint in answer.json()["hints"]]


@pytest.fixture
def system(lotus_db: Branch) -> Ally:
    """A telephone system that may say who calls, and nothing else."""
    return connected(lotus_db, ["calls"], name="PBX")


def test_who_calls_is_shown_with_their_open_tickets(lotus_db: Branch, system: Ally) -> None:
    ticket, done = make_ticket(), make_ticket(status="closed")
    answer = rings(system, phone=f"+86 {PHONE[:3]}-{PHONE[3:]}", at="2026-01-01T08:00:00+08:00")
    assert answer.status_code == 201 and answer.json()["call_id"] == "c-1"
    page = shown(lotus_db)
    assert PHONE in page and "Mei" in page and "Birch" in page
    assert f"/console/t/{ticket.public_id}/" in page and done.public_id not in page
    assert f"{NEW}?call={answer.json()['id']}" in page and f"/console/search/?text={PHONE}" in page


def test_only_the_agent_hears_of_it(lotus_db: Branch, system: Ally) -> None:
    rings(system)
    assert hints(lotus_db, "an") == ["call"]
    for other in ("lin", "cai", "bai", "wu", "gao"):
        assert hints(lotus_db, other) == ["-"], other
    for other in ("lin", "cai", "bai", "gao"):
        assert "data-ring" not in shown(lotus_db, other), other
    assert client_at(lotus_db, lotus_db.hui).get(SHOWN).status_code == 403


def test_the_other_branch_hears_nothing(lotus_db: Branch, maple: Branch, system: Ally) -> None:
    """The same people have the same ids there."""
    rings(system)
    with in_branch(maple.tenant):
        assert hints(maple, "an") == [] and "data-ring" not in shown(maple)
        assert not Call.objects.exists()


def test_another_branchs_token_is_refused(lotus_db: Branch, maple: Branch, system: Ally) -> None:
    answer = called(maple, system.token, "POST", CALLS, {"call_id": "c-1", "phone": PHONE, "agent": "an"})
    assert answer.status_code == 401
    with in_branch(maple.tenant):
        assert not Call.objects.exists()


def test_the_event_holds_no_number(lotus_db: Branch, system: Ally) -> None:
    rings(system)
    assert PHONE not in str(OutboxEvent.objects.filter(kind="call.rang").values())
    assert PHONE not in str(AuditEntry.objects.filter(action="tickets.ring").values())


def test_an_agent_is_named_by_work_number_too(lotus_db: Branch, system: Ally) -> None:
    User.objects.filter(username="an").update(work_no="8007")
    assert rings(system, agent="8007").status_code == 201
    assert "data-ring" in shown(lotus_db)


def test_a_number_of_nobodys_is_shown_as_it_came(lotus_db: Branch, system: Ally) -> None:
    assert rings(system, phone="<anonymous>").status_code == 201
    page = shown(lotus_db)
    assert "&lt;anonymous&gt;" in page and "<anonymous>" not in page and "%3Canonymous%3E" in page


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"agent": "nobody"}, "agent"), ({"agent": "hui"}, "agent"), ({"agent": "wu"}, "agent"),
        ({"agent": ""}, "agent"), ({"phone": " "}, "phone"), ({"phone": "1" * 31}, "phone"),
        ({"call_id": ""}, "call_id"), ({"call_id": "c" * 65}, "call_id"), ({"at": "yesterday"}, "at"),
        ({"number": PHONE}, "number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_its_name(lotus_db: Branch, system: Ally, told: dict[str, str], field: str) -> None:
    answer = rings(system, **told)
    assert answer.status_code == 422 and field in answer.json()["message"]
    assert not Call.objects.exists()


@pytest.mark.parametrize("body", [[], "x", {}])
def test_a_body_that_is_none_is_refused(lotus_db: Branch, system: Ally, body: object) -> None:
    assert system.call("POST", CALLS, body).status_code in {400, 422}


def test_nobody_who_left_is_rung(lotus_db: Branch, system: Ally) -> None:
    User.objects.filter(username="an").update(is_active=False)
    assert rings(system).json()["code"] == "tickets.agent_unknown"


def test_a_work_number_of_two_people_is_nobodys(lotus_db: Branch, system: Ally) -> None:
    User.objects.filter(username__in=["an", "cai"]).update(work_no="8007")
    assert rings(system, agent="8007").json()["code"] == "tickets.agent_unknown"


def test_the_scope_is_one_of_its_own(lotus_db: Branch, system: Ally) -> None:
    others = connected(lotus_db, ["tickets", "open", "contact", "events", "stock"])
    assert rings(others).json()["code"] == "partners.scope_missing"
    assert system.call("GET", "/tmf-api/troubleTicket/v4/troubleTicket").status_code == 403
    assert not Call.objects.exists()


def test_too_many_calls_in_a_minute_wait(lotus_db: Branch) -> None:
    slow = connected(lotus_db, ["calls"], name="PBX", rate=1)
    rings(slow)
    assert rings(slow, call_id="c-2").status_code == 429


def test_a_call_told_twice_rings_once(lotus_db: Branch, system: Ally) -> None:
    first, second = rings(system), rings(system, at="2026-01-01T08:00:00+08:00")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert hints(lotus_db, "an") == ["call"] and shown(lotus_db).count("data-ring=") == 1


def test_one_name_for_two_calls_is_refused(lotus_db: Branch, system: Ally) -> None:
    rings(system)
    for told in ({"agent": "cai"}, {"phone": "13900009999"}):
        assert rings(system, **told).status_code == 409
    assert Call.objects.count() == 1 and "data-ring" not in shown(lotus_db, "cai")


def test_two_systems_may_use_one_name(lotus_db: Branch, system: Ally) -> None:
    rings(system)
    assert rings(connected(lotus_db, ["calls"], name="PBX 2")).status_code == 201


def test_two_at_once_ring_once(committed: Any, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        system = connected(lotus, ["calls"], name="PBX")
    answers: list[Any] = []

    def tell() -> None:
        answers.append(rings(system))
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201], [one.content for one in answers]
    with in_branch(lotus.tenant):
        assert OutboxEvent.objects.filter(kind="call.rang").count() == Call.objects.count() == 1


def test_the_form_knows_who_calls(lotus_db: Branch, system: Ally) -> None:
    make_ticket()
    call = rings(system).json()["id"]
    page = client_at(lotus_db, lotus_db.an).get(f"{NEW}?call={call}").content.decode()
    assert f'value="{PHONE}"' in page and 'value="Mei"' in page and ADDRESS in page
    assert 'value="hotline_96066" selected' in page
    assert Ticket.objects.count() == 1


def test_the_form_knows_nothing_of_anothers_call(lotus_db: Branch, system: Ally) -> None:
    make_ticket()
    call = rings(system).json()["id"]
    for named in (call, "nothing"):
        page = client_at(lotus_db, lotus_db.lin).get(f"{NEW}?call={named}").content.decode()
        assert PHONE not in page and "Mei" not in page


def test_a_clerk_opens_only_their_own_tickets_of_the_caller(lotus_db: Branch, system: Ally) -> None:
    ticket, own = make_ticket(by=lotus_db.an), make_ticket(by=lotus_db.cai)
    rings(system, agent="cai")
    page = shown(lotus_db, "cai")
    assert own.public_id in page and ticket.public_id not in page


def test_a_missed_call_is_found_for_ten_minutes(lotus_db: Branch, system: Ally) -> None:
    call = rings(system).json()["id"]
    agent = client_at(lotus_db, lotus_db.an)
    with clock.frozen(clock.now() + timedelta(minutes=9)):
        assert f"?call={call}" in agent.get(NEW).content.decode()
        assert f"?call={call}" not in client_at(lotus_db, lotus_db.lin).get(NEW).content.decode()
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert f"?call={call}" not in agent.get(NEW).content.decode() and "data-ring" not in shown(lotus_db)


def test_only_the_last_two_lie_over_the_page(lotus_db: Branch, system: Ally) -> None:
    """Nobody is at four telephones; the others stand in the entry form."""
    named = [rings(system, call_id=f"c-{turn}", phone=f"1390000000{turn}").json()["id"] for turn in range(4)]
    page, form = shown(lotus_db), client_at(lotus_db, lotus_db.an).get(NEW).content.decode()
    assert [name for name in named if name in page] == named[2:]
    assert [name for name in named if name in form] == named


def test_the_number_is_forgotten_within_a_day(lotus_db: Branch, system: Ally) -> None:
    rings(system)
    with clock.frozen(clock.now() + timedelta(hours=11)):
        assert sweep_calls() == 0
    with clock.frozen(clock.now() + timedelta(hours=13)):
        assert sweep_calls() == 1
    assert not Call.objects.exists()


def test_only_a_system_says_who_calls(lotus_db: Branch) -> None:
    assert client_at(lotus_db, lotus_db.bai).post(CALLS, {}).status_code == 401


def test_what_a_call_costs(lotus_db: Branch, system: Ally) -> None:
    agent = client_at(lotus_db, lotus_db.an)
    agent.get(SHOWN)
    with asking(3):  # session, person, calls: most pages open while nobody calls
        agent.get(SHOWN)
    rings(system)
    with asking(5):  # for a call also its customer and their tickets
        agent.get(SHOWN)
