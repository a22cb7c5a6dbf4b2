"""A breach is exempted by a named person with a reason: out of the figures, never out of the history."""

from datetime import timedelta

import pytest

from apps.people.accounts.models import RoleGrant
from apps.tickets import clock_read, selectors
from apps.tickets.errors import (
    AlreadyExempted,
    Archived,
    BreachNotFound,
    OwnBreach,
    ReasonMissing,
    StaleVersion,
    TicketNotFound,
)
from apps.tickets.models import Breach, Ticket
from apps.tickets.services import exempt_breach, sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.looks import the_event, the_step
from tests.tickets.steps import do, now_of


def late(ticket: Ticket) -> Breach:
    """The ticket's promise is broken."""
    with clock.frozen(ticket.resolve_due_at + timedelta(minutes=1)):
        sweep_clocks()
    return Breach.objects.get(ticket=ticket, clock="resolve")


def exempt(breach: Breach, by: Actor, reason: str = "the bridge was closed", **more: object) -> object:
    given = {"public_id": breach.ticket.public_id, "breach_id": breach.pk, "reason": reason} | more
    return exempt_breach(**given, by=by, key=key())


def test_the_branch_administrator_exempts_and_everybody_can_read_who_and_why(lotus_db: Branch, bai: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    breach = late(ticket)
    before = now_of(ticket)
    with clock.frozen(breach.breached_at + timedelta(hours=1)):
        exempt(breach, bai)
    after = now_of(ticket)
    assert (after.status, after.overdue_clocks, after.resolve_due_at) == (
        before.status, before.overdue_clocks, before.resolve_due_at,
    )  # fmt: skip
    assert after.was_overdue and after.version == before.version + 1
    [shown] = clock_read.clocks_of(after, selectors.history(after), reveal=True).breaches
    assert (shown.exempted_by_name, shown.exemption) == ("Bai", "the bridge was closed")
    step = the_step(ticket)
    assert (step.action, step.actor_name, step.reason, step.data["clock"]) == (
        "exempt", "Bai", "the bridge was closed", "resolve",
    )  # fmt: skip
    assert the_event(ticket, "ticket.breach_exempted").facts["clock"] == "resolve"


def test_it_is_done_once(lotus_db: Branch, bai: Actor, de: Actor) -> None:
    breach = late(make_ticket(status="in_progress"))
    given = {"public_id": breach.ticket.public_id, "breach_id": breach.pk, "reason": "snow"}
    sent_twice(lambda once: exempt_breach(**given, by=bai, key=once))
    with refused(AlreadyExempted, name="Bai"):
        exempt(breach, de)


@pytest.mark.parametrize("who", ["lin", "wu", "yun", "cai", "hui", "an", "ji"])
def test_nobody_else_may(lotus_db: Branch, who: str) -> None:
    breach = late(make_ticket(status="in_progress"))
    with refused(NotAllowed):
        exempt(breach, make.actor(who))


def test_who_had_the_ticket_does_not_forgive_themselves(lotus_db: Branch, wu: Actor) -> None:
    """Also when it is another's by now."""
    RoleGrant.objects.create(user_id=wu.id, role="dept_manager", org_path="/1/")
    ticket = make_ticket(status="in_progress")
    breach = late(ticket)
    with refused(OwnBreach):
        exempt(breach, make.actor("wu"))
    do("reassign", ticket.public_id)
    with refused(OwnBreach):
        exempt(breach, make.actor("wu"))


def test_it_has_a_reason_a_breach_and_the_present_version(lotus_db: Branch, bai: Actor) -> None:
    breach = late(make_ticket(status="in_progress"))
    with refused(ReasonMissing):
        exempt(breach, bai, "  ")
    with refused(BreachNotFound):
        exempt(breach, bai, breach_id=breach.pk + 1)
    with refused(StaleVersion):
        exempt(breach, bai, version=1)
    other = make_ticket(contact_phone="13900005555")
    with refused(BreachNotFound):
        exempt(breach, bai, public_id=other.public_id)


def test_what_is_archived_can_only_be_read(lotus_db: Branch, bai: Actor) -> None:
    breach = late(make_ticket(status="in_progress"))
    Ticket.objects.filter(id=breach.ticket_id).update(archived_at=clock.now())
    with refused(Archived):
        exempt(breach, bai)


def test_another_branch_does_not_find_it(lotus_db: Branch, maple: Branch) -> None:
    breach = late(make_ticket(status="in_progress"))
    public_id = breach.ticket.public_id
    with in_branch(maple.tenant), refused(TicketNotFound):
        exempt_breach(public_id=public_id, breach_id=breach.pk, reason="snow", by=maple.bai, key=key())


def test_the_page_and_the_api_tell_and_exempt(lotus_db: Branch, bai: Actor, de: Actor) -> None:
    breach = late(make_ticket(status="in_progress"))
    name, page = breach.ticket.public_id, f"/console/t/{breach.ticket.public_id}/exempt/"
    client = client_at(lotus_db, bai)
    assert page in client.get(f"/console/t/{name}/").content.decode()
    version = now_of(breach.ticket).version
    told = {"breach": str(breach.pk), "version": str(version), "reason": " "}
    answer = client.post(page, told, key=key())
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()
    assert client.post(page, told | {"reason": "snow on the pass"}, key=key()).status_code == 303
    assert "snow on the pass" in client.get(page).content.decode()
    api = client_at(lotus_db, de)
    [shown] = api.get(f"/api/v1/tickets/{name}/breaches").json()["results"]
    assert (shown["exempted_by_name"], shown["exemption"], shown["clock"]) == ("Bai", "snow on the pass", "resolve")
    body = {"breach_id": breach.pk, "reason": "again", "version": version + 1}
    assert api.api("post", f"/api/v1/tickets/{name}/exempt", body).json()["code"] == "tickets.already_exempted"


def test_who_may_not_exempt_finds_no_way_there(lotus_db: Branch) -> None:
    breach = late(make_ticket(status="in_progress"))
    name = breach.ticket.public_id
    client = client_at(lotus_db, lotus_db.lin)
    assert "/exempt/" not in client.get(f"/console/t/{name}/").content.decode()
    assert client.get(f"/console/t/{name}/exempt/").status_code == 403
