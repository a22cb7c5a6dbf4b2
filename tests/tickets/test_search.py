"""工单查询 as everybody reads it: each filter, words within one's sight, pages that stay, few queries, however many."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.tickets import search, words
from apps.tickets.models import Ticket
from apps.tickets.services import sweep_clocks
from apps.tickets.wanted import read, read_query, write_query
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid
from tenants.context import in_branch
from tests.cast import FAR, Branch
from tests.make import make_ticket
from tests.queries import asking
from tests.tickets.steps import do, ready

ORDERS = ("", "sort=oldest", "tab=pooled&sort=due")


def names(actor: Actor, query: str, **more: object) -> set[str]:
    return {row.ticket.public_id for row in search.found(actor, read_query(query), **more).rows}  # type: ignore[arg-type]


@pytest.fixture
def lot(lotus_db: Branch) -> dict[str, Ticket]:
    """One of each: waiting and late, moved to a department, in the west, done in time, done too late, called off."""
    now = clock.now()
    with clock.frozen(now - timedelta(days=40)):
        late = make_ticket(status="accepted")
        old = make_ticket(contact_phone="13900002222", account_no="880011")
    with clock.frozen(now - timedelta(days=10)):
        sweep_clocks()
        for step in ("contact", "check_in", "complete", "callback_ok"):
            do(step, late.public_id)
    moved = make_ticket(contact_phone="13900003333")
    ready("transfer", moved)
    do("transfer", moved.public_id)
    west = make_ticket(contact_phone="13900004444", address="Willow Road 9", lat=FAR[0], lng=FAR[1], priority=1)
    tv = make_ticket(status="in_progress", to="bo", type_code="fault_tv", contact_phone="13900005555")
    gone = make_ticket(status="cancelled", contact_phone="13900006666")
    return {"late": late, "old": old, "moved": moved, "west": west, "tv": tv, "gone": gone}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "late old moved west tv gone"), ("tab=pooled", "old moved west"), ("tab=accepted", "tv"),
        ("tab=closed", "late"), ("tab=void", "gone"), ("tab=overdue", "old"), ("tab=awaiting_callback", ""),
        ("type=fault_tv", "tv"), ("grid=W1", "west"), ("grid=WEST", "west"), ("department=CARE", "moved"),
        ("overdue=now", "old"), ("overdue=ever", "late old"), ("overdue=ever&tab=closed", "late"),
        ("priority=1", "west"), ("channel=shop", "late old moved west tv gone"), ("channel=noc", ""),
        ("days=7", "moved west tv gone"), ("days=41", "late old moved west tv gone"),
        ("period=closed&days=7", "gone"), ("period=closed&days=20", "late gone"),
        ("period=closed&days=7&tab=closed", ""),
        ("text=13900005555", "tv"), ("text=139 0000 5555", "tv"), ("text=5555", "tv"), ("text=880011", "old"),
        ("text=willow", "west"), ("text=Road Willow", "west"), ("text=nowhere", ""),
        ("text=Birch&tab=pooled&overdue=now&days=60", "old"),
    ],
)  # fmt: skip
def test_each_filter_finds_what_fits(lot: dict[str, Ticket], lin: Actor, query: str, found: str) -> None:
    by_id = {ticket.public_id: name for name, ticket in lot.items()}
    assert {by_id[one] for one in names(lin, query)} == set(found.split())
    assert search.counts(lin, read_query(query))[read_query(query).tab] == len(found.split())


def test_late_and_then_done_it_leaves_the_list_of_late_ones_and_is_found_as_once_late(
    lotus_db: Branch, lin: Actor
) -> None:
    """domain.md §12 rule 5."""
    with clock.frozen(clock.now() - timedelta(days=9)):
        ticket = make_ticket(status="in_progress").public_id
    sweep_clocks()
    assert names(lin, "tab=overdue") == names(lin, "overdue=now") == {ticket}
    do("complete", ticket)
    assert names(lin, "tab=awaiting_callback&overdue=ever") == names(lin, "overdue=ever") == {ticket}
    assert names(lin, "tab=overdue") == names(lin, "overdue=now") == set()


def test_who_has_it_and_its_number_find_it(lot: dict[str, Ticket], lin: Actor) -> None:
    tv = Ticket.objects.get(pk=lot["tv"].pk)
    assert names(lin, f"technician_id={tv.technician_id}") == {tv.public_id}
    assert names(lin, f"text={tv.ticket_no}") == names(lin, f"text={tv.ticket_no[-6:]}") == {tv.public_id}
    assert names(lin, f"text={int(tv.ticket_no[-6:])}") == {tv.public_id}  # 81 is the ticket with this number


def test_days_of_ones_own_are_business_days_both_ends_within(lotus_db: Branch, lin: Actor) -> None:
    midnight = clock.now().astimezone(clock.BUSINESS_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for minutes in (-1, 0, 24 * 60 - 1, 24 * 60):
        with clock.frozen(midnight - timedelta(days=3) + timedelta(minutes=minutes)):
            found.append(make_ticket().public_id)
    day = (midnight - timedelta(days=3)).date()
    assert names(lin, f"since={day}&until={day}") == set(found[1:3])


@pytest.mark.parametrize("text", ["Birch", "13900001234", "Mei", "2026", "0000"])
@pytest.mark.parametrize("who", ["lin", "gao", "ji", "wu", "cai", "yun"])
def test_what_stands_on_many_is_found_as_what_stands_on_few(
    lotus_db: Branch, monkeypatch: pytest.MonkeyPatch, who: str, text: str
) -> None:
    """Few are named by their ids, many are joined: both ways see the same, whoever looks."""
    for status in ("pooled", "accepted", "closed"):
        make_ticket(status=status)
    make_ticket(by=lotus_db.lin, contact_name="Birch")
    few, one_by_one = words.matching, lotus_db.people[who]
    answers = []
    for most in (1000, 0):
        monkeypatch.setattr(words, "matching", lambda actor, said, most=most, **_: few(actor, said, few=most))
        wanted = read({"text": text})
        answers.append((names(one_by_one, f"text={text}"), search.counts(one_by_one, wanted)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("query", ORDERS)
def test_every_page_follows_the_one_before_also_while_others_report(lotus_db: Branch, lin: Actor, query: str) -> None:
    """Three of the same second in each page: equal moments stand in the order of their ids."""
    now = clock.now() - timedelta(hours=1)
    for minute in range(3):
        with clock.frozen(now + timedelta(minutes=minute)):
            for _ in range(3):
                make_ticket()
    there = [row.ticket.public_id for row in search.found(lin, read_query(query)).rows]
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = search.found(lin, read_query(query), after=after, size=2)
        seen += [row.ticket.public_id for row in page.rows]
        after = page.next_after
        make_ticket()
    assert [one for one in seen if one in there] == there and len(seen) == len(set(seen))


@pytest.mark.parametrize("after", ["x", "2026-01-01|1", "2026-01-01T00:00:00+00:00|0", "9999-01-01T00:00:00Z|1"])
def test_a_place_in_the_list_that_we_never_gave_is_refused(lotus_db: Branch, lin: Actor, after: str) -> None:
    with pytest.raises(Invalid):
        search.found(lin, read({}), after=after)


def test_the_queries_are_the_same_for_three_and_for_many(lotus_db: Branch, lin: Actor) -> None:
    """Rows, types, names; one for what is looked up by a code and not met; one for words; one for the numbers."""
    stated: dict[str, int] = {"": 3, "type=fault_bb": 3, "grid=E1&department=CARE": 2, "text=Birch": 4}
    for who in ("wu", "bo"):
        for _ in range(3):
            make_ticket(status="accepted", to=who)
        for query, most in stated.items():
            with asking(most):
                search.found(lin, read_query(query))
        with asking(1):
            search.counts(lin, read({}))
        with asking(2):
            search.counts(lin, read({"text": "Birch"}))


WORDS = ("13900001234", "Birch", "Mei", "")


def test_who_leads_another_sub_branch_finds_it_by_no_word(lotus_db: Branch, gao: Actor) -> None:
    make_ticket()
    for text in WORDS:
        assert names(gao, f"text={text}") == set()
        assert set(search.counts(gao, read({"text": text})).values()) == {0}


def test_the_other_branch_finds_only_its_own(lotus_db: Branch, maple: Branch) -> None:
    make_ticket()
    with in_branch(maple.tenant):
        theirs = make_ticket(address="Elm Square 1", contact_phone="13900009999", contact_name="Ute")
        for text in WORDS:
            assert names(maple.lin, f"text={text}") == ({theirs.public_id} if text == "" else set())


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"), ("tab=nowhere", "tab"), ("days=0", "days"), ("days=401", "days"),
        ("since=2026-02-30", "since"), ("since=2026-02-02&until=2026-02-01", "until"), ("priority=4", "priority"),
        ("sort=due", "sort"), ("tab=closed&sort=due", "sort"), ("tab=pooled&sort=ended", "sort"),
        ("technician_id=x", "technician_id"), ("overdue=maybe", "overdue"), (f"text={'x' * 61}", "text"),
        ("days=7&until=2026-01-01", "days"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_field(query: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_query(query)
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize("name", ["type", "grid", "department"])
def test_a_name_nobody_has_is_refused_and_not_an_empty_list(lotus_db: Branch, lin: Actor, name: str) -> None:
    looks: list[Callable[[Actor, object], object]] = [search.found, search.counts]  # type: ignore[list-item]
    for look in looks:
        with pytest.raises(Invalid) as refusal:
            look(lin, read({name: "nothing"}))
        assert set(refusal.value.fields) == {name}


def test_a_link_says_the_search_and_no_more() -> None:
    query = "tab=closed&text=Birch&overdue=ever&sort=ended"
    assert read_query(write_query(read_query(query))) == read_query(query)
    assert write_query(read({})) == "" and write_query(read_query(query), tab="", sort="") == "text=Birch&overdue=ever"
