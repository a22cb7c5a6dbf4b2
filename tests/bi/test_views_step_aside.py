"""A migration of another room changes a column below a view: the view steps aside and is there again, to the letter."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.utils import ProgrammingError

from apps.people.models import OrgUnit
from apps.tickets.models import Ticket
from tenants.context import in_branch
from tenants.models import Tenant
from tests.bi.doors import Door, clear, give
from tests.bi.reading import asked
from tests.cast import Branch
from tests.databases import Database
from tests.make import make_ticket

STANDS = """
SELECT c.relname, pg_get_viewdef(c.oid), c.reloptions::text, c.relacl::text,
       (SELECT string_agg(objsubid || description, ',' ORDER BY objsubid) FROM pg_description WHERE objoid = c.oid)
  FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace = to_regnamespace(current_schema()::text) ORDER BY 1
"""
WHICH = "SELECT to_regclass(quote_ident(current_schema()) || '.bi_ticket_v1')::oid"


@pytest.fixture
def role(committed: Database, lotus: Branch) -> Any:
    with in_branch(lotus.tenant):
        make_ticket()
        yield Door(committed, give())
    clear(lotus)


def changed(model: type[models.Model], name: str, field: Any) -> None:
    old = model._meta.get_field(name)
    field.set_attributes_from_name(name)
    field.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, field)


def test_a_wider_column_leaves_views_notes_and_grants_as_they_were(role: Door) -> None:
    before = asked(STANDS)
    changed(Ticket, "channel", models.CharField(max_length=48))
    after = asked(STANDS)
    assert [(one[0], one[2:]) for one in after] == [(one[0], one[2:]) for one in before] and len(after) == 12
    assert asked("SELECT character_maximum_length FROM information_schema.columns WHERE table_name = 'bi_ticket_v1'"
                 " AND column_name = 'channel' AND table_schema = current_schema()") == [(48,)]  # fmt: skip
    with role.open() as reader:
        assert reader.execute("SELECT count(*) FROM bi_ticket_v1").fetchone() == (1,)
        assert reader.execute("SELECT count(*) FROM bi_step_v1").fetchone() != (0,)


def test_a_barrier_stays_a_barrier(role: Door) -> None:
    connection.set_schema_to_public()
    changed(Tenant, "name_en", models.CharField(max_length=90, blank=True))
    [options] = asked("SELECT reloptions FROM pg_class WHERE relname = 'bi_hq_branch_v1'")
    assert options == (["security_barrier=true"],)


def test_another_type_altogether(role: Door) -> None:
    changed(Ticket, "urge_count", models.BigIntegerField(default=0))
    assert asked("SELECT urge_count FROM bi_ticket_v1") == [(0,)]


def test_a_column_no_view_uses_may_go(role: Door) -> None:
    before = asked(STANDS)
    with connection.schema_editor() as editor:
        editor.remove_field(Ticket, Ticket._meta.get_field("solution"))
    assert [(one[0], one[2:]) for one in asked(STANDS)] == [(one[0], one[2:]) for one in before]
    with role.open() as reader:
        assert reader.execute("SELECT count(*) FROM bi_ticket_v1").fetchone() == (1,)


@pytest.mark.parametrize("name", ["close_code", "technician"])
def test_a_column_that_a_view_uses_cannot_go_without_a_word(role: Door, name: str) -> None:
    """Django drops with CASCADE, and the view would be gone: somebody's report with it."""
    before = asked(STANDS)
    with pytest.raises(ProgrammingError, match="does not exist"), connection.schema_editor() as editor:
        editor.remove_field(Ticket, Ticket._meta.get_field(name))
    assert asked(STANDS) == before


def test_nor_a_table(role: Door) -> None:
    before = asked(STANDS)
    with pytest.raises(ProgrammingError), connection.schema_editor() as editor:
        editor.delete_model(OrgUnit)
    assert asked(STANDS) == before


def test_a_column_that_is_renamed_keeps_its_name_in_the_view(role: Door) -> None:
    field = models.CharField(max_length=20, blank=True)
    field.set_attributes_from_name("ended_as")
    field.model = Ticket
    with connection.schema_editor() as editor:
        editor.alter_field(Ticket, Ticket._meta.get_field("close_code"), field)
    assert asked("SELECT close_code FROM bi_ticket_v1") == [("",)]


def test_the_other_branchs_views_are_not_touched(role: Door, maple: Branch) -> None:
    with in_branch(maple.tenant):
        before = asked(WHICH)
    changed(Ticket, "channel", models.CharField(max_length=48))
    with in_branch(maple.tenant):
        assert before == asked(WHICH)
