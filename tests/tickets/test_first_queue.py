"""A type may begin in a department's pool instead of the grid's."""

from apps.tickets import selectors
from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import make_ticket
from tests.tickets.types import publish


def test_it_stands_in_the_departments_pool_and_its_clock_runs(lotus_db: Branch) -> None:
    publish("fault_tv", first_queue="CARE", dept_hours=4)
    ticket = make_ticket(type_code="fault_tv")
    assert ticket.department is not None and ticket.department.code == "CARE"
    assert ticket.org_path == ticket.department.path and ticket.grid is not None
    assert ticket.dept_due_at is not None


def test_the_departments_people_have_it_and_the_grids_have_not(lotus_db: Branch, wu: Actor, gao: Actor) -> None:
    publish("fault_tv", first_queue="CARE")
    ticket = make_ticket(type_code="fault_tv")
    for who in (wu, gao):
        assert not selectors.visible_tickets(who).filter(pk=ticket.pk).exists()


def test_a_report_without_a_place_is_checked_first(lotus_db: Branch) -> None:
    publish("fault_tv", first_queue="CARE")
    ticket = make_ticket(type_code="fault_tv", status="submitted")
    assert ticket.department is None


def test_the_other_branch_has_the_grid(lotus_db: Branch, maple: Branch) -> None:
    publish("fault_tv", first_queue="CARE")
    with in_branch(maple.tenant):
        ticket: Ticket = make_ticket(type_code="fault_tv")
        assert ticket.department is None and ticket.grid is not None
