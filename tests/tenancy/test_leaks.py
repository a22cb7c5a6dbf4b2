"""Two branches with the same ids, the same user names, the same public ids: no word of one is ever in the other."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from psycopg import sql

from apps.people.models import Customer, Technician
from apps.tickets.models import Photo, Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database, Filled
from tests.make import BranchClient, client_at, key, make_ticket
from tests.tenancy import canaries
from tests.tenancy.canaries import MARK
from tests.tenancy.inventory import Route, routes, rows
from tests.tenancy.samples import SAMPLES

BRANCH = "steppe.boot.urls_tenant"

STATES = ("submitted", "pooled", "assigned", "accepted", "in_progress", "awaiting_callback", "closed", "void")
PEOPLE = ("lin", "cai", "wu", "gao", "hui", "yun", "ji", "bai", "mei")
MEI = "13900001001"
BUTTONS: dict[str, dict[str, dict[str, Any]]] = {
    "lin": {"release": {}, "dispatch": {"reason": "x", "technician_id": 1}},
    "wu": {"grab": {}, "confirm": {}, "check-in": {"reason": "x"}, "complete": {"solution": "x"}},
    "mei": {"rate": {"fixed": True, "score": 5}},
    "hui": {"callback-ok": {"score": 5}},
    "bai": {"void": {"reason": "x"}},
}
READS = [route for route in routes("branch") if (route.name, "GET") in rows("branch") and route.name != "api-schema"]


@pytest.fixture(scope="module")
def both_branches(filled: Filled, _world: dict[str, Branch]) -> Iterator[list[str]]:
    """Made once: what a test does to them is rolled back."""
    with filled(lambda: _made(_world["lotus"], _world["maple"])) as names:
        yield names


def _made(lotus: Branch, maple: Branch) -> list[str]:
    with in_branch(lotus.tenant):
        names = _tickets()
    with in_branch(maple.tenant):
        _tickets()
        for pk, name in enumerate(names, start=Ticket.objects.order_by("id").values_list("id", flat=True)[0]):
            Ticket.objects.filter(id=pk).update(public_id=name)
        with transaction.atomic():
            assert len(canaries.mark_everything()) > 25
    return names


@pytest.fixture
def twins(both_branches: list[str], lotus_db: Branch, maple: Branch) -> list[str]:
    """The same tickets in both branches, by id and by public id; every word of Maple's marked, and just remembered."""
    canaries.forget_everything()
    _warm_up(client_at(maple, maple.bai))
    return both_branches


def _warm_up(client: BranchClient) -> None:
    """Maple is visited first: what somebody remembers between requests is now full of its words."""
    for route in READS:
        if not route.params:
            client.get(_path(route, ""))


def _tickets() -> list[str]:
    Technician.objects.update(cap=20)
    mei = Actor("customer", Customer.objects.get(name__in=("Mei", "Su")).pk, "")
    made = [make_ticket(status=s, by=mei if n % 4 == 3 else None, contact_phone=MEI) for n, s in enumerate(STATES)]
    for ticket in made:
        path = default_storage.save(f"leaks/{ticket.public_id}.jpg", ContentFile(b"picture"))
        facts = {"width": 1, "height": 1, "sha256": "", "uploaded_at": clock.now(), "owner": "staff:2"}
        Photo.objects.create(public_id=f"photo-of-{ticket.pk:04d}", ticket=ticket, path=path, **facts)
    return [ticket.public_id for ticket in made]


@pytest.mark.parametrize("username", [*PEOPLE, "nobody"])
def test_no_page_shows_a_word_of_the_other_branch(
    lotus_db: Branch, maple: Branch, twins: list[str], username: str
) -> None:
    client = client_at(lotus_db, lotus_db.people.get(username))
    for path, query in _addresses(twins):
        response = client.get(path, query)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert MARK.encode() not in body, f"{username} read Maple's words at {path}"
        assert MARK not in str(response.headers), path


def test_the_marks_would_show(lotus_db: Branch, maple: Branch, chen: Actor, twins: list[str]) -> None:
    """The control: the same addresses at Maple are full of them."""
    client = client_at(maple, chen)
    shown = [path for path, query in _addresses(twins) if MARK.encode() in _body(client, path, query)]
    assert {"/console/", "/api/v1/tickets", f"/api/v1/tickets/{twins[1]}"} <= set(shown)


def test_what_one_branch_does_changes_no_row_of_the_other(lotus_db: Branch, maple: Branch, twins: list[str]) -> None:
    with in_branch(maple.tenant):
        before = canaries.checksum()
    for username, steps in BUTTONS.items():
        _push(client_at(lotus_db, lotus_db.people[username]), twins, steps)
    with in_branch(maple.tenant):
        after = canaries.checksum()
    assert Ticket.objects.filter(version__gt=3).exists()
    assert [table for table in before if before[table] != after[table]] == []


def test_headquarters_reads_no_word_of_a_branch(lotus_db: Branch, headquarters: Branch, twins: list[str]) -> None:
    for who in (headquarters.hq, headquarters.eye):
        assert MARK.encode() not in client_at(headquarters, who).get("/hq/").content


def _addresses(names: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every reading address, for every ticket and picture it could be about, with the queries that matter."""
    for route in READS:
        if "public_id" in route.params:
            pictures = list(Photo.objects.values_list("public_id", flat=True))
            about = pictures if route.name.startswith("files:") else names[1::2]
            yield from ((_path(route, name), {}) for name in about)
        else:
            yield _path(route, "x"), {}
    for query in ({"tab": "closed"}, {"text": MARK}, {"text": "1390"}):
        yield "/api/v1/tickets", query
    yield "/console/rows/", {"ids": ",".join(names)}
    yield "/w/pool/rows", {"ids": ",".join(names)}


def _path(route: Route, name: str) -> str:
    """The address about this ticket; other parts as its sample has them, else the first row's id or any word."""
    sample = SAMPLES.get((route.name, "GET"))
    given = (sample.params if sample else {}) | {"public_id": name}
    parts = {param: given.get(param, "1" if param.endswith("_id") else name) for param in route.params}
    return reverse(route.name, kwargs=parts, urlconf=BRANCH)


def _body(client: BranchClient, path: str, query: dict[str, str]) -> bytes:
    response = client.get(path, query)
    return b"".join(response.streaming_content) if response.streaming else response.content


def _push(client: BranchClient, names: list[str], steps: dict[str, dict[str, Any]]) -> None:
    for name in names:
        for step, body in steps.items():
            version = {} if step in {"grab", "rate"} else {"version": Ticket.objects.get(public_id=name).version}
            client.api("post", f"/api/v1/tickets/{name}/{step}", body | version, key=key())


@pytest.mark.usefixtures("both_branches")
def test_nothing_of_this_is_kept(lotus_db: Branch, django_db_setup: Database) -> None:
    """The next test finds what was made and no more; the database of all other tests has none of it."""
    assert Ticket.objects.count() == len(STATES)
    assert transaction.get_connection().in_atomic_block
    with psycopg.connect(django_db_setup.url) as other:
        tickets = sql.Identifier(lotus_db.tenant.schema_name, Ticket._meta.db_table)
        assert other.execute(sql.SQL("SELECT count(*) FROM {}").format(tickets)).fetchone() == (0,)
