"""The live screen's list: what it shows, in which order, and how its fragments keep it so."""

import re
from datetime import timedelta

import pytest

from apps.tickets import desk
from apps.tickets.desk import DeskFilter
from apps.tickets.models import Ticket
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.journal import stream
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import client_at, events, make_ticket
from tests.queries import asking

ROW = re.compile(r'<tr id="t-([\w-]+)" data-v="(\d+)"')
HOME = "/console/"


def ids(page: str) -> list[str]:
    return [public_id for public_id, _ in ROW.findall(page)]


def page_of(branch: Branch, who: str = "lin", path: str = HOME, **query: str) -> str:
    response = client_at(branch, getattr(branch, who)).get(path, query)
    assert response.status_code == 200, response.content
    return response.content.decode()


@pytest.mark.parametrize(
    ("tile", "status"),
    [
        ("pooled", "pooled"), ("pooled", "assigned"), ("pooled", "submitted"), ("accepted", "accepted"),
        ("in_progress", "in_progress"), ("on_hold", "on_hold"), ("awaiting_callback", "awaiting_callback"),
        ("closed", "closed"), ("void", "void"),
    ],
)  # fmt: skip
def test_each_state_stands_under_its_tile_and_no_other(lotus_db: Branch, tile: str, status: str) -> None:
    ticket = make_ticket(status=status)
    for name in desk.TILES:
        assert (ticket.public_id in ids(page_of(lotus_db, tab=name))) == (name == tile)


def test_what_was_reported_stands_in_the_line_of_who_may_see_the_contact(lotus_db: Branch) -> None:
    ticket = make_ticket(description="ask for Wang, 13900007777")
    for who, sees in (("lin", True), ("ji", False)):
        page = page_of(lotus_db, who)
        assert ids(page) == [ticket.public_id] and ("13900007777" in page) == sees, who


def test_the_numbers_are_those_of_the_lists(lotus_db: Branch) -> None:
    for status in ("pooled", "assigned", "accepted", "closed", "void", "on_hold"):
        make_ticket(status=status)
    counts = desk.desk_counts(lotus_db.lin, DeskFilter())
    assert counts.numbers == {name: len(ids(page_of(lotus_db, tab=name))) for name in desk.TILES}
    assert counts.unconfirmed == 1


def test_an_overdue_ticket_stands_in_both_lists_and_raises_the_alarm(lotus_db: Branch) -> None:
    with clock.frozen(clock.now() - timedelta(minutes=33)):
        ticket = make_ticket()
    sweep_clocks()
    page = page_of(lotus_db)
    assert 'data-alarm="accept"' in page
    assert 'class="banner banner-loud alarm"' in page
    assert ids(page_of(lotus_db, tab="overdue")) == ids(page) == [ticket.public_id]


def test_least_time_left_comes_first(lotus_db: Branch) -> None:
    first, second = make_ticket(), make_ticket()
    Ticket.objects.filter(pk=second.pk).update(accept_due_at=clock.now() + timedelta(minutes=1))
    assert ids(page_of(lotus_db)) == [second.public_id, first.public_id]


