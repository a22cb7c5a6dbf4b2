"""Second level of “not ours”: inside a branch, by node, by role, and for people who hold two roles."""

import pytest

from apps.people import roles as r
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit
from apps.tickets import desk, search, selectors, services
from apps.tickets.desk import DeskFilter
from apps.tickets.errors import TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.wanted import Wanted
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import NEAR, Branch
from tests.make import PHONE, key, make_ticket

STATES = ("submitted", "pooled", "assigned", "accepted", "in_progress", "awaiting_callback", "closed", "void")


def _also(who: Actor, role: str, code: str) -> Actor:
    RoleGrant.objects.create(user_id=who.id, role=role, org_path=OrgUnit.objects.get(code=code).path)
    return make.actor(_username(who))


def _username(who: Actor) -> str:
    return who.name.lower()


def test_who_leads_another_grid_cannot_pass_on_the_own_ticket(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    leader = _also(wu, r.GRID_LEADER, "W1")
    ticket = make_ticket(status="accepted")
    with pytest.raises(TicketNotFound):
        services.reassign_ticket(
            public_id=ticket.public_id, technician_id=bo.technician_id, reason="nearest", by=leader, key=key()
        )
    assert services.check_in(public_id=ticket.public_id, lat=NEAR[0], lng=NEAR[1], by=leader, key=key())


def test_reveal_and_search_agree_for_everybody(lotus_db: Branch) -> None:
    for state in STATES:
        make_ticket(status=state, to="bo" if state in ("assigned", "accepted") else "wu")
    people = [*lotus_db.people.values(), _also(lotus_db.wu, r.CLERK, "EAST"), _also(lotus_db.yun, r.GRID_LEADER, "E1")]
    for who in people:
        rows = selectors.visible_tickets(who)
        if who.kind == "staff":
            found = set(rows.filter(selectors.revealed(who)).values_list("id", flat=True))
            assert found == {one.pk for one in rows if selectors.may_reveal(who, one)}, who


def test_a_technician_who_is_also_a_clerk_reads_no_phone_in_the_pool(lotus_db: Branch, wu: Actor, cai: Actor) -> None:
    both = _also(wu, r.CLERK, "EAST")
    ticket = make_ticket(by=cai)
    assert not selectors.ticket_for(both, ticket.public_id).reveal
    own = make_ticket(by=both)
    assert selectors.ticket_for(both, own.public_id).reveal


def test_a_leader_who_holds_the_ticket_still_sees_as_a_leader(lotus_db: Branch) -> None:
    ticket = make_ticket(status="assigned", to="yun")
    assert selectors.ticket_for(lotus_db.yun, ticket.public_id).reveal


@pytest.mark.parametrize("text", ["7-2-301", PHONE, "Mei"])
def test_the_desk_does_not_tell_an_accountant_a_door(lotus_db: Branch, ji: Actor, lin: Actor, text: str) -> None:
    make_ticket()
    assert desk.desk_page(ji, DeskFilter(text=text)).rows == []
    assert len(desk.desk_page(lin, DeskFilter(text=text)).rows) == 1
    assert len(desk.desk_page(ji, DeskFilter(text="LO-")).rows) == 1


def test_a_percent_sign_finds_nothing(lotus_db: Branch, lin: Actor) -> None:
    make_ticket()
    assert desk.desk_page(lin, DeskFilter(text="%")).rows == []
    assert search.found(lin, Wanted(text="_")).rows == []


def test_the_map_shows_no_point_to_whom_the_door_is_hidden(lotus_db: Branch, ji: Actor, lin: Actor) -> None:
    make_ticket()
    assert desk.desk_points(ji, DeskFilter()) == []
    assert len(desk.desk_points(lin, DeskFilter())) == 1


def test_distances_in_the_pool_do_not_tell_the_door(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    """With exact metres from three invented places anybody could draw the circles."""
    make_ticket()
    near = selectors.pool_for(wu, lat=NEAR[0] + 0.01, lng=NEAR[1] + 0.01)[0].distance_m
    assert near is not None and near > 0 and near % 100 == 0
    exact = selectors.pool_for(lin, lat=NEAR[0] + 0.01, lng=NEAR[1] + 0.01)[0].distance_m
    assert exact is not None and exact % 100 != 0


def test_node_22_does_not_belong_to_node_2(lotus_db: Branch) -> None:
    ticket = make_ticket()
    path = OrgUnit.objects.get(code="EAST").path
    Ticket.objects.filter(id=ticket.pk).update(org_path=path[:-1] + "2/")
    with pytest.raises(TicketNotFound):
        selectors.ticket_for(lotus_db.yun, ticket.public_id)
    with pytest.raises(TicketNotFound):
        services.grab_ticket(public_id=ticket.public_id, by=lotus_db.wu, key=key())
