"""One ticket at the desk: what is shown to whom, and what the dispatcher's hand does."""

import json

import pytest

from apps.people.models import Technician
from apps.tickets.models import Ticket, TicketEvent
from steppe.kernel.journal.models import AuditEntry
from tests.cast import Branch
from tests.make import actor, client_at, key, make_ticket
from tests.queries import asking

HTMX = {"HX-Request": "true"}
STEPS = ("release", "place", "dispatch", "reassign", "void")


def at(ticket: Ticket, part: str = "") -> str:
    return f"/console/t/{ticket.public_id}/{part}"


def press(branch: Branch, ticket: Ticket, action: str, who: str = "lin", htmx: bool = True, **form: object):  # type: ignore[no-untyped-def]
    body = {"idempotency_key": key(), "version": ticket.version, **form}
    client = client_at(branch, getattr(branch, who))
    return client.post(at(ticket, f"{action}/"), body, headers=HTMX if htmx else {})


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("technician").get(pk=ticket.pk)


def bo() -> int:
    return actor("bo").technician_id or 0


# -- steps -------------------------------------------------------------------------------------------------------


def test_a_dispatch_gives_it_to_the_person_and_answers_with_the_ticket(lotus_db: Branch) -> None:
    ticket = make_ticket()
    response = press(lotus_db, ticket, "dispatch", technician_id=bo(), reason="nearest")
    assert response.status_code == 200
    assert f'data-side-id="{ticket.public_id}"' in response.content.decode()
    assert json.loads(response["HX-Trigger"])["toast"]["kind"] == "good"
    assert (now(ticket).status, now(ticket).technician_id) == ("assigned", bo())


def test_without_scripts_it_leads_back_to_the_ticket(lotus_db: Branch) -> None:
    ticket = make_ticket()
    response = press(lotus_db, ticket, "dispatch", htmx=False, technician_id=bo(), reason="nearest")
    assert (response.status_code, response["Location"]) == (303, at(ticket) + "?done=dispatch")
    assert "banner-good" in client_at(lotus_db, lotus_db.lin).get(response["Location"]).content.decode()


def test_other_keeps_the_persons_own_words(lotus_db: Branch) -> None:
    ticket = make_ticket()
    press(lotus_db, ticket, "void", reason="other", note="called from a neighbour's phone")
    assert now(ticket).status == "void"
    assert TicketEvent.objects.get(ticket=ticket, action="void").reason == "called from a neighbour's phone"


