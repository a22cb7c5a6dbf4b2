"""What the customer sees of the own tickets, and how it is rated."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.mobile import status_links
from apps.mobile.steps import steps_of
from apps.tickets import services
from apps.tickets.models import CallbackRecord, Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import client_at, key, make_ticket, report
from tests.queries import asking
from tests.tickets.steps import ask

ENGLISH = {"Accept-Language": "en"}


def of_mei(lotus: Branch, status: str = "pooled") -> Ticket:
    """A ticket of Mei's, walked to a state."""
    ticket = make_ticket(status=status)
    Ticket.objects.filter(id=ticket.pk).update(customer_id=lotus.mei.id, created_by=lotus.mei.ref)
    return ticket


def page(lotus: Branch, who: Actor, url: str) -> str:
    answer = client_at(lotus, who).get(url, headers=ENGLISH)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_holds_the_own_tickets_only(lotus_db: Branch, mei: Actor) -> None:
    mine, other = of_mei(lotus_db), make_ticket()
    found = page(lotus_db, mei, "/h5/mine")
    assert mine.public_id in found and other.public_id not in found


def test_an_empty_list_says_what_to_do(lotus_db: Branch, mei: Actor) -> None:
    assert "Nothing reported yet" in page(lotus_db, mei, "/h5/mine")


def test_rows_come_by_their_ids_or_all_with_the_streams_number(lotus_db: Branch, mei: Actor) -> None:
    one, two = of_mei(lotus_db), of_mei(lotus_db)
    client = client_at(lotus_db, mei)
    some = client.get(f"/h5/mine/rows?ids={one.public_id}").content.decode()
    assert f"t-{one.public_id}" in some and two.public_id not in some
    whole = client.get("/h5/mine/rows")
    assert two.public_id in whole.content.decode() and whole["X-Live-Seq"] and whole["X-Live-Epoch"]


def test_the_technician_is_named_only_after_acceptance(lotus_db: Branch, mei: Actor) -> None:
    for status, named in (("pooled", False), ("assigned", False), ("accepted", True), ("awaiting_callback", True)):
        found = page(lotus_db, mei, f"/h5/t/{of_mei(lotus_db, status).public_id}")
        assert ("W-wu" in found) is named, status


