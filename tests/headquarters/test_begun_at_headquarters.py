"""Headquarters begins a hand-over itself and follows it: both administrators are asked all the same, everybody at
headquarters may look, and only its administrator may press (domain.md §1.3, §3.6).
"""

from datetime import timedelta

import pytest

from apps.headquarters import handovers_read, services
from apps.headquarters.errors import BranchAway, HandoverDecided, HandoverNotFound, NoSuchBranch, NoSuchTarget
from apps.headquarters.models import Handover
from apps.headquarters.services import beginning
from apps.headquarters.services.beginning import BEGIN
from apps.headquarters.subscribers import note_handover
from apps.tickets import handover_read
from apps.tickets import services as tickets
from apps.tickets.errors import HandOverRuns, ReasonMissing, TicketNotFound
from apps.tickets.models import Departure, Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tenants.models import Status, Tenant
from tests import make
from tests.cast import Branch
from tests.make import BranchClient, actor, client_at, key, make_ticket
from tests.queries import asking
from tests.tickets.steps import ask, do, now_of

# Queries of the pages, with who it is; the ticket's with the switch into the branch and the look's savepoints.
LIST, CASE, TICKET = 7, 5, 17
HEARD = {
    "ticket.requested", "ticket.request_refused", "ticket.hand_over_agreed", "ticket.hand_over_withdrawn",
    "ticket.arrival_answered",
}  # fmt: skip


def bring(branch: Branch) -> None:
    """Headquarters hears what the branch said, all of it twice."""
    with in_branch(branch.tenant):
        for record in [one for one in make.events() if one.kind in HEARD] * 2:
            note_handover(record)


def begin(ticket: Ticket, by: Actor, *, branch: str = "LO", target: str = "MA", once: str = "") -> str:
    with in_public():
        return services.start_handover(
            branch=branch, public_id=ticket.public_id, target=target, reason="their_line", by=by, key=once or key()
        ).public_id


def the_record() -> Handover:
    with in_public():
        return Handover.objects.select_related("source", "target").get()


def steps() -> list[str]:
    with in_public():
        return list(the_record().steps.order_by("id").values_list("step", flat=True))


@pytest.fixture
def keeper(lotus_db: Branch, maple: Branch, headquarters: Branch) -> BranchClient:
    return client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def eye(lotus_db: Branch, maple: Branch, headquarters: Branch) -> BranchClient:
    return client_at(headquarters, headquarters.eye, HTTP_ACCEPT_LANGUAGE="en")


def main_of(page: object) -> str:
    body = page.content.decode()  # type: ignore[attr-defined]
    return str(body[body.index("<main") : body.index("</main>")])


def test_from_the_masked_ticket_to_the_new_number_with_both_yeses(
    keeper: BranchClient, lotus_db: Branch, maple: Branch
) -> None:
    ticket = make_ticket(status="accepted")
    at = f"/hq/tickets/LO/{ticket.public_id}/"
    assert "Hand over to another branch" in main_of(keeper.get(at))
    told = {"branch": "MA", "reason": "their_line", "idempotency_key": key()}
    begun = keeper.post(f"{at}hand-over/", told)
    assert begun.status_code == 303
    link = the_record().link_id
    page = main_of(keeper.get(begun["Location"]))
    assert "Asked." in page and "the administrator of Lotus" in page and "Lotus is asked to let it go" in page
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    bring(lotus_db)
    assert services.drive(link) == "offered"
    assert "the administrator of Maple" in main_of(keeper.get(f"/hq/handovers/{link}/"))
    with in_branch(maple.tenant):
        tickets.accept_arrival(link_id=link, type_code="fault_bb", by=actor("bai"), key=key())
    bring(maple)
    assert services.drive(link) == "done"
    page = main_of(keeper.get(f"/hq/handovers/{link}/"))
    assert ticket.ticket_no in page and the_record().target_ticket_no in page and "opened at Maple" in page
    assert steps() == ["asked", "agreed", "offered", "accepted", "done"]
    with in_public():
        assert list(the_record().steps.order_by("id").values_list("by_name", flat=True)) == [
            "Hq",
            "Bai",
            "Hq",
            "Pan",
            "",
        ]
    assert now_of(ticket).close_code == "transferred"


