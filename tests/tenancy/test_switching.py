"""Standing in the right schema: the traps of multitenancy.md §3.2, each once seen wrong by somebody."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.people.accounts.models import User
from steppe.kernel.actors import Actor
from tenants import hosts
from tenants.context import NoBranch, current_branch, in_branch, in_public
from tenants.models import Status, Tenant
from tenants.services import resume_branch, suspend_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import client_at


def _first_name() -> str:
    return User.objects.get(id=1).name


def test_a_rolled_back_savepoint_does_not_leave_us_in_the_wrong_branch(lotus_db: Branch, maple: Branch) -> None:
    """M6: `ROLLBACK TO SAVEPOINT` undoes a search_path that was set after it."""
    assert _first_name() == "Lin"
    savepoint = transaction.savepoint()
    connection.set_tenant(maple.tenant)
    assert _first_name() == "Chen"
    transaction.savepoint_rollback(savepoint)
    assert connection.schema_name == maple.tenant.schema_name
    assert _first_name() == "Chen"
    connection.set_tenant(lotus_db.tenant)
    assert _first_name() == "Lin"


def moves(ask: Callable[[], object]) -> int:
    """How often the connection was moved while this was asked."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len([one for one in asked.captured_queries if "SET search_path" in one["sql"]])


def test_a_connection_that_stands_there_already_is_not_moved_and_one_that_does_not_is(
    committed: Database, lotus: Branch, maple: Branch
) -> None:
    def names(*branches: Branch) -> list[str]:
        found = []
        for branch in branches:
            connection.set_tenant(branch.tenant)
            found.append(_first_name())
        return found

    assert names(lotus) == ["Lin"]
    assert moves(lambda: names(lotus, lotus)) == 0
    assert moves(lambda: names(maple, maple, lotus, lotus)) == 2
    assert names(maple, lotus, lotus, maple) == ["Chen", "Lin", "Lin", "Chen"]


def test_who_moved_it_behind_our_back_or_took_it_back_is_noticed(
    committed: Database, lotus: Branch, maple: Branch
) -> None:
    """The server is asked where it stands: a `SET` of somebody's own, and one that was rolled back, are seen."""
    connection.set_tenant(lotus.tenant)
    with connection.cursor() as cursor:
        cursor.execute(f'SET search_path = "{maple.tenant.schema_name}", public')
    connection.set_tenant(lotus.tenant)
    assert _first_name() == "Lin"
    with suppress(ZeroDivisionError), transaction.atomic():
        connection.set_tenant(maple.tenant)
        assert _first_name() == "Chen"
        raise ZeroDivisionError
    connection.set_tenant(maple.tenant)
    assert _first_name() == "Chen"
    connection.set_tenant(lotus.tenant)
    assert _first_name() == "Lin"


def test_an_exception_inside_a_branch_brings_us_back(lotus_db: Branch, maple: Branch) -> None:
    with pytest.raises(ZeroDivisionError), in_branch(maple.tenant), transaction.atomic():
        raise ZeroDivisionError
    assert connection.schema_name == lotus_db.tenant.schema_name
    assert _first_name() == "Lin"


def test_branches_nest(lotus_db: Branch, maple: Branch) -> None:
    with in_branch(maple.tenant):
        with in_branch(lotus_db.tenant):
            assert _first_name() == "Lin"
        assert _first_name() == "Chen"
        with in_public():
            assert _first_name() == "Hq"
        assert _first_name() == "Chen"


def test_a_schema_that_does_not_exist_is_refused_instead_of_read_from_public(db: None) -> None:
    """M8: without the check `public`'s accounts would answer."""
    ghost = Tenant(schema_name="t_neverthere", code="GH", slug="ghost")
    with pytest.raises(NoBranch), in_branch(ghost):
        pass
    connection.set_tenant(ghost)
    assert _first_name() == "Hq"  # the trap itself, so that this test says when it is gone
    connection.set_schema_to_public()


def test_a_lazy_queryset_reads_where_it_is_evaluated(lotus_db: Branch, maple: Branch) -> None:
    """Why nothing lazy may leave a branch's block."""
    people = User.objects.filter(id=1)
    with in_branch(maple.tenant):
        assert people[0].name == "Chen"


