"""Accounts and their roles: who keeps them, what the audit says, and that a change is felt at once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.people import roles as r
from apps.people import services as people
from apps.people.accounts.models import RoleGrant, User
from steppe.kernel import bells
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError, Invalid, NotAllowed, NotFound
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_public
from tests.cast import Branch
from tests.make import client_at


@pytest.fixture
def rung() -> Iterator[list[tuple[str, str]]]:
    """What the bell of changed rights said."""
    heard: list[tuple[str, str]] = []
    bells.rights_changed.heard_by("a test")(lambda schema, who: heard.append((schema, who)))
    yield heard
    del bells.rights_changed.hearers["a test"]


def written(action: str) -> list[tuple[str, str, int]]:
    rows = AuditEntry.objects.filter(action=action, actor__startswith="staff").order_by("id")
    return [(row.actor, row.outcome, row.entity_id) for row in rows]


Deed = Callable[[Branch, Actor], Any]
DEEDS: dict[str, Deed] = {
    "people.add_user": lambda branch, by: people.add_user(
        username="gao", name="", grants=[(r.CALLBACK_AGENT, "/1/")], by=by
    ),
    "people.set_active": lambda branch, by: people.set_active(user_id=branch.gao.id or 0, active=False, by=by),
    "people.remove_role": lambda branch, by: people.remove_role(
        user_id=branch.gao.id or 0, role=r.DISPATCHER, org_path="/1/3/", by=by
    ),
    "people.sign_out_everywhere": lambda branch, by: people.sign_out_everywhere(user_id=branch.gao.id or 0, by=by),
}


@pytest.mark.parametrize("action", DEEDS)
def test_every_change_of_an_account_leaves_a_row_and_rings(
    lotus_db: Branch, bai: Actor, action: str, rung: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        DEEDS[action](lotus_db, bai)
        assert rung == []  # not before the commit
    assert written(action) == [(bai.ref, "done", lotus_db.gao.id)]
    assert rung == [(lotus_db.tenant.schema_name, lotus_db.gao.ref)]


@pytest.mark.parametrize("action", DEEDS)
def test_only_who_keeps_the_accounts_may_and_a_refusal_leaves_a_row(
    lotus_db: Branch, lin: Actor, action: str, rung: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(NotAllowed):
        DEEDS[action](lotus_db, lin)
    assert written(action) == [(lin.ref, NotAllowed.code, 0)] and rung == []
    assert lotus_db.gao == _now(lotus_db)


def test_a_new_account_is_written_down_without_name_phone_and_password(lotus_db: Branch, bai: Actor) -> None:
    facts = {"name": "Canary-Name", "phone": "13955550777", "password": "canary-password"}
    user = people.add_user(username="new", grants=[(r.CLERK, "/1/")], by=bai, **facts)
    row = AuditEntry.objects.get(action="people.add_user", actor=bai.ref)
    assert (row.entity_id, "clerk" in str(row.details), "new" in str(row.details)) == (user.pk, True, True)
    assert not any(canary in str(row.details) for canary in facts.values())


def test_what_changes_nothing_leaves_no_row(lotus_db: Branch, bai: Actor) -> None:
    people.add_user(username="gao", name="", grants=[(r.DISPATCHER, "/1/3/")], by=bai)
    people.remove_role(user_id=lotus_db.gao.id or 0, role=r.CLERK, org_path="/1/", by=bai)
    assert written("people.add_user") == written("people.remove_role") == []


@pytest.mark.parametrize(
    "grant", [(r.CLERK, ""), (r.CLERK, "/"), (r.CLERK, "/1"), (r.CLERK, "/999/"), (r.HQ_ADMIN, "/1/"), ("king", "/1/")]
)
def test_a_role_needs_a_name_and_a_node_we_know(lotus_db: Branch, grant: tuple[str, str]) -> None:
    with pytest.raises(Invalid):
        people.add_user(username="new", name="New", password="-", grants=[grant])
    assert not User.objects.filter(username="new").exists()


def test_at_headquarters_there_is_one_node_and_its_own_keeper(db: None, headquarters: Branch) -> None:
    with in_public():
        for wrong in ((r.HQ_VIEWER, "/1/"), (r.CLERK, "/")):
            with pytest.raises(Invalid):
                people.add_user(username="new", name="", password="-", grants=[wrong], by=headquarters.hq)
        with pytest.raises(NotAllowed):
            people.add_user(username="new", name="", password="-", grants=[], by=headquarters.eye)
        assert people.add_user(
            username="new", name="", password="-", grants=[(r.HQ_VIEWER, "/")], by=headquarters.hq
        ).grants.exists()


@pytest.mark.parametrize("path", [None, "", "1/", "/1", "/*/"])
def test_the_tables_take_no_role_without_a_node(lotus_db: Branch, path: str | None) -> None:
    """An empty path is the beginning of every other: it would be the whole branch."""
    given = {} if path is None else {"org_path": path}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user_id=lotus_db.gao.id, role=r.CLERK, **given)


def test_a_removed_role_works_at_once_in_an_open_session(lotus_db: Branch, bai: Actor) -> None:
    client = client_at(lotus_db, lotus_db.gao)
    assert client.get("/console/").status_code == 200
    DEEDS["people.remove_role"](lotus_db, bai)
    assert client.get("/console/").status_code == 403


def test_signing_out_everywhere_ends_every_session_and_no_other_persons(lotus_db: Branch, bai: Actor) -> None:
    first, second, other = (client_at(lotus_db, who) for who in (lotus_db.gao, lotus_db.gao, lotus_db.lin))
    people.sign_out_everywhere(user_id=lotus_db.gao.id or 0, by=bai)
    assert [one.get("/console/").status_code for one in (first, second, other)] == [302, 302, 200]
    assert client_at(lotus_db, lotus_db.gao).get("/console/").status_code == 200  # may come in again


def test_everybody_may_sign_out_themselves_everywhere_and_nobody_else(lotus_db: Branch, lin: Actor, mei: Actor) -> None:
    people.sign_out_everywhere(user_id=lin.id or 0, by=lin)
    customer = Actor(kind="customer", id=lin.id, name="the same number, another table")
    with pytest.raises(NotAllowed):
        people.sign_out_everywhere(user_id=lin.id or 0, by=customer)


def test_an_account_that_does_not_exist_is_said_so(lotus_db: Branch, bai: Actor) -> None:
    deeds: tuple[Callable[[], None], ...] = (
        lambda: people.set_active(user_id=999, active=True, by=bai),
        lambda: people.sign_out_everywhere(user_id=999, by=bai),
    )
    for deed in deeds:
        with pytest.raises(DomainError) as refusal:
            deed()
        assert isinstance(refusal.value, NotFound)


def _now(branch: Branch) -> Actor | None:
    from apps.people.selectors import actor_for_user

    return actor_for_user(branch.gao.id or 0)
