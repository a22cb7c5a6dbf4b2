"""The OData feed: the same rows as the views have, chosen, ordered and counted as the address says."""

from decimal import Decimal
from typing import Any

import pytest

from apps.bi.rules import sets
from apps.bi.rules.shapes import BRANCH, HEADQUARTERS
from apps.people.models import OrgUnit
from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from tests.bi.reading import FEED, Reading, asked, reading
from tests.cast import Branch
from tests.inventory import stock
from tests.make import client_at, make_ticket
from tests.queries import asking


@pytest.fixture
def ji(lotus_db: Branch, ji: Actor) -> Reading:
    """Ji does the accounts of all Lotus."""
    return reading(lotus_db, ji)


@pytest.mark.parametrize("rows", sets.sets_of(BRANCH), ids=lambda one: one.name)
def test_every_set_says_what_its_view_says(ji: Reading, rows: Any) -> None:
    make_ticket(status="closed")
    make_ticket()
    stock.receive(stock.boxes("SN1"), stock.metres(20)) if stock.item() and stock.cable() else None
    told = ji.rows(rows.name)
    assert [list(one) for one in told[:1]] == [[column.name for column in rows.columns]][: len(told)]
    keys = asked(f"SELECT {', '.join(rows.key)} FROM {rows.view} ORDER BY {', '.join(rows.key)}")
    assert [tuple(one[name] for name in rows.key) for one in told] == keys
    assert keys or rows.name in {"Breaches", "AccountLines", "Points"}


def test_cells_are_what_odata_calls_them(ji: Reading) -> None:
    stock.cable()
    stock.receive(stock.metres("20.5"))
    ticket = make_ticket(status="closed")
    answer = ji.get(f"Tickets('{ticket.ticket_no}')").json()
    assert answer["@odata.context"].endswith("$metadata#Tickets/$entity")
    assert answer["reported_at"].endswith("Z") and len(answer["reported_on"]) == 10
    assert answer["priority"] == ticket.priority and answer["was_overdue"] is False and answer["incident_no"] is None
    quantity = next(row["quantity"] for row in ji.rows("StockBalances") if row["place_code"] == "main")
    assert quantity == 20.5
    texts = ji.get("StockBalances", Accept="application/json;IEEE754Compatible=true").json()["value"]
    assert "20.50" in {row["quantity"] for row in texts} and isinstance(texts[0]["balance_id"], str)


def test_a_row_is_found_by_its_key_and_only_there(ji: Reading) -> None:
    ticket = make_ticket()
    step = ji.rows("Steps", top="1")[0]
    assert ji.get(f"Steps({step['step_id']})").json()["ticket_no"] == ticket.ticket_no
    assert ji.get(f"Steps(step_id={step['step_id']})").status_code == 200
    for path, status in {
        "Tickets('nobody-s')": 404,
        "Steps('x')": 400,
        "Steps(1 or 1 eq 1)": 400,
        "Steps(org_path='/1/')": 400,
        "Nothing(1)": 404,
        "Branches('LO')": 404,
        "Tickets('a' eq 'a')": 400,
    }.items():
        assert ji.get(path).status_code == status, path


def test_choosing_columns_and_order(ji: Reading) -> None:
    for priority in (1, 0, 2):
        make_ticket(priority=priority)
    told = ji.rows("Tickets", select="priority,ticket_no", orderby="priority desc, ticket_no")
    assert [row["priority"] for row in told] == [2, 1, 0] and list(told[0]) == ["ticket_no", "priority"]
    answer = ji.get("Tickets", {"$select": "ticket_no"}).json()
    assert answer["@odata.context"].endswith("#Tickets(ticket_no)")
    assert ji.rows("Tickets", top="1", skip="1", orderby="priority")[0]["priority"] == 1
    assert ji.rows("Tickets", top="0") == []


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("priority eq 0", {0}),
        ("priority ne 0", {1, 2}),
        ("priority gt 0 and priority lt 2", {1}),
        ("not (priority eq 1)", {0, 2}),
        ("priority in (0,2)", {0, 2}),
        ("type_code eq 'fault_bb' and priority le 1", {0, 1}),
        ("is_overdue", set()),
        ("not is_overdue", {0, 1, 2}),
        ("was_overdue eq false", {0, 1, 2}),
        ("technician_id eq null", {0, 1, 2}),
        ("technician_id ne null", set()),
        ("startswith(ticket_no,'LO')", {0, 1, 2}),
        ("contains(ticket_no,'%')", set()),
        ("contains(tolower(ticket_no),'lo')", {0, 1, 2}),
        ("year(reported_at) ge 2020", {0, 1, 2}),
        ("priority add 1 eq 2", {1}),
        ("reported_on ge 2020-01-01", {0, 1, 2}),
        ("reported_at lt 2020-01-01T00:00:00Z", set()),
        ("length(ticket_no) gt 3", {0, 1, 2}),
        ("closed_at eq null and accepted_at eq null", {0, 1, 2}),
        (" or ".join(f"priority eq {n}" for n in range(60)), {0, 1, 2}),
    ],
)
def test_filters_find_what_they_say(ji: Reading, told: str, found: set[int]) -> None:
    for priority in (0, 1, 2):
        make_ticket(priority=priority)
    answer = ji.get("Tickets", {"$filter": told})
    assert answer.status_code == 200, answer.content
    assert {row["priority"] for row in answer.json()["value"]} == found
    assert int(ji.get("Tickets/$count", {"$filter": told}).content) == len(found)