def test_no_selector_returns_something_lazy(lotus_db: Branch, lin: Actor) -> None:
    from django.db.models import QuerySet

    from apps.people import selectors as people
    from apps.tickets import duplicates
    from apps.tickets import selectors as tickets

    given = (people.org_tree(), people.technicians(), tickets.ticket_types())
    given += (
        tickets.tickets_of_customer(lin),
        tickets.held_by(lin),
        duplicates.likely(lin, phone="1", address="Birch Court"),
    )
    assert not any(isinstance(one, QuerySet) for one in given)


def test_on_commit_runs_in_the_schema_that_is_active_then(committed: Database, lotus: Branch, maple: Branch) -> None:
    """The trap; `GuardedTask.wake` therefore takes the schema when it is registered (tests/kernel/test_tasks.py)."""
    seen: list[str] = []
    with transaction.atomic():
        with in_branch(lotus.tenant):
            transaction.on_commit(lambda: seen.append(connection.schema_name))
        connection.set_tenant(maple.tenant)
    assert seen == [maple.tenant.schema_name]


def test_outside_a_branch_there_is_no_branch(db: None) -> None:
    with pytest.raises(NoBranch):
        current_branch()


def test_the_same_cache_key_is_another_in_every_branch(lotus_db: Branch, maple: Branch) -> None:
    cache.set("board", "lotus", 30)
    with in_branch(maple.tenant):
        assert cache.get("board") is None
    assert cache.get("board") == "lotus"


STRANGERS = (
    "evil.example", "lotus.localhost.evil.example", "127.0.0.1", "localhost", "evil.com@lotus.localhost",
    "xlotus.localhost", "[::1]", "..localhost", "lotus.localhost:80:90", "",
)  # fmt: skip


@pytest.mark.parametrize("host", STRANGERS)
def test_an_unknown_host_is_404_and_never_public(db: None, lotus: Branch, host: str) -> None:
    response = client_at(lotus).get("/", headers={"Host": host}, SERVER_NAME="evil.example")
    assert response.status_code == 404
    assert "tenants.unknown_host" in response.content.decode()


def test_a_foreign_host_costs_no_query(db: None, lotus: Branch) -> None:
    with CaptureQueriesContext(connection) as queries:
        client_at(lotus).get("/", headers={"Host": "evil.example"})
    assert len(queries) == 0


@pytest.mark.parametrize("host", ["LOTUS.localhost", "lotus.localhost.", "lotus.localhost:8000"])
def test_a_branch_is_reached_by_any_spelling_of_its_host(db: None, lotus: Branch, host: str) -> None:
    assert client_at(lotus).get("/sign-in/", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_is_not_believed(db: None, lotus: Branch, maple: Branch, chen: Actor) -> None:
    response = client_at(maple, chen).get("/api/v1/me", headers={"X-Forwarded-Host": lotus.host})
    assert response.json()["branch"]["code"] == "MA"


def test_every_door_of_a_suspended_branch_is_closed(db: None, lotus: Branch, maple: Branch, lin: Actor) -> None:
    client = client_at(lotus, lin)
    assert client.get("/api/v1/me").status_code == 200
    suspend_branch(tenant_id=lotus.tenant.pk, by="hq:1")
    for path in ("/", "/console/", "/api/v1/me", "/w/pool", "/h5/report", "/wx/cb/x", "/sign-in/"):
        response = client.get(path)
        assert response.status_code == 403
        assert "tenants.branch_suspended" in response.content.decode()
    assert client_at(maple, maple.lin).get("/api/v1/me").status_code == 200
    resume_branch(tenant_id=lotus.tenant.pk, by="hq:1")
    assert client.get("/api/v1/me").status_code == 200


def test_a_branch_in_preparation_says_so(db: None, lotus: Branch) -> None:
    Tenant.objects.filter(pk=lotus.tenant.pk).update(status=Status.PROVISIONING)
    hosts.forget()
    assert client_at(lotus).get("/").status_code == 503
