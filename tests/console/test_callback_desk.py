"""The callback desk: fixed closes, not fixed sends back, and nobody calls about their own work."""

import json
import re
from typing import Any

import pytest

from apps.tickets import selectors
from apps.tickets.models import CallbackRecord, Ticket
from apps.tickets.services import confirm_dispatch, rate_ticket
from tests.cast import Branch
from tests.make import actor, check_in, client_at, complete, key, make_ticket
from tests.queries import asking

DESK = "/console/callback/"
HTMX = {"HX-Request": "true"}


def say(branch: Branch, ticket: Ticket, who: str = "hui", htmx: bool = True, **form: object):  # type: ignore[no-untyped-def]
    body = {"idempotency_key": key(), "version": ticket.version, **form}
    client = client_at(branch, getattr(branch, who))
    return client.post(f"{DESK}{ticket.public_id}/", body, headers=HTMX if htmx else {})


def called(**more: Any) -> Ticket:
    """Finished, and urgent: always called back (rules/sampling.py)."""
    return make_ticket(status="awaiting_callback", priority=1, **more)


def test_only_finished_work_waits_here_the_oldest_first(lotus_db: Branch) -> None:
    make_ticket()
    first, second = called(), called(to="bo")
    page = client_at(lotus_db, lotus_db.hui).get(DESK).content.decode()
    assert page.count('<tr id="t-') == 2
    assert page.index(first.public_id) < page.index(second.public_id)


def test_what_the_customers_rate_themselves_stands_apart(lotus_db: Branch) -> None:
    ours, theirs = called(), make_ticket(status="awaiting_callback", to="bo")
    Ticket.objects.filter(id=theirs.pk).update(callback_mode="self")
    client = client_at(lotus_db, lotus_db.hui)
    rows = f"/console/rows/?tab=awaiting_callback&ids={ours.public_id},{theirs.public_id}"
    for calls, here, gone in (("phone", ours, theirs), ("self", theirs, ours)):
        for page in (client.get(f"{DESK}?calls={calls}"), client.get(f"{rows}&calls={calls}")):
            assert f'<tr id="t-{here.public_id}" data-v' in page.content.decode()
            assert f'<tr id="t-{gone.public_id}" data-v' not in page.content.decode()
    named = client.get(f"{DESK}?t={theirs.public_id}").content.decode()
    assert f'<tr id="t-{theirs.public_id}"' in named  # who comes from the ticket finds it in its list
    assert say(lotus_db, theirs, fixed="yes", score=5).status_code == 200


def test_whom_the_customer_rated_low_is_ours_to_call_with_the_stars_and_the_reason(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback", by=lotus_db.mei)
    Ticket.objects.filter(id=ticket.pk).update(callback_mode="self")
    said = {"fixed": True, "score": 2, "complaint": "late", "note": "two days", "on_time": False}
    rate_ticket(public_id=ticket.public_id, **said, by=lotus_db.mei, key=key())
    client = client_at(lotus_db, lotus_db.hui)
    assert f'<tr id="t-{ticket.public_id}"' in client.get(DESK).content.decode()
    page = client.get(f"{DESK}{ticket.public_id}/", headers=HTMX | {"Accept-Language": "en"}).content.decode()
    assert "The customer is not satisfied and waits for our call." in page and "two days" in page
    chosen = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page)
    assert chosen == [("score", "2"), ("complaint", "late"), ("on_time", "false")]
    ticket.refresh_from_db()
    assert say(lotus_db, ticket, fixed="yes", score=2, complaint="late", words="agreed on a visit").status_code == 200
    kept = CallbackRecord.objects.get(ticket=ticket)
    assert (kept.channel, kept.score, kept.complaint, kept.note) == ("phone", 2, "late", "agreed on a visit")


def test_what_was_said_besides_not_fixed_is_kept(lotus_db: Branch) -> None:
    ticket = called()
    said = {"fixed": "no", "reason": "half_done", "score": 2, "complaint": "late", "words": "waited two days"}
    assert say(lotus_db, ticket, **said, overcharged="true", on_time="false").status_code == 200
    kept = CallbackRecord.objects.get(ticket=ticket)
    assert (kept.fixed, kept.overcharged, kept.on_time) == (False, True, False)
    assert (kept.complaint, kept.note) == ("late", "waited two days")


