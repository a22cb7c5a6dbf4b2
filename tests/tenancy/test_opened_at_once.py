"""Two open the same branch: one does, the other is told so in a sentence, and nothing half-made is left."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tenants.errors import BranchNotReady, NameTaken
from tenants.models import Domain, Status, Tenant
from tenants.services import create_branch
from tests.databases import Database

GOOD = {"code": "NE", "slug": "new-branch", "name": "新分公司"}
SCHEMAS = r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\_%' ORDER BY 1"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{}'::regclass"


@pytest.mark.parametrize("other", [{}, {"slug": "other-branch"}, {"code": "OT"}], ids=["both", "code", "slug"])
def test_of_two_who_take_a_name_at_the_same_moment_one_has_it(committed: Database, other: dict[str, str]) -> None:
    """Both have seen that it is free before either writes it down: the tables decide."""
    before = state()
    with ThreadPoolExecutor(2) as crowd:
        with nobody_writes_a_branch_down():
            told = [crowd.submit(outcome, GOOD), crowd.submit(outcome, GOOD | other)]
            until(lambda: answer(WAITING.format("tenants_tenant")) == [2], told)
        won, lost = sorted((one.result() for one in told), key=lambda one: isinstance(one, DomainError))
    assert isinstance(won, Tenant) and type(lost) is NameTaken, told
    assert GOOD["code"] in lost.sentence or GOOD["slug"] in lost.sentence
    is_the_only_new_one(won, before)


def test_who_comes_while_the_branch_is_being_made_is_asked_to_come_back(committed: Database) -> None:
    """Two who migrate the same schema trip over each other's tables, and a migration counts twice."""
    before = state()
    with ThreadPoolExecutor(1) as crowd:
        with transaction.atomic():
            execute("LOCK TABLE tenants_blueprint IN ACCESS EXCLUSIVE MODE")
            first = crowd.submit(outcome, GOOD)
            until(lambda: answer(WAITING.format("tenants_blueprint")) == [1], [first])
            with pytest.raises(BranchNotReady) as refusal:
                create_branch(**GOOD)
        won = first.result()
    assert "%(" not in refusal.value.sentence
    assert isinstance(won, Tenant), won
    is_the_only_new_one(won, before)


def test_who_looked_before_the_other_had_finished_does_not_make_it_again(committed: Database) -> None:
    """A branch that somebody has opened, or even suspended since, is not opened by the way."""
    tenant = Tenant.objects.create(schema_name="t_halfway1", **GOOD)
    Domain.objects.create(domain="new-branch.localhost", tenant=tenant)
    with ThreadPoolExecutor(1) as crowd:
        with transaction.atomic():
            execute("LOCK TABLE tenants_domain IN ACCESS EXCLUSIVE MODE")
            second = crowd.submit(outcome, GOOD)
            until(lambda: answer(WAITING.format("tenants_domain")) == [1], [second])
            Tenant.objects.filter(pk=tenant.pk).update(status=Status.SUSPENDED)
        assert type(second.result()) is NameTaken, second.result()
    assert Tenant.objects.get(pk=tenant.pk).status == Status.SUSPENDED


def test_a_branch_that_stopped_half_way_is_continued_by_the_next_run(committed: Database) -> None:
    """Whoever failed holds nobody up."""
    before = state()
    tenant = Tenant.objects.create(schema_name="t_halfway1", **GOOD)
    execute("CREATE SCHEMA t_halfway1", "CREATE TABLE t_halfway1.django_session (in_the_way int)")
    with pytest.raises(ProgrammingError, match="django_session"):
        create_branch(**GOOD)
    assert Tenant.objects.get(pk=tenant.pk).status == Status.PROVISIONING
    execute("DROP TABLE t_halfway1.django_session")
    assert create_branch(**GOOD).pk == tenant.pk
    is_the_only_new_one(tenant, before)


def outcome(names: dict[str, str]) -> Tenant | Exception:
    """In a thread, and so with a connection, of its own."""
    try:
        return create_branch(**names)
    except Exception as error:
        return error
    finally:
        connections.close_all()


@contextmanager
def nobody_writes_a_branch_down() -> Iterator[None]:
    """Everybody may look, whoever would write waits until the block ends."""
    with transaction.atomic():
        execute("LOCK TABLE tenants_tenant IN SHARE MODE")
        yield


def is_the_only_new_one(tenant: Tenant, before: tuple[list[str], list[str], list[str]]) -> None:
    """One row, one host, one schema more; every table and row of a new branch in it, once; open."""
    schemas, codes, hosts = state()
    assert schemas == sorted([*before[0], tenant.schema_name])
    assert codes == sorted([*before[1], tenant.code])
    assert hosts == sorted([*before[2], f"{tenant.slug}.localhost"])
    assert Tenant.objects.get(pk=tenant.pk).status == Status.ACTIVE
    assert Domain.objects.get(tenant=tenant).domain == f"{tenant.slug}.localhost"
    assert inside(tenant) == inside(Tenant.objects.get(code="LO"))


def inside(tenant: Tenant) -> list[tuple[str, str]]:
    """Which migrations have run there, in the order of their names."""
    with in_branch(tenant), connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
        return list(cursor.fetchall())


def state() -> tuple[list[str], list[str], list[str]]:
    codes = sorted(Tenant.objects.values_list("code", flat=True))
    return answer(SCHEMAS), codes, sorted(Domain.objects.values_list("domain", flat=True))


def answer(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [row[0] for row in cursor.fetchall()]


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def until(condition: Callable[[], bool], told: list[Future[Tenant | Exception]]) -> None:
    """Wait for it, but not for ever, nor when somebody has ended before."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline and not any(one.done() for one in told), told
        time.sleep(0.01)