def test_with_the_sources_yes_it_goes_where_headquarters_said(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    ticket = make_ticket()
    link = begin(ticket, headquarters.hq)
    assert (the_record().state, the_record().target_id, now_of(ticket).pending_request) == ("asked", None, "let_go")
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    bring(lotus_db)
    record = the_record()
    assert (record.link_id, record.state, record.target_id, record.round) == (link, "offered", maple.tenant.pk, 1)
    assert Departure.objects.get().link_id == link and record.offer["agreed_by"] == "Bai"


def test_a_target_that_closed_meanwhile_is_for_headquarters_to_decide(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    ticket = make_ticket()
    begin(ticket, headquarters.hq)
    Tenant.objects.filter(pk=maple.tenant.pk).update(status=Status.SUSPENDED)
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    bring(lotus_db)
    assert (the_record().state, the_record().round) == ("agreed", 0)


def test_sent_twice_it_is_asked_once(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    ticket, once = make_ticket(), key()
    assert begin(ticket, headquarters.hq, once=once) == begin(ticket, headquarters.hq, once=once)
    bring(lotus_db)
    assert steps() == ["asked"] and AuditEntry.objects.filter(action=BEGIN).count() == 1


def test_killed_after_the_question_the_event_brings_it(
    lotus_db: Branch, maple: Branch, headquarters: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_told: object) -> None:
        raise Killed

    ticket = make_ticket()
    with monkeypatch.context() as patch:
        patch.setattr(beginning, "note_asked", dies)
        with pytest.raises(Killed):
            begin(ticket, headquarters.hq)
    with in_public():
        assert not Handover.objects.exists()
    bring(lotus_db)
    assert (the_record().state, the_record().begun, the_record().asked_by) == ("asked", True, "Hq")


def test_who_asked_stands_in_the_branchs_audit(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    ticket = make_ticket()
    begin(ticket, headquarters.hq)
    line = AuditEntry.objects.get(action=BEGIN)
    assert (line.actor, line.actor_name, line.entity, line.entity_id) == (
        headquarters.hq.ref, "Hq", "ticket", ticket.pk,
    )  # fmt: skip


def test_the_branchs_no_is_read_at_headquarters(keeper: BranchClient, lotus_db: Branch, headquarters: Branch) -> None:
    ticket = make_ticket()
    link = begin(ticket, headquarters.hq)
    tickets.refuse_request(public_id=ticket.public_id, reason="it is ours", by=actor("bai"), key=key())
    bring(lotus_db)
    assert (the_record().state, the_record().answer, steps()) == ("withdrawn", "it is ours", ["asked", "kept"])
    page = main_of(keeper.get(f"/hq/handovers/{link}/"))
    assert "Lotus does not let it go" in page and "it is ours" in page and "<form" not in page
    assert link in main_of(keeper.get("/hq/handovers/?tab=ended"))
    begin(ticket, headquarters.hq)  # and may be asked anew


def test_headquarters_takes_its_own_question_back_and_nobody_elses(
    keeper: BranchClient, lotus_db: Branch, headquarters: Branch
) -> None:
    ours, theirs = make_ticket(), make_ticket(contact_phone="13900007777")
    link = begin(ours, headquarters.hq)
    assert keeper.post(f"/hq/handovers/{link}/take-back/", {"idempotency_key": key()}).status_code == 303
    assert (the_record().state, now_of(ours).pending_request) == ("withdrawn", "")
    again = keeper.post(f"/hq/handovers/{link}/take-back/", {"idempotency_key": key(), "from": "case"})
    assert again.status_code == 409 and "gone on meanwhile" in main_of(again)
    ask("let_go", theirs.public_id, by=actor("lin"), reason="their_area", branch="MA")
    bring(lotus_db)
    with in_public():
        asked = Handover.objects.get(source_ticket=theirs.public_id)
        with pytest.raises(HandoverDecided):
            services.take_back(link_id=asked.link_id, by=headquarters.hq, key=key())
        with pytest.raises(HandoverNotFound):
            services.take_back(link_id="nothing", by=headquarters.hq, key=key())
    assert now_of(theirs).pending_request == "let_go"


def test_what_a_dispatcher_asks_is_seen_before_anybody_has_agreed(
    eye: BranchClient, lotus_db: Branch, headquarters: Branch
) -> None:
    """domain.md §3.6.2: no answer for a day is shown to headquarters."""
    ticket = make_ticket()
    with clock.frozen(clock.now() - timedelta(hours=25)):
        ask("let_go", ticket.public_id, by=actor("lin"), reason="their_area", branch="MA")
    bring(lotus_db)
    record = the_record()
    assert (record.state, record.begun, record.asked_by, record.wish) == ("asked", False, "Lin", "MA")
    page = main_of(eye.get("/hq/handovers/?tab=asked"))
    assert "no answer for a day" in page and "the administrator of Lotus" in page and "Maple" in page


def test_it_is_worked_on_as_ever_while_it_is_asked_for_and_what_ends_is_overtaken(
    lotus_db: Branch, headquarters: Branch, wu: Actor
) -> None:
    """domain.md §3.6.1."""
    ticket = make_ticket()
    begin(ticket, headquarters.hq)
    make.grab(ticket.public_id)
    do("check_in", ticket.public_id)
    assert (now_of(ticket).status, now_of(ticket).pending_request) == ("in_progress", "let_go")
    make.complete(ticket.public_id)
    assert now_of(ticket).pending_request == ""
    services.follow_answers(lotus_db.tenant)
    services.follow_answers(lotus_db.tenant)
    assert (the_record().state, steps()) == ("overtaken", ["asked", "overtaken"])


def test_refusals_are_sentences_over_the_ticket(keeper: BranchClient, lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    at = f"/hq/tickets/LO/{ticket.public_id}/hand-over/"

    def refusal(**told: str) -> str:
        page = keeper.post(at, {"branch": "MA", "reason": "their_line", "idempotency_key": key()} | told)
        assert page.status_code in {409, 422}
        return main_of(page)

    for wrong in ("", "LO", "nowhere"):
        assert "Please choose an open branch that is not its own." in refusal(branch=wrong)
    assert str(ReasonMissing.message) in refusal(reason="")
    keeper.post(at, {"branch": "MA", "reason": "their_line", "idempotency_key": key()})
    assert "Hq has asked for something on this ticket already." in refusal()
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    assert str(HandOverRuns.message) in refusal()
    closed = make_ticket(status="closed", contact_phone="13900008888")
    over = keeper.post(
        f"/hq/tickets/LO/{closed.public_id}/hand-over/",
        {"branch": "MA", "reason": "their_line", "idempotency_key": key()},
    )
    assert over.status_code == 409 and "Closed" in main_of(over)


def test_a_ticket_of_another_branch_a_branch_that_is_not_there_and_one_that_is_closed(
    keeper: BranchClient, lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    with in_branch(maple.tenant):
        theirs = make_ticket()
    told = {"branch": "MA", "reason": "their_line", "idempotency_key": key()}
    assert keeper.post(f"/hq/tickets/LO/{theirs.public_id}/hand-over/", told).status_code == 404
    assert keeper.post(f"/hq/tickets/NOBODY/{theirs.public_id}/hand-over/", told).status_code == 404
    assert keeper.get("/hq/handovers/nothing/").status_code == 404
    with pytest.raises(TicketNotFound):
        begin(theirs, headquarters.hq)
    with pytest.raises(NoSuchBranch):
        begin(theirs, headquarters.hq, branch="NOBODY")
    ours = make_ticket()
    with pytest.raises(NoSuchTarget):
        begin(ours, headquarters.hq, target="LO")
    Tenant.objects.filter(pk=lotus_db.tenant.pk).update(status=Status.SUSPENDED)
    with pytest.raises(BranchAway):
        begin(ours, headquarters.hq)


def test_who_only_looks_looks_and_presses_nothing(
    eye: BranchClient, lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    ticket = make_ticket()
    link = begin(ticket, headquarters.hq)
    for page in ("/hq/handovers/?tab=open", f"/hq/handovers/{link}/"):
        body = main_of(eye.get(page))
        assert link in body or ticket.ticket_no in body
        assert 'method="post"' not in body
    assert "<form" not in main_of(eye.get(f"/hq/tickets/LO/{ticket.public_id}/"))
    told = {"branch": "MA", "reason": "their_line", "idempotency_key": key()}
    for address in (
        f"tickets/LO/{ticket.public_id}/hand-over",
        f"handovers/{link}/take-back",
        f"handovers/{link}/route",
    ):
        assert eye.post(f"/hq/{address}/", told).status_code == 403
    with pytest.raises(NotAllowed):
        begin(make_ticket(contact_phone="13900006666"), headquarters.eye)
    with in_public(), pytest.raises(NotAllowed):
        services.take_back(link_id=link, by=headquarters.eye, key=key())
    assert the_record().state == "asked"


@pytest.mark.parametrize("who", ["lin", "bai", "wu"])
def test_nobody_of_a_branch_sees_or_begins_it_there(lotus_db: Branch, headquarters: Branch, who: str) -> None:
    begin(make_ticket(), headquarters.hq)
    with in_public(), pytest.raises(NotAllowed):
        handovers_read.handovers(getattr(lotus_db, who), "open")
    assert client_at(lotus_db, getattr(lotus_db, who)).get("/hq/handovers/").status_code in {403, 404}


def test_the_case_is_shown_without_name_phone_and_door(
    eye: BranchClient, lotus_db: Branch, headquarters: Branch
) -> None:
    ticket = make_ticket()
    link = begin(ticket, headquarters.hq)
    page = main_of(eye.get(f"/hq/handovers/{link}/"))
    for private in (ticket.contact_phone, ticket.contact_name, ticket.address):
        assert private not in page


def test_while_it_runs_the_masked_ticket_shows_it_and_offers_no_second(
    keeper: BranchClient, lotus_db: Branch, headquarters: Branch
) -> None:
    ticket = make_ticket()
    link = begin(ticket, headquarters.hq)
    page = main_of(keeper.get(f"/hq/tickets/LO/{ticket.public_id}/"))
    assert link in page and "hand-over/" not in page


def test_the_list_is_of_a_state_and_of_a_branch(
    keeper: BranchClient, lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    link = begin(make_ticket(), headquarters.hq)
    for where, found in (("tab=asked", 1), ("tab=open&branch=MA", 1), ("tab=open&branch=LO", 1), ("tab=done", 0)):
        assert main_of(keeper.get(f"/hq/handovers/?{where}")).count(f'id="c-{link}"') == found, where
    assert link not in main_of(keeper.get("/hq/handovers/?tab=open&branch=XX"))
    assert link in main_of(keeper.get("/hq/handovers/?tab=asked&branch=%00"))


def test_both_desks_show_where_it_went_and_where_it_came_from(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    ticket = make_ticket()
    link = begin(ticket, headquarters.hq)
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    bring(lotus_db)
    services.drive(link)
    with in_branch(maple.tenant):
        tickets.accept_arrival(link_id=link, type_code="fault_bb", by=actor("bai"), key=key())
    bring(maple)
    services.drive(link)
    record = the_record()
    here = client_at(lotus_db, lotus_db.lin).get(f"/console/t/{ticket.public_id}/").content.decode()
    there = client_at(maple, maple.lin).get(f"/console/t/{record.target_ticket}/").content.decode()
    assert record.target_ticket_no in here and maple.tenant.name in here
    assert ticket.ticket_no in there and lotus_db.tenant.name in there


def test_the_list_asks_the_same_however_many(keeper: BranchClient, lotus_db: Branch, headquarters: Branch) -> None:
    begin(make_ticket(), headquarters.hq)
    keeper.get("/hq/handovers/?tab=open")  # the host is known from now on
    for n in range(4):
        with asking(LIST):
            assert keeper.get("/hq/handovers/?tab=open").status_code == 200
        begin(make_ticket(contact_phone=f"1390000{n:04d}"), headquarters.hq)


def test_a_case_and_a_masked_ticket_ask_as_often_as_they_say(
    keeper: BranchClient, lotus_db: Branch, headquarters: Branch
) -> None:
    ticket = make_ticket()
    free, at = make_ticket(contact_phone="13900005555"), f"/hq/tickets/LO/{ticket.public_id}/"
    link = begin(ticket, headquarters.hq)
    keeper.get(at)
    with asking(CASE):
        keeper.get(f"/hq/handovers/{link}/")
    with asking(TICKET):
        keeper.get(f"/hq/tickets/LO/{free.public_id}/")
    with asking(TICKET + 1):
        keeper.get(at)
    with asking(2):  # the history is read at another place
        assert len(handover_read.asks_of(ticket.public_id)) == 1


def test_following_asks_once_when_nothing_has_moved(lotus_db: Branch, headquarters: Branch) -> None:
    with asking(1):
        services.follow_answers(lotus_db.tenant)
    begin(make_ticket(), headquarters.hq)
    with asking(3):  # one of them: is the branch there?
        services.follow_answers(lotus_db.tenant)