def test_count_counts_all_that_fit_and_not_the_page(ji: Reading) -> None:
    for _ in range(3):
        make_ticket()
    answer = ji.get("Tickets", {"$count": "true", "$top": "1", "$filter": "priority ge 0"}).json()
    assert answer["@odata.count"] == 3 and len(answer["value"]) == 1
    assert ji.get("Tickets/$count").content == b"3"


@pytest.mark.parametrize(
    "order", ["", "accepted_at", "accepted_at desc", "technician_id desc,priority", "priority desc"]
)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_hold_every_row_once_also_where_cells_are_empty(ji: Reading, size: int, order: str) -> None:
    for status, priority in (("pooled", 0), ("accepted", 1), ("closed", 2), ("pooled", 1), ("cancelled", 0)):
        make_ticket(status=status, priority=priority)
    query = {"orderby": order} if order else {}
    whole = [row["ticket_no"] for row in ji.rows("Tickets", **query)]
    paged = [row["ticket_no"] for page in ji.pages("Tickets", size=size, **query) for row in page]
    assert paged == whole and len(set(whole)) == 5


def test_new_rows_between_two_pages_move_nothing(ji: Reading) -> None:
    first = [make_ticket(priority=1).ticket_no for _ in range(4)]
    seen = [
        row["ticket_no"]
        for page in ji.pages("Tickets", size=2, between=lambda: make_ticket(priority=0), orderby="priority desc")
        for row in page
    ]
    assert sorted(one for one in seen if one in first) == sorted(first) and len(seen) == len(set(seen))


def test_top_and_skip_hold_over_pages(ji: Reading) -> None:
    numbers = sorted(make_ticket().ticket_no for _ in range(6))
    pages = list(ji.pages("Tickets", size=2, top="3", skip="1", select="priority"))
    assert [len(page) for page in pages] == [2, 1]
    found = [row["ticket_no"] for page in ji.pages("Tickets", size=2, top="3", skip="1") for row in page]
    assert found == numbers[1:4]


HOSTILE = [
    "1 eq 1; DROP TABLE tickets_ticket",
    "ticket_no eq ''' OR 1=1 --'' '",
    "password eq 'x'",
    "technician/user/password eq 'x'",
    "ticket__description eq 'x'",
    "description eq 'x'",
    "contact_phone eq '13900001234'",
    "pg_sleep(10) eq 1",
    "matchesPattern(ticket_no,'(a+)+$')",
    "Tickets/any(t:t/priority eq 1)",
    "geo.distance(org_path,geography'x') lt 1",
    "not " * 500 + "is_overdue",
    "(" * 3000 + "priority eq 1" + ")" * 3000,
    "priority eq 1 " + "and priority eq 1 " * 400,
    "priority",
    "'x'",
    "1",
    "null eq null",
    "null eq priority",
    "priority eq 'x'",
    "ticket_no eq 5",
    "reported_on eq 2026-02-31",
    "reported_at ge 2026-01-01T00:00:00",
    "reported_on eq 2026-01-01T00:00:00Z",
    "priority div 0 eq 1",
    "priority eq 9" + "9" * 5000,
    "ticket_no eq '\x00'",
    "substring(ticket_no,-5,99999999999999) eq 'x'",
    "priority eq 99999999999999999999999",
    "priority eq",
    "priority has 1",
    "length(priority) eq 1",
    "year(ticket_no) eq 1",
    "contains(org_path,ticket_no)",
    "org_path.x eq 1",
    "concat(ticket_no,priority) eq 'x'",
    "x=1 eq 2",
    "ticket_no in ('a')",
    "priority in ('a','b')",
    "()",
    "%",
    "\u2028",
    "🐎 eq 1",
]


