"""抢单: the cards, the switch, the tap."""

from typing import Any

import pytest

from apps.people.models import Technician
from apps.tickets.models import GrabAttempt, Ticket
from apps.wechat.services.consents import give_location_consent
from steppe.kernel.actors import Actor
from tests.cast import TOWN, Branch
from tests.make import client_at, grab, key, make_ticket, void
from tests.queries import asking

ENGLISH = {"Accept-Language": "en"}
SCRIPT = {"Accept": "application/json", "Accept-Language": "en"}


def cards(lotus: Branch, who: Actor, query: str = "") -> str:
    url = f"/w/pool/rows{query}" if query else "/w/pool"
    return str(client_at(lotus, who).get(url, headers=ENGLISH).content.decode())


def test_a_card_tells_what_matters_and_nothing_of_the_customer(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(description="dog bites")
    page = cards(lotus_db, wu)
    assert ticket.public_id in page and "Birch Court" in page and "5 pts" in page and "0 m" in page
    for secret in ("7-2-301", "13900001234", "Mei", "dog bites"):
        assert secret not in page


def test_the_nearest_stands_first(lotus_db: Branch, wu: Actor) -> None:
    far = make_ticket(lat=44.1, lng=116.3)
    near = make_ticket()
    page = cards(lotus_db, wu)
    assert page.index(near.public_id) < page.index(far.public_id)


def test_another_sub_branchs_pool_is_not_mine(lotus_db: Branch, wu: Actor) -> None:
    theirs = make_ticket(address="Willow 5", lat=44.58, lng=117.61)
    assert theirs.public_id not in cards(lotus_db, wu) and theirs.public_id in cards(lotus_db, lotus_db.xi)


def test_the_other_branch_sees_nothing(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    client = client_at(maple, maple.wu)
    assert ticket.public_id not in client.get("/w/pool").content.decode()
    assert client.get(f"/w/t/{ticket.public_id}").status_code == 404
    answer = client.post(f"/w/t/{ticket.public_id}/grab", {"idempotency_key": key()})
    assert answer.status_code == 404 and Ticket.objects.get().status == "pooled"


def test_an_empty_pool_says_what_happens_next(lotus_db: Branch, wu: Actor) -> None:
    assert "No ticket is waiting near you" in cards(lotus_db, wu)


def test_a_card_another_has_taken_says_who_and_when(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    grab(ticket.public_id, "bo")
    rows = cards(lotus_db, wu, f"?ids={ticket.public_id}")
    assert "data-taken" in rows and "Bo took it" in rows and "13900001234" not in rows


def test_a_voided_card_is_gone_without_a_name(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    void(ticket.public_id)
    assert "no longer in the pool" in cards(lotus_db, wu, f"?ids={ticket.public_id}")


def test_a_taken_ticket_of_another_sub_branch_stays_unknown(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(address="Willow 5", lat=44.58, lng=117.61)
    grab(ticket.public_id, "xi")
    assert ticket.public_id not in cards(lotus_db, wu, f"?ids={ticket.public_id}")


def test_my_own_ticket_leaves_the_list_silently(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    grab(ticket.public_id, "wu")
    assert ticket.public_id not in cards(lotus_db, wu, f"?ids={ticket.public_id}")


def test_a_snapshot_carries_the_streams_number(lotus_db: Branch, wu: Actor) -> None:
    answer = client_at(lotus_db, wu).get("/w/pool/rows")
    assert answer["X-Live-Epoch"] and answer["X-Live-Seq"].isdigit()


# -- listening -------------------------------------------------------------------------------------------------


def duty(lotus: Branch, who: Actor, **form: str) -> Any:
    return client_at(lotus, who).post("/w/duty", {"idempotency_key": key()} | form)


def test_listening_takes_the_position_and_stopping_does_not(lotus_db: Branch, wu: Actor) -> None:
    give_location_consent(by=wu, key=key())
    assert duty(lotus_db, wu, on="0", lat="1", lng="1")["Location"] == "/w/pool"
    me = Technician.objects.get(id=wu.technician_id)
    assert not me.on_duty and me.located_at is None
    duty(lotus_db, wu, on="1", lat=str(TOWN[0]), lng=str(TOWN[1]))
    me.refresh_from_db()
    assert me.on_duty and (me.lat, me.lng) == TOWN and me.located_at


def test_listening_works_without_a_position(lotus_db: Branch, wu: Actor) -> None:
    assert duty(lotus_db, wu, on="1", lat="", lng="").status_code == 303
    assert Technician.objects.get(id=wu.technician_id).on_duty


def test_the_switch_on_my_page_comes_back_there(lotus_db: Branch, wu: Actor) -> None:
    answer = duty(lotus_db, wu, on="0", **{"from": "me"})
    assert answer["Location"] == "/w/me"
    assert "Start listening" in client_at(lotus_db, wu).get("/w/me", headers=ENGLISH).content.decode()


# -- grabbing --------------------------------------------------------------------------------------------------


def tap(lotus: Branch, who: Actor, ticket: Ticket, headers: dict[str, str] = ENGLISH, **form: str) -> Any:
    given = {"idempotency_key": key()} | form
    return client_at(lotus, who).post(f"/w/t/{ticket.public_id}/grab", given, headers=headers)


def test_one_tap_wins_and_opens_the_ticket(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    answer = tap(lotus_db, wu, ticket)
    assert (answer.status_code, answer["Location"]) == (303, f"/w/t/{ticket.public_id}")
    assert tap(lotus_db, wu, ticket, SCRIPT).json()["to"] == f"/w/t/{ticket.public_id}"


def test_two_taps_with_one_key_are_one_grab(lotus_db: Branch, wu: Actor) -> None:
    ticket, one = make_ticket(), key()
    answers = [tap(lotus_db, wu, ticket, idempotency_key=one).status_code for _ in range(2)]
    assert answers == [303, 303] and GrabAttempt.objects.filter(outcome="won").count() == 1


def test_the_key_may_come_as_a_header(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    assert client_at(lotus_db, wu).post(f"/w/t/{ticket.public_id}/grab", key=key()).status_code == 303


def test_a_tap_without_a_key_is_refused(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    assert tap(lotus_db, wu, ticket, idempotency_key="").status_code == 400
    assert Ticket.objects.get().status == "pooled"


def test_who_loses_reads_who_won_and_when_and_what_is_near(lotus_db: Branch, wu: Actor) -> None:
    ticket, next_one = make_ticket(), make_ticket()
    grab(ticket.public_id, "bo")
    answer = tap(lotus_db, wu, ticket)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Bo took this ticket at" in page
    assert next_one.public_id in page and "13900001234" not in page


def test_in_the_list_the_lost_card_turns_grey(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    grab(ticket.public_id, "bo")
    answer = tap(lotus_db, wu, ticket, SCRIPT)
    assert answer.status_code == 409 and "data-taken" in answer.json()["card"]


@pytest.mark.parametrize("headers", [ENGLISH, SCRIPT])
def test_off_duty_and_full_hands_are_said_and_change_nothing(
    lotus_db: Branch, wu: Actor, headers: dict[str, str]
) -> None:
    ticket = make_ticket()
    for change, word in (({"on_duty": False}, "off duty"), ({"on_duty": True, "open_count": 3}, "already holds 3")):
        Technician.objects.filter(id=wu.technician_id).update(**change)
        answer = tap(lotus_db, wu, ticket, headers)
        said = answer.json()["detail"] if headers is SCRIPT else answer.content.decode()
        assert answer.status_code == 409 and word in said
    ticket.refresh_from_db()
    assert ticket.status == "pooled"


def test_a_missing_skill_is_said(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(type_code="fault_cpe")
    assert tap(lotus_db, wu, ticket).status_code == 409
    assert Ticket.objects.get().status == "pooled"


# -- cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tickets", [1, 15])
def test_the_pool_costs_five_queries(lotus_db: Branch, wu: Actor, tickets: int) -> None:
    for _ in range(tickets):
        make_ticket()
    client = client_at(lotus_db, wu)
    client.get("/w/pool")
    with asking(5):
        client.get("/w/pool")


def test_what_waited_long_shows_what_it_gained(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    client = client_at(lotus_db, wu)
    assert "job-bonus" not in client.get("/w/pool").content.decode()
    Ticket.objects.filter(id=ticket.pk).update(waiting_bonus_pct=12)
    for path in ("/w/pool", f"/w/t/{ticket.public_id}"):
        assert "+12" in client.get(path).content.decode()
