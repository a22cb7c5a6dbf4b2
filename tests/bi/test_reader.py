"""The database's reader of a branch: it reads the views, and it comes, changes and goes as the page says."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import psycopg
import pytest
from django.db import connection, connections
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from apps.bi import following, roles_sql, services
from apps.bi.access.models import DatabaseReader
from apps.bi.errors import NoReader, ReachesTooFar, RolesNotMade
from apps.bi.rules.sets import views_of
from apps.bi.rules.shapes import BRANCH, HEADQUARTERS
from apps.people.accounts.models import RoleGrant
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tenants.models import Tenant
from tenants.services import resume_branch, suspend_branch
from tests.bi.doors import OTHER, PASSWORD, Door, clear, give
from tests.bi.reading import asked
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, key


def test_it_reads_every_view_of_its_branch(door: Door) -> None:
    with closing(door.open()) as reader:
        for view in views_of(BRANCH):
            [(seen,)] = reader.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(view))).fetchall()
            assert [(seen,)] == asked(f"SELECT count(*) FROM {view}"), view
        [(notes,)] = reader.execute("SELECT count(*) FROM bi_ticket_v1 WHERE ticket_no LIKE 'LO%'").fetchall()
        assert notes == 1


def test_other_databases_of_the_server_are_closed(door: Door) -> None:
    for name in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            door.open(database=name)


def test_its_sessions_begin_with_limits_and_are_few(door: Door, lotus: Branch) -> None:
    with closing(door.open()) as reader:
        for name, value in {
            "default_transaction_read_only": "on", "statement_timeout": "1min", "lock_timeout": "3s",
            "idle_in_transaction_session_timeout": "1min", "search_path": lotus.tenant.schema_name,
        }.items():  # fmt: skip
            assert reader.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone() == (value,)
        more = [door.open() for _ in range(roles_sql.CONNECTIONS - 1)]
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            door.open()
        for one in more:
            one.close()


def test_a_new_password_ends_the_old_one_and_its_sessions(door: Door) -> None:
    with closing(door.open()) as reader:
        assert give(OTHER) == door.role
        with pytest.raises(psycopg.OperationalError):
            reader.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="password"):
        door.open()
    door.open(OTHER).close()
    assert DatabaseReader.objects.get().role == door.role
    audit = str(list(AuditEntry.objects.values()))
    assert "bi.give_password" in audit and PASSWORD not in audit and "SCRAM-SHA-256" not in audit


def test_a_reader_that_is_taken_back_is_gone_from_the_server(door: Door) -> None:
    with closing(door.open()) as reader:
        services.revoke_reader(by=actor("bai"), key=key())
        with pytest.raises(psycopg.OperationalError):
            reader.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        door.open()
    assert not roles_sql.exists(door.role)
    with pytest.raises(NoReader):
        services.revoke_reader(by=actor("bai"), key=key())
    give(OTHER)  # and may come again
    door.open(OTHER).close()


def test_a_suspended_branch_is_closed_here_too_and_opens_again(door: Door, lotus: Branch) -> None:
    with closing(door.open()) as reader:
        suspend_branch(tenant_id=lotus.tenant.pk, by="a test")
        with pytest.raises(psycopg.OperationalError):
            reader.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        door.open()
    resume_branch(tenant_id=lotus.tenant.pk, by="a test")
    door.open().close()


def test_a_view_that_came_later_is_readable_after_the_night(door: Door) -> None:
    asked_as_owner("REVOKE SELECT ON bi_type_v1 FROM " + door.role)
    with closing(door.open()) as reader:
        with pytest.raises(InsufficientPrivilege):
            reader.execute("SELECT * FROM bi_type_v1")
        following.agree()
        assert reader.execute("SELECT count(*) FROM bi_type_v1").fetchone() != (0,)


def asked_as_owner(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_who_could_reach_more_is_not_made(committed: Database, lotus: Branch) -> None:
    try:
        with in_branch(lotus.tenant):
            asked_as_owner("GRANT SELECT ON tickets_ticket TO PUBLIC")
            with pytest.raises(ReachesTooFar) as caught:
                give()
            assert "tickets_ticket" in caught.value.sentence
            assert not DatabaseReader.objects.exists() and not roles_sql.exists(roles_sql.role_name("LO"))
    finally:
        clear(lotus)


def test_a_server_that_makes_no_roles_is_said_so(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles_sql, "_MAY_MAKE", "SELECT false")
    with pytest.raises(RolesNotMade):
        give()
    assert not DatabaseReader.objects.exists()


def test_only_who_answers_for_the_whole_branch_makes_one(lotus_db: Branch, ji: Actor, de: Actor, bai: Actor) -> None:
    for who in (ji, de):
        with pytest.raises(NotAllowed):
            give(by=who)
    RoleGrant.objects.filter(user_id=bai.id).update(org_path="/1/2/")
    with pytest.raises(NotAllowed):
        give(by=actor("bai"))


def test_two_at_once_leave_one_reader_with_one_password(committed: Database, lotus: Branch) -> None:
    def run(password: str) -> str:
        try:
            with in_branch(lotus.tenant):
                return give(password)
        finally:
            connections.close_all()

    try:
        with ThreadPoolExecutor(2) as pool:
            [role] = set(pool.map(run, (PASSWORD, OTHER)))
        opened = 0
        for password in (PASSWORD, OTHER):
            with suppress(psycopg.OperationalError):
                Door(committed, role).open(password).close()
                opened += 1
        assert opened == 1
    finally:
        clear(lotus)


def test_each_branch_has_its_own_and_headquarters_too(door: Door, lotus: Branch, maple: Branch, hq_user: Actor) -> None:
    with in_branch(maple.tenant):
        theirs = Door(door.database, give(OTHER))
    with in_public():
        centre = Door(door.database, give(OTHER, by=hq_user))
        views = views_of(HEADQUARTERS)
    assert len({door.role, theirs.role, centre.role}) == 3
    with closing(theirs.open(OTHER)) as reader:
        assert reader.execute("SELECT ticket_no LIKE 'MA%' FROM bi_ticket_v1").fetchall() == [(True,)]
        with pytest.raises(InsufficientPrivilege):
            reader.execute(f"SELECT * FROM {lotus.tenant.schema_name}.bi_ticket_v1")  # type: ignore[call-overload]
    with closing(centre.open(OTHER)) as reader:
        for view in views:
            reader.execute(f"SELECT * FROM {view}")  # type: ignore[call-overload]
        with pytest.raises(InsufficientPrivilege):
            reader.execute("SELECT * FROM tenants_tenant")
        with pytest.raises(InsufficientPrivilege):
            reader.execute(f"SELECT * FROM {lotus.tenant.schema_name}.bi_ticket_v1")  # type: ignore[call-overload]


def test_with_the_branch_its_reader_goes(door: Door, lotus: Branch) -> None:
    """Its schema is dropped by hand; the night at headquarters finds the role that stands for nobody."""
    connection.set_schema_to_public()
    with in_public():
        asked_as_owner(f'DROP SCHEMA "{lotus.tenant.schema_name}" CASCADE')
        Tenant.objects.filter(pk=lotus.tenant.pk).update(schema_name="t_gone000000")
        assert roles_sql.exists(door.role)
        following.agree()
        assert not roles_sql.exists(door.role)
    Tenant.objects.filter(pk=lotus.tenant.pk).update(schema_name="t_gone000000")