def test_the_list_goes_on_without_a_gap_or_a_double(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    made = [make_ticket().public_id for _ in range(5)]
    seen, query = [], {}
    while True:
        page = page_of(lotus_db, path="/console/list/", **query)
        seen += ids(page)
        more = desk.desk_page(lotus_db.lin, DeskFilter(), after=query.get("after", "")).next_after
        if not more:
            break
        query = {"after": more}
        make_ticket()  # somebody reports in between
        made.append(Ticket.objects.latest("id").public_id)
        if len(made) > 7:
            break
    assert len(seen) == len(set(seen))
    assert seen == made[: len(seen)]


def test_a_snapshot_reaches_as_far_as_the_screen(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    made = [make_ticket().public_id for _ in range(5)]
    mark = desk.desk_page(lotus_db.lin, DeskFilter(), after=desk.desk_page(lotus_db.lin, DeskFilter()).next_after or "")
    page = page_of(lotus_db, path="/console/list/", upto=mark.next_after or "")
    assert ids(page) == made[:4]


@pytest.mark.parametrize("nonsense", ["x", "|", "2026|y", "2026-01-01T00:00:00|z", "9" * 40])
def test_a_mark_nobody_can_read_shows_the_first_page(lotus_db: Branch, nonsense: str) -> None:
    ticket = make_ticket()
    assert ids(page_of(lotus_db, path="/console/list/", after=nonsense)) == [ticket.public_id]


def test_a_snapshots_number_is_read_before_its_data(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    make_ticket()
    stream.number_committed()
    real = desk.desk_page

    def late(*args, **kwargs):  # type: ignore[no-untyped-def]
        make_ticket()
        events()  # numbered while the list is being made
        return real(*args, **kwargs)

    before = stream.head()
    monkeypatch.setattr(desk, "desk_page", late)
    page = page_of(lotus_db, path="/console/list/")
    assert f'data-epoch="{before.epoch}" data-seq="{before.seq}"' in page
    assert len(ids(page)) == 2


def test_named_rows_come_back_as_they_are_now(lotus_db: Branch) -> None:
    here, taken = make_ticket(), make_ticket(status="accepted")
    page = page_of(lotus_db, path="/console/rows/", ids=f"{here.public_id},{taken.public_id},unknown")
    assert ROW.findall(page) == [(here.public_id, str(here.version))]
    for gone in (taken.public_id, "unknown"):
        assert f'<tr id="t-{gone}" data-gone></tr>' in page
    assert page.startswith("<template>")


def test_at_most_a_hundred_rows_are_answered_at_once(lotus_db: Branch) -> None:
    page = page_of(lotus_db, path="/console/rows/", ids=",".join(f"x{number}" for number in range(150)))
    assert page.count("data-gone") == 100


def test_a_name_that_is_no_name_does_not_come_back_as_html(lotus_db: Branch) -> None:
    page = page_of(lotus_db, path="/console/rows/", ids='"><script>alert(1)</script>')
    assert "script" not in page


@pytest.mark.parametrize("text", ["7-2-301", "13900001234", "Birch", "Mei"])
def test_the_search_finds_by_number_phone_name_and_address_in_every_state(lotus_db: Branch, text: str) -> None:
    pooled, closed = make_ticket(), make_ticket(status="closed")
    assert ids(page_of(lotus_db, q=text)) == [closed.public_id, pooled.public_id]
    assert ids(page_of(lotus_db, q=pooled.ticket_no)) == [pooled.public_id]


def test_who_may_not_see_contacts_cannot_search_by_them(lotus_db: Branch) -> None:
    make_ticket()
    assert ids(page_of(lotus_db, "ji", q="13900001234")) == []
    assert ids(page_of(lotus_db, "ji", q="Mei")) == []


def test_the_grid_filter_narrows_list_and_numbers(lotus_db: Branch) -> None:
    east, west = make_ticket(), make_ticket(address="Willow Lane 3", lat=None, lng=None)
    assert ids(page_of(lotus_db, unit="W1")) == [west.public_id]
    assert ids(page_of(lotus_db, unit="EAST")) == [east.public_id]
    assert ids(page_of(lotus_db, unit="NOWHERE")) == []
    narrowed = page_of(lotus_db, path="/console/counters/", unit="W1")
    assert '<span class="tile-n">1</span>' in narrowed
    assert '<span class="tile-n">2</span>' not in narrowed


def test_an_accountant_sees_no_door_in_the_list(lotus_db: Branch) -> None:
    ticket = make_ticket()
    page = page_of(lotus_db, "ji")
    assert ticket.address not in page
    assert ticket.contact_phone not in page


def test_no_list_ever_carries_a_phone_number(lotus_db: Branch) -> None:
    ticket = make_ticket()
    assert ticket.contact_phone not in page_of(lotus_db)


def test_chen_at_maple_and_gao_of_another_team_see_nothing(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    assert ids(page_of(lotus_db, "gao")) == []
    with in_branch(maple.tenant):
        for path in (HOME, "/console/list/", "/console/rows/", "/console/map/"):
            assert ticket.public_id not in page_of(maple, path=path, q="" if path != HOME else "Birch")


def test_the_map_marks_open_tickets_and_names_nobody(lotus_db: Branch) -> None:
    ticket = make_ticket()
    page = page_of(lotus_db, path="/console/map/")
    assert f'data-marker="{ticket.public_id}"' in page
    assert ticket.address not in page
    clerk = page_of(lotus_db, "cai", path="/console/map/")
    assert "map-person" not in clerk  # where the technicians are is the dispatcher's business


@pytest.mark.parametrize("tickets", [1, 12])
def test_queries_stay_the_same_however_many_tickets_there_are(lotus_db: Branch, tickets: int) -> None:
    for _ in range(tickets):
        make_ticket()
    found = ",".join(Ticket.objects.values_list("public_id", flat=True))
    client = client_at(lotus_db, lotus_db.lin)
    client.get(HOME)
    with asking(8):  # session, person, organisation, head, list, strip, types, requests waiting
        client.get(HOME)
    with asking(4):  # session, person, head, list
        client.get("/console/list/")
    with asking(3):  # session, person, rows
        client.get("/console/rows/", {"ids": found})
    with asking(3):  # session, person, strip
        client.get("/console/counters/")
    with asking(5):  # session, person, organisation, points, technicians
        client.get("/console/map/")
