"""Counts over HTTP: a whole life, and that nobody who takes part ever reads what the books have."""

import re

import pytest

from apps.inventory.models import Count
from tenants.context import in_branch
from tests.inventory import stock
from tests.make import client_at, key

AT = "/api/v1/stock/counts"
BOOK = "7777.77"
FIGURE = re.compile(r"(?<!\d)7765(?!\d)")  # not a part of some other number


@pytest.fixture
def at(lotus_db):
    stock.item()
    stock.cable()
    stock.receive(stock.boxes(), stock.metres(BOOK))
    return {name: client_at(lotus_db, lotus_db.people[name]) for name in ("ku", "ji", "wu")}


def opened(client):
    answer = client.api("POST", AT, {"place": "main"})
    assert answer.status_code == 201, answer.content
    return answer.json()["number"]


def step(client, number, what, **body):
    return client.api("POST", f"{AT}/{number}/{what}", body)


def test_a_count_from_opening_to_posting(at):
    number = opened(at["ku"])
    assert step(at["ku"], number, "tallies", item="cable", quantity="7700").json()["counted"] == "7700"
    assert step(at["ku"], number, "scans", code="sn 0001").json()["scanned"] == "SN0001"
    assert step(at["ku"], number, "scans", code="WHAT").json()["code"] == "inventory.scan_unknown"
    listed = step(at["ku"], number, "lists", numbers=["SN0001", "SN0002", "SN0003"]).json()
    assert (listed["kept"], listed["again"]) == (2, 1)
    assert step(at["ku"], number, "undo").json()["scanned"] == "SN0003"
    closed = step(at["ku"], number, "close", version=1, recount=True).json()
    assert (closed["state"], closed["again"]) == ("counting", 2)
    step(at["ku"], number, "tallies", item="cable", quantity="7700")
    step(at["ku"], number, "lists", numbers=["SN0001", "SN0002", "SN0003", "SN0004"])
    assert step(at["ku"], number, "close", version=1).json()["code"] == "inventory.stale"
    closed = step(at["ku"], number, "close", version=2).json()
    result = at["ji"].get(f"{AT}/{number}/result").json()
    lines = {one["item"]["code"]: (one["counted"], one["difference"], one["value"]) for one in result["lines"]}
    assert lines == {"cable": ("7700.00", "-77.77", -3889), "stb": ("4.00", "-1.00", -20_000)}
    assert [(one["number"], one["kind"]) for one in result["findings"]] == [("SN0005", "missing")]
    assert step(at["ku"], number, "approve", version=closed["version"]).status_code == 403
    done = step(at["ji"], number, "approve", version=closed["version"])
    assert done.json()["state"] == "posted"
    found = at["ji"].get("/api/v1/stock/count-accuracy").json()
    assert found == {"counts": 1, "lines": 2, "right": 0, "value": -23_889, "pct": 0.0}
    assert at["ku"].get(f"{AT}/{number}/result").status_code == 200


def test_nothing_a_counter_reads_has_the_books_figure(at):
    number = opened(at["ku"])
    answers = [
        step(at["ku"], number, "tallies", item="cable", quantity="12"), step(at["ku"], number, "scans", code="SN0001"),
        step(at["ku"], number, "undo"), at["ku"].get(f"{AT}/{number}"), at["ku"].get(AT),
        step(at["ku"], number, "close", version=1, recount=True), at["ku"].get(f"{AT}/{number}"),
        at["ku"].get(f"{AT}/{number}/result"), at["ji"].get(f"{AT}/{number}/result"),
    ]  # fmt: skip
    assert [one.status_code for one in answers] == [200] * 7 + [403] * 2
    for one in answers:
        text = one.content.decode()
        assert BOOK not in text and not FIGURE.search(text) and "frozen" not in text and "SN0002" not in text


def test_a_closed_counts_figures_are_for_who_kept_out_of_it(at):
    number = opened(at["ku"])
    step(at["ku"], number, "tallies", item="cable", quantity="12")
    step(at["ku"], number, "close", version=1, recount=False, leave_out=True)
    assert at["ku"].get(f"{AT}/{number}/result").json()["code"] == "inventory.count_blind"
    assert at["wu"].get(f"{AT}/{number}/result").status_code == 403
    assert at["ji"].get(f"{AT}/{number}/result").status_code == 200


def test_the_other_branch_and_other_places_have_no_such_count(at, lotus_db, maple):
    number = opened(at["ku"])
    assert at["wu"].get(f"{AT}/{number}").status_code == 404
    with in_branch(maple.tenant):
        stranger = client_at(maple, maple.people["ku"])
    assert stranger.get(f"{AT}/{number}").status_code == 404
    assert step(stranger, number, "tallies", item="cable", quantity="1").status_code == 404


def test_a_tap_sent_twice_opens_one_count(at):
    once = key()
    first, again = (at["ku"].api("POST", AT, {"place": "main"}, key=once) for _ in range(2))
    assert first.json() == again.json() and Count.objects.count() == 1
    assert at["ku"].api("POST", AT, {"place": "main"}).json()["code"] == "inventory.count_open"