@pytest.mark.parametrize("told", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_filters_are_refused_in_words_and_reach_nothing(ji: Reading, told: str) -> None:
    ticket = make_ticket()
    for path in ("Tickets", "Tickets/$count"):
        answer = ji.get(path, {"$filter": told})
        if answer.status_code == 200:  # understood, and true of nothing
            assert answer.content == b"0" or answer.json()["value"] == [], told[:80]
            continue
        assert answer.status_code == 400, (told[:80], answer.status_code)
        assert answer.json()["error"]["code"] == "bi.bad_query" and answer.json()["error"]["message"]
    assert Ticket.objects.filter(pk=ticket.pk).exists()


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"$expand": "Steps"}, 501, "bi.not_offered"),
        ({"$apply": "aggregate(x)"}, 501, "bi.not_offered"),
        ({"filter": "priority eq 0"}, 400, "bi.bad_query"),
        ({"$Filter": "priority eq 0"}, 400, "bi.bad_query"),
        ({"$select": "contact_phone"}, 400, "bi.bad_query"),
        ({"$orderby": "contact_phone"}, 400, "bi.bad_query"),
        ({"$orderby": "priority sideways"}, 400, "bi.bad_query"),
        ({"$orderby": "priority,priority"}, 400, "bi.bad_query"),
        ({"$top": "-1"}, 400, "bi.bad_query"),
        ({"$top": "all"}, 400, "bi.bad_query"),
        ({"$skip": "1e9"}, 400, "bi.bad_query"),
        ({"$skip": "999999999"}, 400, "bi.bad_query"),
        ({"$count": "yes"}, 400, "bi.bad_query"),
        ({"$skiptoken": "x"}, 400, "bi.bad_query"),
        ({"$skiptoken": "WzEsMl0"}, 400, "bi.bad_query"),
        ({"$skiptoken": "W1tdXQ"}, 400, "bi.bad_query"),
        ({"$format": "atom"}, 400, "bi.bad_query"),
    ],
)
def test_what_is_not_understood_is_refused_in_odatas_form(
    ji: Reading, query: dict[str, str], status: int, code: str
) -> None:
    make_ticket()
    answer = ji.get("Tickets", query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.content
    assert answer["OData-Version"] == "4.0"


def test_an_option_given_twice_is_refused(ji: Reading) -> None:
    assert ji.get("Tickets?$top=1&$top=2").status_code == 400


def test_a_skiptoken_of_another_kind_of_value_is_refused(ji: Reading) -> None:
    make_ticket()
    from apps.bi.rules.options import closed

    for values in (["x", 1], [1, None], [[], {}]):
        answer = ji.get("Tickets", {"$orderby": "reported_at", "$skiptoken": closed(values)})
        assert answer.status_code in {200, 400}, values


def test_nothing_can_be_written(ji: Reading, lotus_db: Branch) -> None:
    client, headers = client_at(lotus_db), {"Authorization": f"Bearer {ji.token}"}
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(FEED + "Tickets", {}, content_type="application/json", headers=headers)
        assert answer.status_code == 405 and answer.json()["error"]["code"] == "api.method_not_allowed"


def test_a_person_of_a_part_reads_that_part(lotus_db: Branch, de: Actor) -> None:
    """De manages a department of all Lotus; now only of its west."""
    from apps.people.accounts.models import RoleGrant

    west = OrgUnit.objects.get(code="WEST")
    RoleGrant.objects.filter(user_id=de.id).update(org_path=west.path)
    reader, ours = reading(lotus_db, de), make_ticket()
    theirs = make_ticket(address="Willow 3", lat=44.58, lng=117.61)
    assert [row["ticket_no"] for row in reader.rows("Tickets")] == [theirs.ticket_no] != [ours.ticket_no]
    assert reader.get("Tickets/$count").content == b"1"
    assert reader.get(f"Tickets('{ours.ticket_no}')").status_code == 404
    assert reader.get("Tickets", {"$filter": f"ticket_no eq '{ours.ticket_no}'"}).json()["value"] == []
    assert {row["ticket_no"] for row in reader.rows("Steps")} == {theirs.ticket_no}
    assert {row["unit_code"] for row in reader.rows("Grids")} == {"WEST", "W1"}
    assert len(reader.rows("Staff")) == 1 and reader.rows("Types")
    assert reader.rows("StockBalances") == [] and reader.rows("StockMoves") == []


def test_the_other_branchs_feed_knows_nothing_of_us(lotus_db: Branch, maple: Branch, ji: Reading) -> None:
    make_ticket()
    assert ji.rows("Tickets")
    ji.branch = maple
    assert ji.get("Tickets").status_code == 401


def test_a_page_by_key_goes_by_an_index(lotus_db: Branch) -> None:
    """A view that is a barrier, or joins too cleverly, would be read as a whole for every page."""
    make_ticket()
    asked("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)")
    plan = asked("EXPLAIN SELECT * FROM bi_ticket_v1 WHERE ticket_no > 'A' ORDER BY ticket_no LIMIT 10")
    assert "Index Cond: ((ticket_no)::text > 'A'::text)" in str(plan) and "Sort" not in str(plan), plan
    plan = asked("EXPLAIN SELECT * FROM bi_step_v1 WHERE step_id > 5 ORDER BY step_id LIMIT 10")
    assert "Index Cond: (id > 5)" in str(plan) and "Sort" not in str(plan), plan


def test_sums_by_the_feed_are_those_of_sql(ji: Reading) -> None:
    stock.cable()
    for metres in ("20.5", "0.25", "7"):
        stock.receive(stock.metres(metres, 3))
    told = sum(Decimal(str(row["delta"])) for row in ji.rows("StockMoves", filter="place_code eq 'main'"))
    [(by_sql, value)] = asked("SELECT sum(delta), sum(value_fen) FROM bi_stock_move_v1 WHERE place_code = 'main'")
    assert told == by_sql == Decimal("27.75")
    assert sum(row["value_fen"] for row in ji.rows("StockMoves")) == value


def test_a_page_asks_four_times_and_five_with_a_number(lotus_db: Branch, ji: Reading) -> None:
    for _ in range(3):
        make_ticket()
    ji.rows("Tickets")  # the first use notes when it was
    with asking(5):  # host, token, person, savepoint and rows
        ji.rows("Tickets")
    with asking(6):
        ji.rows("Tickets", count="true")


def test_headquarters_reads_counts_by_branch_and_never_a_ticket(db: None, lotus: Branch, headquarters: Branch) -> None:
    from apps.headquarters.models import BranchDaily, BranchStateCount
    from steppe.kernel import clock
    from tenants.context import in_public

    with in_public():
        today = clock.today()
        BranchDaily.objects.create(branch_id=lotus.tenant.pk, day=today, metric="opened", n=3)
        BranchStateCount.objects.create(branch_id=lotus.tenant.pk, state="pooled", n=2)
        eye = reading(headquarters, headquarters.eye)
        assert [row["branch_code"] for row in eye.rows("Branches")] == ["LO", "MA"]
        assert eye.rows("BranchDays", filter="metric eq 'opened'")[0]["n"] == 3
        assert eye.get(f"BranchDays(branch_code='LO',business_day={today},metric='opened')").json()["n"] == 3
        assert eye.rows("BranchStates") == [{"branch_code": "LO", "status": "pooled", "n": 2}]
        assert eye.get("Tickets").status_code == 404
        assert {one["name"] for one in eye.get("").json()["value"]} == {one.name for one in sets.sets_of(HEADQUARTERS)}
        eye.branch = lotus
        assert eye.get("Tickets").status_code == 401


def test_headquarters_figures_by_the_feed_are_those_of_its_tables(
    db: None, lotus: Branch, headquarters: Branch
) -> None:
    from apps.headquarters.models import BranchMonth, DailyFact
    from steppe.kernel import clock
    from tenants.context import in_public

    with in_public():
        where = {"branch_id": lotus.tenant.pk, "day": clock.today(), "type_code": "fault_bb", "area_class": "A"}
        DailyFact.objects.create(**where, grid="E1", created=3, closed=2, repair_seconds=7200)
        DailyFact.objects.create(**where, grid="E2", created=4, closed=1, repair_seconds=600)
        BranchMonth.objects.create(branch_id=lotus.tenant.pk, month="2026-11", revenue=123, counted_at=clock.now())
        eye = reading(headquarters, headquarters.eye)
        told = eye.rows("DailyFacts", filter="type_code eq 'fault_bb'", select="created,closed,repair_seconds")
        by_sql = asked("SELECT sum(created), sum(closed), sum(repair_seconds) FROM headquarters_dailyfact")
        assert [tuple(sum(row[n] for row in told) for n in ("created", "closed", "repair_seconds"))] == by_sql
        assert by_sql == [(7, 3, 7800)]
        assert eye.get("BranchMonths(branch_code='LO',month_code='2026-11')").json()["revenue"] == 123
