"""Signing in: per branch, the same answer for unknown names, a growing wait, an audit row for every try."""

from datetime import timedelta

import pytest

from apps.people import services as people
from apps.people.signing_in import HERE
from steppe.kernel import clock
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tenants.services import suspend_branch
from tests.cast import PASSWORD, Branch
from tests.make import client_at
from tests.queries import asking

DOOR = "/sign-in/"


def knock(branch: Branch, username: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client_at(branch).post(DOOR, {"username": username, "password": password, **more})


@pytest.mark.parametrize(
    ("username", "home"), [("lin", "/console/"), ("cai", "/console/"), ("wu", "/w/pool"), ("yun", "/w/pool")]
)
def test_everybody_arrives_where_their_work_is(lotus_db: Branch, username: str, home: str) -> None:
    response = knock(lotus_db, username)
    assert (response.status_code, response["Location"]) == (302, home)


def test_headquarters_people_arrive_at_the_overview(db: None, headquarters: Branch) -> None:
    response = knock(headquarters, "hq")
    assert (response.status_code, response["Location"]) == (302, "/hq/")


def test_the_session_is_good_for_the_next_page(lotus_db: Branch) -> None:
    client = client_at(lotus_db)
    client.post(DOOR, {"username": "lin", "password": PASSWORD})
    assert client.get("/console/").status_code == 200
    assert client.get(DOOR)["Location"] == "/console/"


def test_signing_out_closes_the_session_on_the_server(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.lin)
    assert client.post("/sign-out/")["Location"] == DOOR
    assert client.get("/console/").status_code == 302


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(lotus_db: Branch) -> None:
    wrong, unknown = knock(lotus_db, "lin", "not this one"), knock(lotus_db, "nobody-here", "not this one")
    assert wrong.status_code == unknown.status_code == 401
    assert _sentence(wrong) == _sentence(unknown)


def test_a_switched_off_account_stays_outside(lotus_db: Branch) -> None:
    assert knock(lotus_db, "ex").status_code == 401


def test_the_wait_grows_and_is_said_in_seconds(lotus_db: Branch) -> None:
    for _ in range(HERE.free):
        assert knock(lotus_db, "lin", "no").status_code == 401
    held = knock(lotus_db, "lin")  # also with the right password
    assert held.status_code == 429
    assert held["Retry-After"] in _sentence(held)
    with clock.frozen(clock.now() + timedelta(seconds=6)):
        assert knock(lotus_db, "lin", "no").status_code == 401
        assert int(knock(lotus_db, "lin")["Retry-After"]) > int(held["Retry-After"])
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        assert knock(lotus_db, "lin").status_code == 302


def test_another_address_is_not_held_up(lotus_db: Branch) -> None:
    for _ in range(HERE.free):
        knock(lotus_db, "lin", "no")
    elsewhere = client_at(lotus_db, REMOTE_ADDR="127.0.0.9")
    assert elsewhere.post(DOOR, {"username": "lin", "password": PASSWORD}).status_code == 302


def test_every_try_is_in_the_audit_and_never_the_password(lotus_db: Branch) -> None:
    knock(lotus_db, "lin", "a wrong secret")
    knock(lotus_db, "lin")
    tries = AuditEntry.objects.filter(action="people.sign_in").order_by("id")
    assert [(one.outcome, one.actor) for one in tries] == [
        ("people.wrong_sign_in", "anonymous:0"),
        ("done", lotus_db.lin.ref),
    ]
    assert not any("secret" in str(one.details) for one in tries)
    assert all("lin" in str(one.details) for one in tries)


def test_another_branchs_account_is_unknown_here(lotus_db: Branch, maple: Branch) -> None:
    with in_branch(maple.tenant):
        people.add_user(username="only-maple", name="Only", password=PASSWORD, grants=[])
    assert knock(lotus_db, "only-maple").status_code == 401


def test_a_session_of_another_branch_is_nobody_here(lotus_db: Branch, maple: Branch) -> None:
    stranger = client_at(maple, maple.lin)
    here = client_at(lotus_db)
    here.cookies["sessionid"] = stranger.cookies["sessionid"].value
    assert here.get("/console/")["Location"].startswith(DOOR)


def test_a_suspended_branch_has_no_door(lotus_db: Branch) -> None:
    suspend_branch(tenant_id=lotus_db.tenant.pk, by="a test")
    assert client_at(lotus_db).get(DOOR).status_code == 403
    assert knock(lotus_db, "lin").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/console/?tab=overdue", "/console/?tab=overdue"),
        ("https://evil.example/", "/console/"),
        ("//evil.example/", "/console/"),
        ("/\\evil.example", "/console/"),
        ("javascript:alert(1)", "/console/"),
    ],
)
def test_it_leads_back_only_to_pages_of_this_site(lotus_db: Branch, wanted: str, goes: str) -> None:
    assert knock(lotus_db, "lin", next=wanted)["Location"] == goes


def test_the_page_names_the_branch_and_keeps_the_way_back(lotus_db: Branch) -> None:
    page = client_at(lotus_db).get(DOOR, {"next": "/console/new/"}).content.decode()
    assert lotus_db.tenant.name in page
    assert 'name="next" value="/console/new/"' in page


def test_the_sign_in_page_asks_the_database_nothing(lotus_db: Branch) -> None:
    client = client_at(lotus_db)
    client.get(DOOR)  # the branch of the host is remembered
    with asking(0):
        client.get(DOOR)


def _sentence(response) -> str:  # type: ignore[no-untyped-def]
    page = response.content.decode()
    return page.split('role="alert">', 1)[1].split("</div>")[0]