def test_a_reassign_names_another_person(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    assert press(lotus_db, ticket, "reassign", technician_id=bo(), reason="skill").status_code == 200
    assert now(ticket).technician_id == bo()


def test_a_report_without_a_place_is_released_into_the_pool(lotus_db: Branch) -> None:
    ticket = make_ticket(status="submitted")
    assert press(lotus_db, ticket, "release").status_code == 200
    assert now(ticket).status == "pooled"


@pytest.mark.parametrize("status", ["submitted", "pooled"])
def test_a_report_without_a_place_is_put_into_a_grid_and_its_people_are_asked(lotus_db: Branch, status: str) -> None:
    ticket = make_ticket(status="submitted")
    if status == "pooled":
        press(lotus_db, ticket, "release")
    for part in ("side/", ""):
        page = client_at(lotus_db, lotus_db.lin).get(at(ticket, part)).content.decode()
        assert '<option value="E1">East · E1</option>' in page and at(ticket, "release/") not in page
    assert press(lotus_db, now(ticket), "place", grid="E1").status_code == 200
    assert (now(ticket).status, now(ticket).grid.code) == ("pooled", "E1")
    pool = client_at(lotus_db, lotus_db.wu).get("/w/pool").content.decode()
    assert ticket.public_id in pool


@pytest.mark.parametrize(
    ("action", "form", "code"),
    [
        ("dispatch", {"reason": "nearest"}, "kernel.invalid"),
        ("dispatch", {"technician_id": "BO"}, "tickets.reason_missing"),
        ("dispatch", {"technician_id": "BO", "reason": "other", "note": "  "}, "tickets.reason_missing"),
        ("void", {}, "tickets.reason_missing"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(
    lotus_db: Branch, action: str, form: dict[str, object], code: str
) -> None:
    ticket = make_ticket()
    form = {name: bo() if value == "BO" else value for name, value in form.items()}
    response = press(lotus_db, ticket, action, **form)
    assert (response.status_code, response["X-Refusal"]) == (422, code)
    assert 'role="alert"' in response.content.decode()
    assert now(ticket).version == ticket.version


@pytest.mark.parametrize("htmx", [True, False])
def test_an_old_page_gets_the_fresh_ticket_with_the_reason_on_top(lotus_db: Branch, htmx: bool) -> None:
    old = make_ticket()
    press(lotus_db, old, "dispatch", technician_id=bo(), reason="nearest")
    response = press(lotus_db, old, "void", htmx=htmx, reason="fake")
    page = response.content.decode()
    assert (response.status_code, response["X-Refusal"]) == (409, "tickets.stale_version")
    assert 'role="alert"' in page
    assert f'name="version" value="{now(old).version}"' in page
    assert now(old).status == "assigned"


def test_an_illegal_step_is_refused_with_the_state(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    response = press(lotus_db, ticket, "void", reason="fake")
    assert (response.status_code, response["X-Refusal"]) == (409, "tickets.illegal_transition")


def test_the_same_key_counts_once(lotus_db: Branch) -> None:
    ticket, same = make_ticket(), key()
    for _ in range(2):
        response = press(lotus_db, ticket, "dispatch", technician_id=bo(), reason="nearest", idempotency_key=same)
        assert response.status_code == 200
    assert now(ticket).version == ticket.version + 1
    assert Technician.objects.get(pk=bo()).open_count == 1


def test_a_write_without_a_key_is_refused(lotus_db: Branch) -> None:
    ticket = make_ticket()
    assert press(lotus_db, ticket, "void", reason="fake", idempotency_key="").status_code == 400
    assert now(ticket).version == ticket.version


@pytest.mark.parametrize(("who", "status"), [("cai", 403), ("hui", 403), ("ji", 403), ("wu", 403), ("gao", 404)])
def test_who_may_not_dispatch_is_told_so_and_gao_finds_nothing(lotus_db: Branch, who: str, status: int) -> None:
    ticket = make_ticket()
    response = press(lotus_db, ticket, "dispatch", who, technician_id=bo(), reason="nearest")
    assert response.status_code == status
    assert json.loads(response["HX-Trigger"])["toast"]["kind"] == "bad"
    assert now(ticket).version == ticket.version


def test_a_technician_nobody_knows_is_not_found(lotus_db: Branch) -> None:
    ticket = make_ticket()
    for unknown in (999_999, 2**31 - 1):
        assert press(lotus_db, ticket, "dispatch", technician_id=unknown, reason="urgent").status_code == 404
    assert press(lotus_db, ticket, "dispatch", technician_id=2**70, reason="urgent").status_code == 422


# -- what is shown -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("submitted", {"place", "dispatch", "void"}),
        ("pooled", {"dispatch", "void"}),
        ("accepted", {"reassign", "void"}),
        ("in_progress", {"reassign"}),
        ("closed", set()),
    ],
)
def test_only_what_can_be_done_has_a_button(lotus_db: Branch, status: str, shown: set[str]) -> None:
    ticket = make_ticket(status=status)
    for part in ("side/", ""):
        page = client_at(lotus_db, lotus_db.bai).get(at(ticket, part)).content.decode()
        assert {name for name in STEPS if at(ticket, f"{name}/") in page} == shown


def test_a_clerk_sees_the_own_ticket_and_no_button(lotus_db: Branch) -> None:
    own, strange = make_ticket(), make_ticket(by=actor("an"))
    clerk = client_at(lotus_db, lotus_db.cai)
    assert "/dispatch/" not in clerk.get(at(own)).content.decode()
    assert clerk.get(at(strange)).status_code == 404


def test_the_phone_is_masked_until_asked_for_and_each_look_is_kept(lotus_db: Branch) -> None:
    ticket = make_ticket()
    client = client_at(lotus_db, lotus_db.lin)
    for part in ("", "side/"):
        assert ticket.contact_phone not in client.get(at(ticket, part)).content.decode()
    shown = client.post(at(ticket, "contact/"), {"idempotency_key": key()}, headers=HTMX)
    assert f"tel:{ticket.contact_phone}" in shown.content.decode()
    look = AuditEntry.objects.get(action="tickets.reveal_contact")
    assert (look.actor, look.entity_id, look.outcome) == (lotus_db.lin.ref, ticket.pk, "done")
    assert ticket.contact_phone not in str(look.details)


def test_who_may_not_see_contacts_is_refused_and_that_is_kept_too(lotus_db: Branch) -> None:
    ticket = make_ticket()
    response = client_at(lotus_db, lotus_db.ji).post(at(ticket, "contact/"), {"idempotency_key": key()})
    assert response.status_code == 403
    assert ticket.contact_phone not in response.content.decode()
    assert AuditEntry.objects.get(action="tickets.reveal_contact").outcome == "kernel.not_allowed"


def test_the_sheet_tells_wave_candidates_and_history(lotus_db: Branch) -> None:
    ticket = make_ticket()
    page = client_at(lotus_db, lotus_db.lin).get(at(ticket, "side/")).content.decode()
    assert page.count('class="who"') >= 2
    assert 'class="wave"' in page
    assert 'class="timeline"' in page


def test_the_best_candidate_is_free_fitting_and_chosen_beforehand(lotus_db: Branch) -> None:
    from apps.console.people_near import people_near

    Technician.objects.filter(user__username="wu").update(on_duty=False)
    ticket = make_ticket()
    best = [one for one in people_near(now(ticket)) if one.best]
    assert [(one.name, one.warn) for one in best] == [("Bo", False)]
    assert {one.name: one.warn for one in people_near(now(ticket))}["Wu"]


@pytest.mark.parametrize("who", ["lin", "cai"])
def test_queries_stay_the_same_however_long_the_history_is(lotus_db: Branch, who: str) -> None:
    short, long = make_ticket(), make_ticket(status="in_progress")
    client = client_at(lotus_db, getattr(lotus_db, who))
    client.get(at(short))
    for ticket in (short, long):
        asks = bool({"dispatch", "reassign"} & _buttons(lotus_db, who, ticket))
        with asking(6 + asks):  # session, person, ticket, history, pictures, wave (, who could go)
            client.get(at(ticket, "side/"))
        with asking(19 + asks + (who == "lin")):  # 13 more for what there is about a ticket (test_ticket_page)
            client.get(at(ticket))


def _buttons(branch: Branch, who: str, ticket: Ticket) -> set[str]:
    from apps.tickets.selectors import actions_for

    return set(actions_for(getattr(branch, who), now(ticket)))
