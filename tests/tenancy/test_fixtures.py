"""The ground itself: two branches, colliding ids, nothing kept from one test to the next."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from apps.people.accounts.models import User
from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from tenants.context import current_branch, in_branch
from tests import databases
from tests.cast import Branch
from tests.databases import Database
from tests.make import client_at, make_ticket


def test_ids_collide_and_names_differ(lotus: Branch, maple: Branch, lin: Actor, chen: Actor) -> None:
    assert lin.id == chen.id and lin.name == "Lin" and chen.name == "Chen"
    assert lotus.people.keys() == maple.people.keys()


def test_a_test_stands_in_its_branch(lotus_db: Branch) -> None:
    assert current_branch().code == "LO" and User.objects.get(username="wu").name == "Wu"


def test_a_ticket_can_be_walked_to_any_state(lotus_db: Branch) -> None:
    for status in ("submitted", "pooled", "assigned", "accepted", "awaiting_callback", "void"):
        assert make_ticket(status=status, to="bo").status == status


def test_nothing_was_kept_from_the_test_before(lotus_db: Branch) -> None:
    assert not Ticket.objects.exists()


def test_a_committed_test_has_a_database_of_its_own(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        make_ticket()
        assert connection.settings_dict["NAME"] == committed.name and Ticket.objects.count() == 1


def test_what_was_committed_is_gone_again(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        assert not Ticket.objects.exists()


def test_a_request_does_not_move_the_test(lotus_db: Branch, maple: Branch, chen: Actor) -> None:
    client_at(maple, chen).get("/api/v1/schema/")
    assert current_branch().code == "LO"


def test_two_runs_that_name_two_databases_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """An advisory lock holds within one database only; who makes a template takes it where everybody takes it."""
    monkeypatch.setenv("STEPPE_DATABASE_URL", databases.Database("template1").url)
    with databases._server() as server:
        row = server.execute("SELECT current_database()").fetchone()
    assert row == ("postgres",)


def test_files_are_this_workers_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two workers know the same branches by the same ids: in one folder they would sweep each other's pictures."""
    assert Path(default_storage.path("x")).is_relative_to(tmp_path_factory.getbasetemp())