def test_fixed_closes_the_ticket_with_its_score(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    response = say(lotus_db, ticket, fixed="yes", score=4, words="friendly")
    assert "desk:next" in json.loads(response["HX-Trigger"])
    ticket.refresh_from_db()
    assert (ticket.status, ticket.satisfaction) == ("closed", 4)
    assert CallbackRecord.objects.get(ticket=ticket).note == "friendly"


def test_not_fixed_goes_back_with_a_reason(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    assert say(lotus_db, ticket, fixed="no", reason="still_broken").status_code == 200
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopen_count) == ("accepted", 1)


def test_without_scripts_it_leads_back_to_the_queue(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    response = say(lotus_db, ticket, htmx=False, fixed="yes")
    assert (response.status_code, response["Location"]) == (303, f"{DESK}?done=1")


@pytest.mark.parametrize(
    ("form", "status"),
    [({}, 422), ({"fixed": "no"}, 422), ({"fixed": "yes", "score": 7}, 422), ({"fixed": "yes", "version": 1}, 409)],
)
def test_what_is_missing_or_old_is_said_and_nothing_changes(
    lotus_db: Branch, form: dict[str, object], status: int
) -> None:
    ticket = make_ticket(status="awaiting_callback")
    response = say(lotus_db, ticket, **form)
    assert response.status_code == status
    assert 'role="alert"' in response.content.decode()
    ticket.refresh_from_db()
    assert ticket.status == "awaiting_callback"


def test_who_dispatched_it_does_not_call(lotus_db: Branch) -> None:
    ticket = make_ticket(status="assigned")  # by Lin, who also holds the callback role
    confirm_dispatch(public_id=ticket.public_id, by=actor("wu"), key=key())
    check_in(ticket.public_id)
    complete(ticket.public_id)
    ticket.refresh_from_db()
    response = say(lotus_db, ticket, "lin", fixed="yes")
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()


def test_a_dispatcher_without_the_role_has_no_such_page(lotus_db: Branch) -> None:
    assert client_at(lotus_db, lotus_db.bai).get(DESK).status_code == 403


@pytest.mark.parametrize("waiting", [1, 3])
def test_queries_stay_the_same_however_many_wait(lotus_db: Branch, waiting: int) -> None:
    tickets = [called() for _ in range(waiting)]
    client = client_at(lotus_db, lotus_db.hui)
    client.get(DESK)
    with asking(5):  # session, person, head, list, requests that wait
        client.get(DESK)
    with asking(5):  # session, person, ticket, history, pictures
        client.get(f"{DESK}{tickets[0].public_id}/", headers=HTMX)


# -- the three questions, and nobody answering ---------------------------------------------------------------------


def test_the_script_names_the_branch_and_the_answers_are_kept(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    page = client_at(lotus_db, lotus_db.hui).get(f"{DESK}{ticket.public_id}/").content.decode()
    assert f"这里是{lotus_db.tenant.name}" in page and "{branch}" not in page
    say(lotus_db, ticket, fixed="yes", score=5, overcharged="false", on_time="true")
    record = CallbackRecord.objects.get(ticket=ticket)
    assert (record.fixed, record.overcharged, record.on_time) == (True, False, True)


def test_a_low_score_says_what_was_wrong(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    refusal = say(lotus_db, ticket, fixed="yes", score=2)
    assert refusal.status_code == 422 and "banner-loud" in refusal.content.decode()
    assert say(lotus_db, ticket, fixed="yes", score=2, complaint="late").status_code == 200
    assert CallbackRecord.objects.get(ticket=ticket).complaint == "late"


def test_a_refusal_stands_at_its_field_and_what_was_answered_is_still_there(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    said = {"score": 1, "complaint": "late", "overcharged": "true", "on_time": "false", "words": "twice"}
    page = say(lotus_db, ticket, fixed="no", **said).content.decode()
    assert page.index('name="reason"') < page.index("field-error") < page.index('name="score"')
    chosen = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page)
    wanted = {"fixed": "no", "score": "1", "complaint": "late", "overcharged": "true", "on_time": "false"}
    assert dict(chosen) == wanted and "twice</textarea>" in page
    page = say(lotus_db, ticket, fixed="no", reason="other", note="", score=3).content.decode()
    assert 'value="other" checked' in page


def test_who_asks_to_be_called_later_was_reached_and_is_not_closed_over_it(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    client = client_at(lotus_db, lotus_db.hui)
    for outcome in ("later", "later", "busy", "busy", "later"):
        body = {"idempotency_key": key(), "outcome": outcome}
        assert client.post(f"{DESK}{ticket.public_id}/attempt/", body, headers=HTMX).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.status, ticket.unreached_count) == ("awaiting_callback", 2)
    page = client.get(f"{DESK}{ticket.public_id}/", headers=HTMX).content.decode()
    assert page.count("要求稍后再打") == 7  # three calls, each in the list and in the history, and the button
    body = {"idempotency_key": key(), "outcome": "no_answer"}
    told = client.post(f"{DESK}{ticket.public_id}/attempt/", body, headers=HTMX)
    assert "已按未接通归档" in json.loads(told["HX-Trigger"])["toast"]["text"]
    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_calls_about_an_earlier_visit_are_not_counted_to_this_one(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    body = {"idempotency_key": key(), "outcome": "busy"}
    client_at(lotus_db, lotus_db.hui).post(f"{DESK}{ticket.public_id}/attempt/", body, headers=HTMX)
    ticket.refresh_from_db()
    assert len(selectors.attempts(ticket)) == 1
    assert say(lotus_db, ticket, fixed="no", reason="still_broken").status_code == 200
    check_in(ticket.public_id)
    complete(ticket.public_id)
    ticket.refresh_from_db()
    assert selectors.attempts(ticket) == []


def test_the_last_try_closes_it_as_not_reached(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    for outcome in ("no_answer", "busy", "switched_off"):
        ticket.refresh_from_db()
        page = client_at(lotus_db, lotus_db.hui).get(f"{DESK}{ticket.public_id}/").content.decode()
        assert page.count("<li>") >= ticket.unreached_count
        body = {"idempotency_key": key(), "version": ticket.version, "outcome": outcome}
        told = client_at(lotus_db, lotus_db.hui).post(f"{DESK}{ticket.public_id}/attempt/", body, headers=HTMX)
        assert told.status_code == 200 and "desk:next" in json.loads(told["HX-Trigger"])
    ticket.refresh_from_db()
    assert (ticket.status, ticket.unreached_count, ticket.satisfaction) == ("closed", 3, None)


def test_a_try_of_no_known_kind_is_refused(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    body = {"idempotency_key": key(), "version": ticket.version, "outcome": "asleep"}
    told = client_at(lotus_db, lotus_db.hui).post(f"{DESK}{ticket.public_id}/attempt/", body, headers=HTMX)
    assert told.status_code == 422
    ticket.refresh_from_db()
    assert ticket.unreached_count == 0
