"""Headquarters' page: all branches side by side, for headquarters' people only."""

import pytest

from apps.headquarters.services import rebuild
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import client_at, make_ticket


def test_all_branches_stand_side_by_side(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    make_ticket()
    rebuild(lotus_db.tenant)
    with in_branch(maple.tenant):
        make_ticket(status="closed")
        rebuild(maple.tenant)
    page = client_at(headquarters, headquarters.eye).get("/hq/").content.decode()
    assert lotus_db.tenant.name in page
    assert maple.tenant.name in page


def test_it_shows_numbers_and_never_a_ticket(lotus_db: Branch, headquarters: Branch) -> None:
    ticket = make_ticket()
    rebuild(lotus_db.tenant)
    page = client_at(headquarters, headquarters.hq).get("/hq/").content.decode()
    for secret in (ticket.ticket_no, ticket.public_id, ticket.address, ticket.contact_phone):
        assert secret not in page


def test_the_table_renews_itself_without_the_page_around_it(db: None, headquarters: Branch) -> None:
    page = client_at(headquarters, headquarters.hq).get("/hq/", headers={"HX-Request": "true"}).content.decode()
    assert "<table" in page
    assert "<html" not in page


@pytest.mark.parametrize("who", ["lin", "bai", "wu"])
def test_a_branchs_people_have_no_such_page(lotus_db: Branch, who: str) -> None:
    assert client_at(lotus_db, getattr(lotus_db, who)).get("/hq/").status_code == 404


def test_a_branchs_session_is_nobody_at_headquarters(lotus_db: Branch, headquarters: Branch) -> None:
    stranger = client_at(headquarters)
    stranger.cookies["sessionid"] = client_at(lotus_db, lotus_db.bai).cookies["sessionid"].value
    assert stranger.get("/hq/")["Location"].startswith("/sign-in/")


def test_headquarters_without_a_role_is_refused(db: None, headquarters: Branch) -> None:
    from apps.people import services as people
    from apps.people.selectors import actor_for_user
    from tenants.context import in_public

    with in_public():
        user = people.add_user(username="nothing", name="No", password="only-for-the-tests-2", grants=[])
        actor = actor_for_user(user.pk)
    assert client_at(headquarters, actor).get("/hq/").status_code == 403
