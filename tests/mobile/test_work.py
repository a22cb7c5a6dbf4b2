"""One ticket in the technician's hand."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.tickets.models import Photo, Ticket, TicketEvent
from steppe.kernel.actors import Actor
from tests.cast import FAR, NEAR, Branch
from tests.make import client_at, grab, key, make_ticket, picture
from tests.queries import asking
from tests.tickets.steps import shown

ENGLISH = {"Accept-Language": "en"}
SECRETS = ("7-2-301", "13900001234", "139 0000 1234", "dog bites")


def look(lotus: Branch, who: Actor, ticket: Ticket) -> str:
    answer = client_at(lotus, who).get(f"/w/t/{ticket.public_id}", headers=ENGLISH)
    assert answer.status_code == 200
    return str(answer.content.decode())


def do(lotus: Branch, who: Actor, ticket: Ticket, step: str, **form: Any) -> Any:
    given = {"idempotency_key": key()} | form
    return client_at(lotus, who).post(f"/w/t/{ticket.public_id}/{step}", given, headers=ENGLISH)


def state(ticket: Ticket) -> str:
    ticket.refresh_from_db()
    return ticket.status


def test_looking_changes_nothing(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    look(lotus_db, wu, ticket)
    client_at(lotus_db, wu).get(f"/w/t/{ticket.public_id}?m=card", headers={"User-Agent": "MicroMessenger"})
    assert (state(ticket), ticket.version) == ("pooled", 1)


@pytest.mark.parametrize(
    ("status", "shown"),
    [("pooled", False), ("assigned", False), ("accepted", True), ("in_progress", True), ("closed", False)],
)
def test_contact_and_door_are_shown_from_acceptance_until_the_end(
    lotus_db: Branch, wu: Actor, status: str, shown: bool
) -> None:
    page = look(lotus_db, wu, make_ticket(status=status, description="dog bites"))
    assert all((secret in page) is shown for secret in ("7-2-301", "dog bites")), status
    assert ('href="tel:13900001234"' in page) is shown and ("geo:" in page) is shown


def test_the_map_in_wechat_stands_in_its_own_datum(lotus_db: Branch, wu: Actor) -> None:
    page = look(lotus_db, wu, make_ticket(status="accepted"))
    assert f"geo:{NEAR[0]},{NEAR[1]}" in page and "data-wx-open" in page and f'data-lat="{NEAR[0]:.6f}"' not in page


def test_where_only_the_address_is_known_the_map_is_asked_for_the_address(lotus_db: Branch, wu: Actor) -> None:
    page = look(lotus_db, wu, make_ticket(status="accepted", lat=None, lng=None))
    assert "geo:0,0?q=Birch" in page and "data-wx-open" not in page and "No point on the map" in page


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("pooled", {"grab"}),
        ("assigned", {"confirm", "decline"}),
        ("accepted", {"check-in"}),
        ("in_progress", {"complete"}),
        ("awaiting_callback", set()),
    ],
)
def test_the_page_offers_the_next_step_and_no_other(lotus_db: Branch, wu: Actor, status: str, steps: set[str]) -> None:
    ticket = make_ticket(status=status)
    page = look(lotus_db, wu, ticket)
    all_steps = ("grab", "confirm", "decline", "check-in", "complete")
    assert {step for step in all_steps if f'action="/w/t/{ticket.public_id}/{step}"' in page} == steps


def test_a_ticket_that_another_has_says_so_and_shows_nothing(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(description="dog bites")
    grab(ticket.public_id, "bo")
    page = look(lotus_db, wu, ticket)
    assert "Bo took this ticket" in page and not any(secret in page for secret in SECRETS)


def test_who_is_out_of_scope_finds_nothing(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    client = client_at(lotus_db, lotus_db.xi)
    assert client.get(f"/w/t/{ticket.public_id}").status_code == 404
    assert client.get(f"/w/t/{ticket.public_id}/rows").status_code == 404


def test_an_open_page_hears_that_the_ticket_changed(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    client, url = client_at(lotus_db, wu), f"/w/t/{ticket.public_id}/rows?shown=1"
    assert "banner" not in client.get(url).content.decode()
    grab(ticket.public_id, "bo")
    assert "Bo took it" in client.get(url, headers=ENGLISH).content.decode()


# -- confirm and decline ---------------------------------------------------------------------------------------


def test_a_dispatched_ticket_is_confirmed(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    assert do(lotus_db, wu, ticket, "confirm", version=ticket.version).status_code == 303
    assert state(ticket) == "accepted"


def test_a_stale_page_is_told_so_and_shows_how_it_stands(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    answer = do(lotus_db, wu, ticket, "confirm", version=1)
    assert answer.status_code == 409 and "changed since you opened it" in answer.content.decode()
    assert f'name="version" value="{ticket.version}"' in answer.content.decode() and state(ticket) == "assigned"


def test_confirming_twice_with_one_key_is_once(lotus_db: Branch, wu: Actor) -> None:
    ticket, one = make_ticket(status="assigned"), key()
    answers = [do(lotus_db, wu, ticket, "confirm", idempotency_key=one).status_code for _ in range(2)]
    assert answers == [303, 303] and TicketEvent.objects.filter(action="confirm").count() == 1


def test_declining_takes_a_reason(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    for form in ({}, {"reason": "other"}):
        assert do(lotus_db, wu, ticket, "decline", **form).status_code == 422
    assert state(ticket) == "assigned"
    assert do(lotus_db, wu, ticket, "decline", reason="too_far")["Location"] == "/w/mine"
    assert state(ticket) == "pooled" and TicketEvent.objects.get(action="decline").reason == "too_far"


def test_own_words_are_kept_as_the_reason(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    do(lotus_db, wu, ticket, "decline", reason="other", note="car broke down")
    assert TicketEvent.objects.get(action="decline").reason == "car broke down"


def test_nobody_confirms_for_another(lotus_db: Branch, bo: Actor) -> None:
    ticket = make_ticket(status="assigned", to="wu")
    assert do(lotus_db, bo, ticket, "confirm").status_code in (404, 409) and state(ticket) == "assigned"


# -- arrive ----------------------------------------------------------------------------------------------------


def test_arriving_near_needs_no_word(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    assert do(lotus_db, wu, ticket, "check-in", lat=NEAR[0], lng=NEAR[1], crs="wgs84").status_code == 303
    assert state(ticket) == "in_progress"


def test_arriving_from_afar_asks_for_reason_and_photo_and_keeps_the_position(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    answer = do(lotus_db, wu, ticket, "check-in", lat=FAR[0], lng=FAR[1])
    page = answer.content.decode()
    assert answer.status_code == 409 and "km away" in page and f'value="{FAR[0]}"' in page and "map_wrong" in page
    assert 'name="photo_files"' in page
    told = {"lat": FAR[0], "lng": FAR[1], "reason": "map_wrong", "note": "the old farm"}
    without = do(lotus_db, wu, ticket, "check-in", **told)
    page = without.content.decode()
    assert without.status_code == 422 and "add a photo that shows where you are" in page and state(ticket) == "accepted"
    assert 'value="map_wrong" required checked' in page and "the old farm" in page and f'value="{FAR[0]}"' in page
    again = do(lotus_db, wu, ticket, "check-in", photos=shown()[0], **told)
    assert again.status_code == 303 and state(ticket) == "in_progress"
    assert TicketEvent.objects.get(action="check_in").reason == "The map point is wrong: the old farm"


def test_without_a_position_the_question_is_another(lotus_db: Branch, wu: Actor) -> None:
    answer = do(lotus_db, wu, make_ticket(status="accepted"), "check-in", lat="", lng="")
    page = answer.content.decode()
    assert answer.status_code == 409 and "could not read your position" in page and "? km" not in page


# -- complete --------------------------------------------------------------------------------------------------


def test_completing_keeps_words_and_pictures(lotus_db: Branch, wu: Actor) -> None:
    ticket, client = make_ticket(status="in_progress"), client_at(lotus_db, wu)
    file = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    name = client.post("/w/photos", {"photo": file}, key=key()).json()["id"]
    assert do(lotus_db, wu, ticket, "complete", solution="new plug", photos=[name]).status_code == 303
    assert (state(ticket), ticket.solution) == ("awaiting_callback", "new plug")
    assert Photo.objects.get(ticket=ticket).stage == "finish"


def test_without_scripts_the_pictures_come_with_the_form(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    file = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    do(lotus_db, wu, ticket, "complete", solution="new plug", photo_files=file)
    assert Photo.objects.get(ticket=ticket).stage == "finish"


def test_completing_without_a_word_is_refused_and_keeps_the_pictures(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    answer = do(lotus_db, wu, ticket, "complete", solution=" ", photos=["abcdefghijkl"])
    assert answer.status_code == 422 and 'value="abcdefghijkl"' in answer.content.decode()
    assert state(ticket) == "in_progress"


def test_a_clock_that_ran_out_meanwhile_does_not_cost_the_text(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    Ticket.objects.filter(id=ticket.pk).update(version=ticket.version + 1, overdue_clocks=["resolve"])
    assert do(lotus_db, wu, ticket, "complete", solution="new plug").status_code == 303


def test_completing_twice_with_one_key_is_once(lotus_db: Branch, wu: Actor) -> None:
    ticket, one = make_ticket(status="in_progress"), key()
    answers = [do(lotus_db, wu, ticket, "complete", solution="x", idempotency_key=one).status_code for _ in "ab"]
    assert answers == [303, 303]


def test_a_step_out_of_turn_is_explained(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    answer = do(lotus_db, wu, ticket, "complete", solution="done")
    assert answer.status_code == 409 and "not possible now" in answer.content.decode()


# -- what I hold -----------------------------------------------------------------------------------------------


def test_my_list_holds_my_open_tickets_only(lotus_db: Branch, wu: Actor) -> None:
    mine, other, done = (
        make_ticket(status="accepted"), make_ticket(status="accepted", to="bo"), make_ticket(status="closed"),
    )  # fmt: skip
    client = client_at(lotus_db, wu)
    for url in ("/w/mine", "/w/mine/rows", f"/w/mine/rows?ids={mine.public_id},{other.public_id}"):
        page = client.get(url).content.decode()
        assert mine.public_id in page and other.public_id not in page and done.public_id not in page


def test_the_ticket_costs_eight_queries(lotus_db: Branch, wu: Actor) -> None:
    client, ticket = client_at(lotus_db, wu), make_ticket(status="in_progress")
    client.get(f"/w/t/{ticket.public_id}")
    with asking(8):  # session, person, head, ticket, technician, pictures, changes of type, boxes of its material
        client.get(f"/w/t/{ticket.public_id}")


@pytest.mark.parametrize("tickets", [1, 3])
def test_my_list_costs_five_queries(lotus_db: Branch, wu: Actor, tickets: int) -> None:
    for _ in range(tickets):
        make_ticket(status="accepted")
    client = client_at(lotus_db, wu)
    client.get("/w/mine")
    with asking(5):
        client.get("/w/mine")


def test_my_page_has_the_way_out(lotus_db: Branch, wu: Actor) -> None:
    page = client_at(lotus_db, wu).get("/w/me", headers=ENGLISH).content.decode()
    assert "Wu" in page and 'action="/sign-out/"' in page and "Listening" in page