def test_another_customers_ticket_is_not_found(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket()
    client = client_at(lotus_db, mei)
    for url in (f"/h5/t/{ticket.public_id}", f"/h5/t/{ticket.public_id}/rows", "/h5/t/nothing-here"):
        assert client.get(url).status_code == 404


def wanting_a_pause(lotus: Branch) -> Ticket:
    """Mei's ticket, that Wu would leave until later for her sake."""
    ticket = of_mei(lotus, "in_progress")
    ask("hold", ticket.public_id, by=lotus.wu, hold_class="customer", resume_at=clock.now() + timedelta(hours=3))
    return ticket


@pytest.mark.parametrize("door", ["account", "link"])
@pytest.mark.parametrize(("word", "status"), [("yes", "on_hold"), ("no", "in_progress")])
def test_a_pause_for_the_customers_sake_is_asked_on_the_page(
    lotus_db: Branch, mei: Actor, door: str, word: str, status: str
) -> None:
    ticket = wanting_a_pause(lotus_db)
    with in_branch(lotus_db.tenant):
        url = f"/h5/t/{ticket.public_id}" if door == "account" else status_links.link_for(ticket.public_id)
    client = client_at(lotus_db, mei) if door == "account" else client_at(lotus_db)
    assert "May we come later?" in client.get(url, headers=ENGLISH).content.decode()
    answer = client.post(f"{url}/answer-hold", {"agree": word, "idempotency_key": key()})
    assert (answer.status_code, answer["Location"]) == (303, f"{url}?rated=1")
    ticket.refresh_from_db()
    assert ticket.status == status
    found = client.get(answer["Location"], headers=ENGLISH).content.decode()
    assert "Thank you, we have noted it." in found and "May we come later?" not in found
    again = client.post(f"{url}/answer-hold", {"agree": word, "idempotency_key": key()}, headers=ENGLISH)
    assert again.status_code == 409 and "banner-loud" in again.content.decode()


def test_an_answer_that_is_none_is_refused_and_the_question_stays(lotus_db: Branch, mei: Actor) -> None:
    ticket = wanting_a_pause(lotus_db)
    answer = client_at(lotus_db, mei).post(f"/h5/t/{ticket.public_id}/answer-hold", {"agree": "perhaps"})
    assert answer.status_code == 422 and "hold-ask" in answer.content.decode()


def test_the_link_answers_nothing_in_another_branch_or_forged(lotus_db: Branch, maple: Branch) -> None:
    """The same ids there; the link is signed for its own branch."""
    ticket = wanting_a_pause(lotus_db)
    with in_branch(maple.tenant):
        other = wanting_a_pause(maple)
    with in_branch(lotus_db.tenant):
        url = f"{status_links.link_for(ticket.public_id)}/answer-hold"
    told = {"agree": "yes", "idempotency_key": key()}
    for client, at in ((client_at(maple), url), (client_at(lotus_db), url.replace("/h5/s/", "/h5/s/x"))):
        assert client.post(at, told).status_code in {404, 410}
    with in_branch(maple.tenant):
        other.refresh_from_db()
    ticket.refresh_from_db()
    assert (ticket.status, other.status) == ("in_progress", "in_progress")


def test_another_pause_is_no_question_for_the_customer(lotus_db: Branch, mei: Actor) -> None:
    ticket = of_mei(lotus_db, "in_progress")
    ask("hold", ticket.public_id, by=lotus_db.wu, hold_class="material", resume_at=clock.now() + timedelta(hours=3))
    assert "hold-ask" not in page(lotus_db, mei, f"/h5/t/{ticket.public_id}")


def test_the_other_branchs_customer_sees_nothing(lotus_db: Branch, maple: Branch) -> None:
    ticket = of_mei(lotus_db)
    assert client_at(maple, maple.mei).get(f"/h5/t/{ticket.public_id}").status_code == 404


def test_staff_have_other_pages(lotus_db: Branch, wu: Actor) -> None:
    assert client_at(lotus_db, wu).get("/h5/mine").status_code == 403


# -- merged ----------------------------------------------------------------------------------------------------


def merged(lotus: Branch, ticket: Ticket, kept: Ticket) -> None:
    services.merge_ticket(public_id=ticket.public_id, master=kept.public_id, by=lotus.lin, key=key())


def test_whose_report_was_merged_reads_where_it_goes_on_and_nothing_of_a_stranger(lotus_db: Branch, mei: Actor) -> None:
    mine = of_mei(lotus_db)
    first = make_ticket(status="accepted", contact_name="Wang", contact_phone="13900008888", address="Elm 3")
    last = make_ticket(status="in_progress", contact_name="Wang", contact_phone="13900008888", address="Elm 3")
    merged(lotus_db, mine, first)
    merged(lotus_db, first, last)
    found = page(lotus_db, mei, f"/h5/t/{mine.public_id}")
    assert f"It is dealt with under number {last.ticket_no}: In progress." in found
    assert "without a visit" not in found
    for hidden in ("Wang", "13900008888", "Elm 3", last.public_id, "See that report"):
        assert hidden not in found, hidden


def test_merged_into_another_report_of_ones_own_it_is_a_link(lotus_db: Branch, mei: Actor) -> None:
    mine, kept = of_mei(lotus_db), of_mei(lotus_db)
    merged(lotus_db, mine, kept)
    assert f'<a href="/h5/t/{kept.public_id}">' in page(lotus_db, mei, f"/h5/t/{mine.public_id}")


def test_the_link_of_a_merged_report_says_so_too(lotus_db: Branch) -> None:
    url, kept = link(lotus_db), make_ticket()
    merged(lotus_db, Ticket.objects.get(contact_phone="13900007777"), kept)
    found = client_at(lotus_db).get(url, headers=ENGLISH).content.decode()
    assert f"under number {kept.ticket_no}: In the pool." in found and kept.public_id not in found


# -- the signed link -------------------------------------------------------------------------------------------


def link(lotus: Branch) -> str:
    """The status link of an anonymous report."""
    form = {"type_code": "fault_bb", "address": "Birch 1", "contact_phone": "13900007777", "idempotency_key": key()}
    return str(client_at(lotus).post("/h5/report", form)["Location"])


def test_the_link_shows_progress_and_no_contact(lotus_db: Branch) -> None:
    url = link(lotus_db)
    services.grab_ticket(public_id=Ticket.objects.get().public_id, by=lotus_db.wu, key=key())
    answer = client_at(lotus_db).get(url, headers=ENGLISH)
    found = answer.content.decode()
    assert "W-wu" in found and "13900007777" not in found and "Birch 1" not in found
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_link_answers_the_page_that_asks_again_with_a_fragment(lotus_db: Branch) -> None:
    answer = client_at(lotus_db).get(link(lotus_db), headers={"X-Requested-With": "fetch"})
    assert "<html" not in answer.content.decode() and 'class="stepbar"' in answer.content.decode()


def test_a_changed_or_old_link_is_not_found(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    url = link(lotus_db).partition("?")[0]
    assert client_at(lotus_db).get(url[:-2] + "xx").status_code == 404
    monkeypatch.setattr("apps.mobile.status_links.LIFE_S", -1)
    assert client_at(lotus_db).get(url).status_code == 404


def test_a_link_of_one_branch_is_worth_nothing_in_another(lotus_db: Branch, maple: Branch) -> None:
    assert client_at(maple).get(link(lotus_db)).status_code == 404


# -- rating ----------------------------------------------------------------------------------------------------


def rated(lotus: Branch, ticket: Ticket, **form: Any) -> Any:
    return client_at(lotus, lotus.mei).post(
        f"/h5/t/{ticket.public_id}/rate", {"idempotency_key": key()} | form, headers=ENGLISH
    )


def test_fixed_closes_the_ticket_with_its_stars(lotus_db: Branch) -> None:
    ticket = of_mei(lotus_db, "awaiting_callback")
    assert rated(lotus_db, ticket, fixed="yes", score="5").status_code == 303
    ticket.refresh_from_db()
    assert (ticket.status, ticket.satisfaction) == ("closed", 5)


def test_not_fixed_sends_it_back_to_the_technician(lotus_db: Branch) -> None:
    ticket = of_mei(lotus_db, "awaiting_callback")
    rated(lotus_db, ticket, fixed="no", note="still dark")
    ticket.refresh_from_db()
    assert ticket.status == "accepted" and CallbackRecord.objects.get().note == "still dark"


def test_few_stars_say_why_at_their_question_and_everything_said_is_still_there(lotus_db: Branch) -> None:
    ticket = of_mei(lotus_db, "awaiting_callback")
    answer = rated(lotus_db, ticket, fixed="yes", score="2", on_time="false", note="two days")
    found = answer.content.decode()
    assert answer.status_code == 422
    assert found.index('name="complaint"') < found.rindex("Please tell us what was not right.") < found.index("on_time")
    for chosen in ('value="yes" id="fixed-yes" required checked', 'value="2" checked', 'value="two days"'):
        assert chosen in found
    assert 'name="on_time" value="false" checked' in found


def test_after_few_stars_the_page_says_that_we_call_and_asks_no_more(lotus_db: Branch, mei: Actor) -> None:
    ticket = of_mei(lotus_db, "awaiting_callback")
    assert rated(lotus_db, ticket, fixed="yes", score="2", complaint="late").status_code == 303
    ticket.refresh_from_db()
    assert ticket.status == "awaiting_callback"
    found = page(lotus_db, mei, f"/h5/t/{ticket.public_id}")
    assert "We will call you about it before we close your report." in found and "fs-rating" not in found
    assert "Please rate" not in page(lotus_db, mei, "/h5/mine")


def test_the_stars_alone_are_no_answer(lotus_db: Branch) -> None:
    ticket = of_mei(lotus_db, "awaiting_callback")
    answer = rated(lotus_db, ticket, score="4")
    assert answer.status_code == 422 and "whether it works" in answer.content.decode()
    assert rated(lotus_db, ticket, fixed="yes", score="9").status_code == 422


def test_rating_twice_with_one_key_counts_once(lotus_db: Branch) -> None:
    ticket, one = of_mei(lotus_db, "awaiting_callback"), key()
    for _ in range(2):
        assert rated(lotus_db, ticket, fixed="yes", score="5", idempotency_key=one).status_code == 303
    assert CallbackRecord.objects.count() == 1


def test_what_is_not_finished_cannot_be_rated(lotus_db: Branch) -> None:
    assert rated(lotus_db, of_mei(lotus_db, "accepted"), fixed="yes").status_code == 409


def test_another_customers_ticket_cannot_be_rated(lotus_db: Branch) -> None:
    assert rated(lotus_db, make_ticket(status="awaiting_callback"), fixed="yes").status_code == 404


def test_nobody_rates_without_a_name(lotus_db: Branch) -> None:
    ticket = of_mei(lotus_db, "awaiting_callback")
    answer = client_at(lotus_db).post(f"/h5/t/{ticket.public_id}/rate", {"fixed": "yes", "idempotency_key": key()})
    assert answer.status_code == 401


# -- the four steps --------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Told:
    status: str
    accepted_at: datetime | None = NOON
    arrived_at: datetime | None = NOON
    finished_at: datetime | None = NOON


@pytest.mark.parametrize(
    ("status", "moods"),
    [
        ("submitted", "now todo todo todo"),
        ("pooled", "now todo todo todo"),
        ("assigned", "now todo todo todo"),
        ("accepted", "done now todo todo"),
        ("in_progress", "done done now todo"),
        ("on_hold", "done done now todo"),
        ("awaiting_callback", "done done done done"),
        ("closed", "done done done done"),
        ("void", ""),
        ("cancelled", ""),
    ],
)
def test_every_state_has_its_place_on_the_bar(status: str, moods: str) -> None:
    assert " ".join(step.mood for step in steps_of(Told(status))) == moods


def test_a_step_to_come_has_no_time() -> None:
    assert [step.at for step in steps_of(Told("accepted"))] == [NOON, None, None, None]


# -- cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tickets", [1, 12])
def test_the_list_costs_five_queries(lotus_db: Branch, mei: Actor, tickets: int) -> None:
    for _ in range(tickets):
        services.open_ticket(report=report(), channel="wechat_oa", by=mei, key=key())
    client = client_at(lotus_db, mei)
    client.get("/h5/mine")
    with asking(5):  # session, customer twice (the door, the bound number), stream, tickets
        client.get("/h5/mine")


def test_the_ticket_costs_five_queries(lotus_db: Branch, mei: Actor) -> None:
    client, ticket = client_at(lotus_db, mei), of_mei(lotus_db, "accepted")
    client.get(f"/h5/t/{ticket.public_id}")
    with asking(5):  # session, customer, stream, ticket, the notices the account offers
        client.get(f"/h5/t/{ticket.public_id}")


def test_the_other_two_questions_are_kept_when_they_are_answered(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback", by=mei)
    form = {"fixed": "yes", "score": "4", "on_time": "true", "idempotency_key": key()}
    assert client_at(lotus_db, mei).post(f"/h5/t/{ticket.public_id}/rate", form).status_code == 303
    record = CallbackRecord.objects.get(ticket=ticket)
    assert (record.on_time, record.overcharged) == (True, None)
