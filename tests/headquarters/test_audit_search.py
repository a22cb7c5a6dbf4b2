"""审计查询: one branch at a time, by whom, what, ticket, day; no customer's name, nobody's words; written down too."""

from datetime import timedelta

import pytest

from apps.headquarters import audit_read
from apps.headquarters.audit_read import Wanted, search
from apps.headquarters.rules.codes_only import facts_of
from apps.headquarters.services.looking import SEARCH
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tests.make import client_at, make_ticket, void
from tests.queries import asking

AT = "/hq/audit/"


@pytest.fixture
def site(lotus_db, headquarters):
    return client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")


def wanted(**more) -> Wanted:
    today = clock.now().astimezone(clock.BUSINESS_ZONE).date()
    usual = {"branch": "LO", "first": today - timedelta(days=1), "last": today, "what": "tickets."}
    return Wanted(**(usual | more))


def actions(actor, **more) -> list[str]:
    return [line.action for line in search(actor, wanted(**more)).lines]


def test_without_a_branch_there_is_a_form_and_no_line(site):
    make_ticket()
    body = site.get(AT).content.decode()
    assert "Choose a branch" in body and "tickets.open" not in body


def test_the_branchs_lines_are_found_by_who_what_and_ticket(lotus_db, headquarters):
    ticket, other = make_ticket(), make_ticket()
    void(ticket.public_id)
    hq = headquarters.hq
    assert actions(hq, ticket=ticket.ticket_no) == ["tickets.void", "tickets.open"]
    assert actions(hq, ticket=other.ticket_no.lower()) == ["tickets.open"]
    assert actions(hq, who="Lin") == ["tickets.void"] == actions(hq, who=lotus_db.lin.ref)
    assert actions(hq, what="void") == ["tickets.void"]
    assert actions(hq, ticket="LO-nothing") == []


def test_the_period_ends_with_its_last_day(lotus_db, headquarters):
    make_ticket()
    past = wanted().first - timedelta(days=5)
    assert actions(headquarters.hq) and not actions(headquarters.hq, first=past, last=past)


def test_another_branchs_lines_are_never_among_them(lotus_db, maple, headquarters):
    with in_branch(maple.tenant):
        theirs = make_ticket()
    assert actions(headquarters.hq) == [] and actions(headquarters.hq, ticket=theirs.ticket_no) == []
    assert actions(headquarters.hq, branch="MA") == ["tickets.open"]


def test_a_customer_is_a_customer_and_cannot_be_searched_by_name(lotus_db, headquarters):
    make_ticket(by=lotus_db.mei)
    [line] = search(headquarters.hq, wanted()).lines
    assert line.customer and line.who == "" and actions(headquarters.hq, who="Mei") == []


def test_what_people_wrote_does_not_leave_the_branch(site):
    ticket = make_ticket()
    void(ticket.public_id)
    body = site.get(AT, {"branch": "LO"}).content.decode()
    assert "tickets.void" in body and ticket.ticket_no in body
    for secret in ("a test", ticket.contact_phone, "no light on the box", ticket.address):
        assert secret not in body


def test_only_codes_and_numbers_are_facts():
    told = '{"reason": "he lives at 4-1", "public_id": "ab_C-1", "n": 3, "to": "13900001234", "list": ["a", "x y"]}'
    assert facts_of(told) == [
        ("reason", "…"), ("public_id", "ab_C-1"), ("n", "3"), ("to", "…"), ("list", "a, …"),
    ]  # fmt: skip
    assert facts_of('{"reason": "cut off in the mid') == [("", "…")]


def test_fifty_at_a_time_and_then_on(lotus_db, headquarters, monkeypatch):
    monkeypatch.setattr(audit_read, "PAGE", 2)
    for _ in range(3):
        make_ticket()
    first = search(headquarters.hq, wanted())
    assert first.before
    rest = search(headquarters.hq, wanted(before=first.before))
    assert len(first.lines) == 2 and len(rest.lines) == 1 and rest.before == 0
    assert {one.id for one in first.lines}.isdisjoint({one.id for one in rest.lines})


def test_the_search_stands_in_headquarters_own_audit_which_can_be_searched_too(site, headquarters):
    site.get(AT, {"branch": "LO", "who": "Lin"})
    with in_public():
        [note] = AuditEntry.objects.filter(action=SEARCH)
    assert note.actor == headquarters.hq.ref and "LO" in note.details["args"]
    assert SEARCH in site.get(AT, {"branch": "hq"}).content.decode()


def test_who_only_looks_at_headquarters_searches_no_audit(lotus_db, headquarters):
    assert client_at(headquarters, headquarters.eye).get(AT, {"branch": "LO"}).status_code == 403
    with pytest.raises(NotAllowed):
        search(headquarters.eye, wanted())
    with in_public():
        assert not AuditEntry.objects.filter(action=SEARCH).exists()


def test_a_branch_that_is_not_there_is_said_so(site):
    assert site.get(AT, {"branch": "NOBODY"}).status_code == 404


def test_a_page_of_lines_costs_three_queries_in_the_branch_however_many(lotus_db, headquarters):
    ticket = make_ticket()
    for _ in range(4):
        make_ticket()
    with asking(5):  # the branch, its schema, the lines, their tickets' numbers, and which ticket is asked for
        search(headquarters.hq, wanted(ticket=ticket.ticket_no))
