"""T25 child tickets: a department's part of the case; the parent ends when the mandatory parts have."""

import pytest

from apps.people.models import OrgUnit
from apps.tickets.errors import ChildrenOpen, IllegalTransition, TooDeep, UnknownType, UnknownUnit
from apps.tickets.models import Ticket
from apps.tickets.services import spawn_child
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import actor, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, now_of, shown


def parent_and_child(*, mandatory: bool = True) -> tuple[Ticket, Ticket]:
    parent = make_ticket(status="in_progress")
    do("spawn_child", parent.public_id, mandatory=mandatory, type_code="fault_tv")
    return parent, parent.children.get()


def end(child: Ticket, how: str) -> None:
    """The child's own work, by Yun, sent by the dispatcher."""
    _to_yun(child)
    make.check_in(child.public_id, "yun")
    more = {"reason": "no_resource", "photos": shown("yun")} if how == "fail_work" else {"solution": "spliced"}
    do(how, child.public_id, by=actor("yun"), **more)


def _to_yun(child: Ticket) -> None:
    make.dispatch(child.public_id, "yun")
    do("confirm", child.public_id, by=actor("yun"))


def test_the_child_stands_in_the_departments_pool_with_the_same_customer(lotus_db: Branch) -> None:
    parent, child = parent_and_child()
    care = OrgUnit.objects.get(code="CARE")
    assert (child.status, child.org_path, child.department_id, child.channel) == ("pooled", care.path, care.pk, "child")
    for name in ("customer_id", "contact_phone", "address", "lat", "lng", "priority", "area_class"):
        assert getattr(child, name) == getattr(parent, name), name
    assert child.ticket_no != parent.ticket_no and child.accept_due_at is not None
    assert parent.history.last().data["child"] == child.ticket_no and now_of(parent).status == "in_progress"


def test_a_mandatory_child_that_is_open_holds_up_its_parent(lotus_db: Branch) -> None:
    """domain.md §12 rule 7."""
    parent, child = parent_and_child()
    with refused(ChildrenOpen, numbers=child.ticket_no):
        do("complete", parent.public_id)
    end(child, "complete")
    assert now_of(child).status == "closed"  # no callback of its own: one at the parent
    do("complete", parent.public_id)
    assert now_of(parent).status == "awaiting_callback"


def test_an_optional_child_does_not(lotus_db: Branch) -> None:
    parent, _ = parent_and_child(mandatory=False)
    do("complete", parent.public_id)
    assert now_of(parent).status == "awaiting_callback"


@pytest.mark.parametrize(("mandatory", "result"), [(True, "not_done"), (False, "done")])
def test_a_mandatory_child_that_failed_makes_the_parent_not_done(
    lotus_db: Branch, mandatory: bool, result: str
) -> None:
    parent, child = parent_and_child(mandatory=mandatory)
    end(child, "fail_work")
    do("complete", parent.public_id)
    do("callback_ok", parent.public_id)
    assert (now_of(child).close_code, now_of(parent).close_code) == ("not_done", result)


def test_a_child_that_was_called_off_holds_up_nothing(lotus_db: Branch) -> None:
    parent, child = parent_and_child()
    do("cancel", child.public_id)
    do("complete", parent.public_id)
    assert now_of(parent).status == "awaiting_callback"


def test_a_child_has_no_children_and_is_not_reopened(lotus_db: Branch) -> None:
    _, child = parent_and_child()
    _to_yun(child)
    with refused(TooDeep):
        do("spawn_child", child.public_id)
    make.check_in(child.public_id, "yun")
    do("complete", child.public_id, by=actor("yun"))
    with refused(IllegalTransition):
        do("reopen", child.public_id)


def test_an_unknown_type_or_unit_is_refused(lotus_db: Branch) -> None:
    parent = make_ticket(status="accepted")
    with refused(UnknownType):
        do("spawn_child", parent.public_id, type_code="nonsense")
    for unit in ("ROOT", "NOWHERE", ""):
        with refused(UnknownUnit):
            do("spawn_child", parent.public_id, unit=unit)


def test_a_technician_asks_for_one_and_does_not_make_one(lotus_db: Branch, wu: Actor, cai: Actor) -> None:
    parent = make_ticket(status="accepted")
    for who in (wu, cai):
        with refused(NotAllowed):
            do("spawn_child", parent.public_id, by=who)


def test_sent_twice_there_is_one_child(lotus_db: Branch, lin: Actor) -> None:
    parent = make_ticket(status="accepted")
    more = {"type_code": "line_repair", "unit": "CARE", "mandatory": True, "reason": "splice"}
    sent_twice(lambda once: spawn_child(public_id=parent.public_id, by=lin, key=once, **more))
    assert parent.children.count() == 1


def test_the_screens_are_told_of_both(lotus_db: Branch) -> None:
    parent, child = parent_and_child()
    told = [(one.public_id, one.kind) for one in make.events()]
    assert (child.public_id, "ticket.opened") in told and told[-1] == (parent.public_id, "ticket.child_spawned")
