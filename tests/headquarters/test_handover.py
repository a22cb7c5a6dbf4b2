"""T8b, the whole way (domain.md §3.6): one branch lets a case go, headquarters routes it, another takes it.

However often a step is repeated, and wherever a process dies, exactly one open ticket is the end of it.
"""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.headquarters import handovers_read, services
from apps.headquarters.errors import HandoverDecided, HandoverNotFound, NoSuchTarget, TargetMissing
from apps.headquarters.models import Handover
from apps.headquarters.subscribers import note_handover
from apps.tickets import handover_read
from apps.tickets import services as tickets
from apps.tickets.errors import (
    AlreadyAsked,
    ArrivalNotFound,
    HandOverOver,
    HandOverRuns,
    IllegalTransition,
    ReasonMissing,
    TicketNotFound,
    UnknownBranch,
)
from apps.tickets.models import Arrival, Departure, Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch, in_public
from tenants.models import Status, Tenant
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.queries import asking
from tests.rules import refused, sent_twice
from tests.tickets.steps import ask, do, now_of

PAGE = 6
KINDS = {"ticket.hand_over_agreed", "ticket.hand_over_withdrawn", "ticket.arrival_answered"}


def bring(branch: Branch) -> None:
    """Headquarters hears what the branch said, twice."""
    with in_branch(branch.tenant):
        for record in [one for one in make.events() if one.kind in KINDS] * 2:
            note_handover(record)


def the_record() -> Handover:
    with in_public():
        return Handover.objects.select_related("target").get()


def agreed(ticket: Ticket, branch: str = "") -> str:
    """Lin asks, Bai lets it go; the link."""
    ask("let_go", ticket.public_id, by=actor("lin"), reason="their_area", branch=branch)
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    return Departure.objects.get(ticket=ticket, state="waiting").link_id


def route(link: str, branch: str, by: Actor) -> Receipt:
    with in_public():
        return services.route_handover(link_id=link, branch=branch, by=by, key=key())


def accept(maple: Branch, link: str, type_code: str = "fault_bb") -> Receipt:
    with in_branch(maple.tenant):
        return tickets.accept_arrival(link_id=link, type_code=type_code, by=actor("bai"), key=key())


def offer(lotus: Branch, maple: Branch, headquarters: Branch) -> tuple[Ticket, str]:
    """A ticket of Lotus that is offered to Maple; its link."""
    ticket = make_ticket(status="accepted")
    link = agreed(ticket, maple.tenant.code)
    bring(lotus)
    route(link, maple.tenant.code, headquarters.hq)
    services.drive(link)
    return ticket, link


@pytest.fixture
def offered(lotus_db: Branch, maple: Branch, headquarters: Branch) -> tuple[Ticket, str]:
    """The same in one transaction."""
    return offer(lotus_db, maple, headquarters)


def open_tickets(*branches: Branch) -> int:
    found = 0
    for branch in branches:
        with in_branch(branch.tenant):
            found += Ticket.objects.exclude(status__in=["closed", "void", "cancelled"]).count()
    return found


def test_with_both_yeses_the_case_goes_on_in_the_other_branch(
    lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]
) -> None:
    """domain.md §12 rules 21 and 22."""
    source, link = offered
    accept(maple, link)
    bring(maple)
    assert services.drive(link) == "done"
    with in_branch(maple.tenant):
        target = Ticket.objects.get(channel="handover")
        assert (target.status, target.reported_at, target.contact_phone, target.address) == (
            "pooled", source.reported_at, source.contact_phone, source.address,
        )  # fmt: skip
        assert Arrival.objects.get().state == "opened"
    gone = now_of(source)
    assert (gone.status, gone.close_code) == ("closed", "transferred")
    record = the_record()
    assert (record.state, record.target_ticket_no, record.moving) == ("done", target.ticket_no, False)
    way = handover_read.way_of(gone)
    assert way is not None and (way.new_ticket_no, way.went_to) == (target.ticket_no, maple.tenant.name)
    assert open_tickets(lotus_db, maple) == 1


def test_with_one_yes_nothing_changes_but_the_mark(lotus_db: Branch, maple: Branch) -> None:
    """domain.md §12 rule 21."""
    ticket = make_ticket(status="accepted")
    link = agreed(ticket)
    bring(lotus_db)
    assert services.drive(link) == ""
    found = now_of(ticket)
    assert (found.status, found.technician_id) == ("accepted", ticket.technician_id)
    assert the_record().state == "agreed" and open_tickets(lotus_db, maple) == 1
    do("check_in", ticket.public_id)  # it can be worked on
    assert now_of(ticket).status == "in_progress"


def test_the_record_knows_no_name_no_phone_and_no_door(lotus_db: Branch, offered: tuple[Ticket, str]) -> None:
    ticket, _link = offered
    told = str(the_record().offer)
    assert ticket.ticket_no in told and ticket.coarse_address in told
    for private in (ticket.contact_phone, ticket.contact_name, ticket.address):
        assert private not in told


def test_pictures_of_the_report_come_along(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    photo = tickets.upload_photo(content=make.picture(), stage="report", by=actor("cai"), key=key()).public_id
    ticket = make_ticket(photos=(photo,))
    link = agreed(ticket)
    bring(lotus_db)
    route(link, maple.tenant.code, headquarters.hq)
    services.drive(link)
    accept(maple, link)
    bring(maple)
    services.drive(link)
    with in_branch(maple.tenant):
        assert Ticket.objects.get(channel="handover").photos.count() == 1


@pytest.mark.parametrize("dies_after", range(5))
def test_killed_after_any_step_it_ends_in_one_open_ticket(
    lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str], monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    _source, link = offered
    accept(maple, link)
    bring(maple)
    steps = ("hand_over_ticket", "upload_photo", "open_arrival", "note_new_number")
    left = [dies_after]

    class Killed(BaseException):
        pass

    def dying(name: str):  # type: ignore[no-untyped-def]
        real = getattr(tickets, name)

        def step(**told: object) -> object:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            done = real(**told)
            if left[0] == 0:
                raise Killed
            return done

        return step

    with monkeypatch.context() as patch:
        for name in steps:
            patch.setattr(tickets, name, dying(name))
        try:
            services.drive(link)
        except Killed:
            assert open_tickets(lotus_db, maple) <= 1
    assert services.moving_from(lotus_db.tenant) in ([link], [])
    services.drive(link)
    services.drive(link)
    assert open_tickets(lotus_db, maple) == 1 and the_record().state == "done"
    with in_branch(maple.tenant):
        assert Ticket.objects.filter(channel="handover").count() == 1


def test_refused_it_stays_and_headquarters_may_ask_another(
    lotus_db: Branch, maple: Branch, headquarters: Branch, offered: tuple[Ticket, str]
) -> None:
    ticket, link = offered
    with in_branch(maple.tenant):
        tickets.refuse_arrival(link_id=link, reason="no people", by=actor("bai"), key=key())
    bring(maple)
    record = the_record()
    assert (record.state, record.target_id, record.answer) == ("agreed", None, "no people")
    assert now_of(ticket).status == "accepted"
    route(link, maple.tenant.code, headquarters.hq)
    services.drive(link)
    accept(maple, link)
    bring(maple)
    assert services.drive(link) == "done"


def test_headquarters_may_say_no_and_both_hear_why(
    lotus_db: Branch, maple: Branch, headquarters: Branch, offered: tuple[Ticket, str]
) -> None:
    ticket, link = offered
    with in_public():
        services.decline_handover(link_id=link, reason="it is yours", by=headquarters.hq, key=key())
        with pytest.raises(HandoverDecided):
            services.decline_handover(link_id=link, reason="again", by=headquarters.hq, key=key())
    services.drive(link)
    gone = Departure.objects.get()
    assert (gone.state, gone.answer, now_of(ticket).status) == ("refused", "it is yours", "accepted")
    with in_branch(maple.tenant):
        assert Arrival.objects.get().state == "withdrawn"
        with refused(HandOverOver):
            tickets.accept_arrival(link_id=link, type_code="fault_bb", by=actor("bai"), key=key())


def test_the_source_may_keep_it_until_it_has_gone(lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]) -> None:
    ticket, link = offered
    tickets.withdraw_hand_over(link_id=link, by=actor("lin"), key=key())
    with refused(HandOverOver):
        tickets.withdraw_hand_over(link_id=link, by=actor("lin"), key=key())
    bring(lotus_db)
    services.drive(link)
    assert the_record().state == "withdrawn" and now_of(ticket).status == "accepted"
    with in_branch(maple.tenant), refused(HandOverOver):
        tickets.accept_arrival(link_id=link, type_code="fault_bb", by=actor("bai"), key=key())
    assert agreed(ticket) != link  # and may ask anew


def test_what_the_source_kept_stays_however_late_headquarters_hears_of_it(
    lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]
) -> None:
    ticket, link = offered
    accept(maple, link)
    bring(maple)
    tickets.withdraw_hand_over(link_id=link, by=actor("lin"), key=key())
    assert services.drive(link) == "withdrawn"
    bring(lotus_db)
    assert services.drive(link) == ""
    record = the_record()
    assert (record.state, record.moving, now_of(ticket).status) == ("withdrawn", False, "accepted")
    assert [step.step for step in record.steps.order_by("id")][-1:] == ["withdrawn"]
    with in_branch(maple.tenant):
        assert Arrival.objects.get().state == "withdrawn" and not Ticket.objects.filter(channel="handover").exists()


def test_what_has_gone_is_not_kept_any_more(lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]) -> None:
    _ticket, link = offered
    accept(maple, link)
    bring(maple)
    services.drive(link)
    with refused(IllegalTransition):
        tickets.withdraw_hand_over(link_id=link, by=actor("lin"), key=key())
    assert Departure.objects.get().state == "gone" and the_record().state == "done"


def test_a_ticket_that_ends_meanwhile_stays_where_it_ended(
    lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]
) -> None:
    ticket, link = offered
    make.check_in(ticket.public_id)
    make.complete(ticket.public_id)
    accept(maple, link)
    bring(maple)
    assert services.drive(link) == "overtaken"
    assert now_of(ticket).status == "awaiting_callback" and Departure.objects.get().state == "overtaken"
    with in_branch(maple.tenant):
        assert Arrival.objects.get().state == "withdrawn" and not Ticket.objects.filter(channel="handover").exists()


def test_a_target_that_is_closed_meanwhile_is_waited_for(
    lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]
) -> None:
    ticket, link = offered
    accept(maple, link)
    bring(maple)
    Tenant.objects.filter(pk=maple.tenant.pk).update(status=Status.SUSPENDED)
    assert services.drive(link) == "accepted" and now_of(ticket).status == "accepted"
    Tenant.objects.filter(pk=maple.tenant.pk).update(status=Status.ACTIVE)
    assert services.moving_from(lotus_db.tenant) == [link] and services.drive(link) == "done"


def test_the_customers_clock_goes_on_and_the_time_before_is_kept(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    with clock.frozen(clock.now() - timedelta(hours=5)):
        ticket = make_ticket()
    link = agreed(ticket)
    bring(lotus_db)
    assert the_record().offer["used_minutes"] == 300
    route(link, maple.tenant.code, headquarters.hq)
    services.drive(link)
    accept(maple, link)
    bring(maple)
    services.drive(link)
    with in_branch(maple.tenant):
        target = Ticket.objects.get(channel="handover")
        assert target.resolve_due_at == ticket.resolve_due_at and target.accept_due_at > clock.now()


def test_a_case_that_was_handed_over_before_says_how_often(
    lotus_db: Branch, maple: Branch, headquarters: Branch, offered: tuple[Ticket, str]
) -> None:
    _ticket, link = offered
    accept(maple, link)
    bring(maple)
    services.drive(link)
    with in_branch(maple.tenant):
        back = Ticket.objects.get(channel="handover")
        agreed(back)
    bring(maple)
    with in_public():
        assert Handover.objects.get(source=maple.tenant.pk).hops == 2


def test_headquarters_may_begin_it(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    ticket = make_ticket()
    told = {"branch": lotus_db.tenant.code, "public_id": ticket.public_id, "target": maple.tenant.code}
    with in_public():
        services.start_handover(**told, reason="their line", by=headquarters.hq, key=key())
    assert now_of(ticket).pending_request == "let_go"
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    bring(lotus_db)
    assert the_record().wish == maple.tenant.code


def test_who_asks_does_not_agree_and_no_dispatcher_does(lotus_db: Branch, lin: Actor, bai: Actor) -> None:
    ticket = make_ticket()
    ask("let_go", ticket.public_id, by=lin, reason="their_area", branch="")
    for nobody in (actor("gao"), actor("yun"), actor("wu")):
        with pytest.raises((NotAllowed, TicketNotFound)):
            tickets.approve_request(public_id=ticket.public_id, by=nobody, key=key())
    with refused(NotAllowed):
        tickets.approve_request(public_id=ticket.public_id, by=lin, key=key())
    sent_twice(lambda once: tickets.approve_request(public_id=ticket.public_id, by=bai, key=once))
    assert Departure.objects.count() == 1


def test_a_case_goes_one_way_at_a_time(lotus_db: Branch, maple: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    with refused(UnknownBranch):
        ask("let_go", ticket.public_id, by=lin, reason="their_area", branch="nowhere")
    with refused(UnknownBranch):
        ask("let_go", ticket.public_id, by=lin, reason="their_area", branch=lotus_db.tenant.code)
    with refused(ReasonMissing):
        ask("let_go", ticket.public_id, by=lin, reason=" ", branch="")
    ask("let_go", ticket.public_id, by=lin, reason="their_area", branch="")
    with refused(AlreadyAsked):
        ask("let_go", ticket.public_id, by=lin, reason="their_area", branch="")
    tickets.approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    with refused(HandOverRuns):
        ask("let_go", ticket.public_id, by=lin, reason="their_area", branch="")


def test_headquarters_routes_to_an_open_branch_that_is_not_its_own(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    link = agreed(make_ticket())
    bring(lotus_db)
    for nowhere in (lotus_db.tenant.code, "nowhere", ""):
        with pytest.raises(NoSuchTarget):
            route(link, nowhere, headquarters.hq)
    with pytest.raises(HandoverNotFound):
        route("nothing", maple.tenant.code, headquarters.hq)
    with pytest.raises(NotAllowed):
        route(link, maple.tenant.code, headquarters.eye)
    with in_public(), pytest.raises(TargetMissing):
        services.decline_handover(link_id=link, reason=" ", by=headquarters.hq, key=key())
    route(link, maple.tenant.code, headquarters.hq)
    with pytest.raises(HandoverDecided):
        route(link, maple.tenant.code, headquarters.hq)
    assert the_record().round == 1


def test_only_the_branch_that_is_asked_answers(lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]) -> None:
    _ticket, link = offered
    with refused(ArrivalNotFound):
        tickets.accept_arrival(link_id=link, type_code="fault_bb", by=actor("bai"), key=key())  # Lotus' own
    with in_branch(maple.tenant):
        for nobody in (actor("lin"), actor("wu")):
            with refused(NotAllowed):
                tickets.accept_arrival(link_id=link, type_code="fault_bb", by=nobody, key=key())
        tickets.accept_arrival(link_id=link, type_code="fault_bb", by=actor("bai"), key=key())
        with refused(HandOverOver):
            tickets.accept_arrival(link_id=link, type_code="fault_bb", by=actor("bai"), key=key())


def test_neither_branch_sees_the_others_ticket(lotus_db: Branch, maple: Branch, offered: tuple[Ticket, str]) -> None:
    """domain.md §12 rule 23."""
    source, link = offered
    accept(maple, link)
    bring(maple)
    services.drive(link)
    with in_branch(maple.tenant):
        target = Ticket.objects.get(channel="handover")
    at_maple = make.client_at(maple, maple.lin).get(f"/api/v1/tickets/{source.public_id}")
    at_lotus = make.client_at(lotus_db, lotus_db.lin).get(f"/api/v1/tickets/{target.public_id}")
    assert (at_maple.status_code, at_lotus.status_code) == (404, 404)


def test_the_lists_show_each_side_its_own(
    lotus_db: Branch, maple: Branch, headquarters: Branch, offered: tuple[Ticket, str]
) -> None:
    _ticket, link = offered
    [going] = handover_read.going(actor("lin"))
    assert (going.departure.link_id, going.may_withdraw) == (link, True)
    assert handover_read.coming(actor("bai")) == [] and handover_read.going(actor("gao")) == []
    with in_branch(maple.tenant):
        [coming] = handover_read.coming(actor("bai"))
        assert coming.waits and coming.types[0][0] == "fault_bb" and handover_read.how_many_wait() == 1
    with in_public():
        [line] = handovers_read.handovers(headquarters.hq, "open")
        assert (line.record.link_id, line.late) == (link, False)


def test_the_customer_reads_where_the_case_is_now(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    """domain.md §3.6.7."""
    ticket = make_ticket(by=lotus_db.mei)
    link = agreed(ticket)
    bring(lotus_db)
    route(link, maple.tenant.code, headquarters.hq)
    services.drive(link)
    accept(maple, link)
    bring(maple)
    services.drive(link)
    page = make.client_at(lotus_db, lotus_db.mei).get(f"/h5/t/{ticket.public_id}").content.decode()
    assert maple.tenant.name in page and the_record().target_ticket_no in page


def test_the_pages_take_a_case_from_one_branch_to_the_other(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    """Asked at Lotus' desk, agreed there, routed at headquarters, taken at Maple's desk."""
    link = agreed(make_ticket(), maple.tenant.code)
    bring(lotus_db)
    at_lotus = make.client_at(lotus_db, lotus_db.lin).get("/console/handovers/")
    assert at_lotus.status_code == 200 and link in at_lotus.content.decode()
    hq = make.client_at(headquarters, headquarters.hq)
    assert link in hq.get("/hq/handovers/").content.decode()
    told = {"branch": maple.tenant.code, "idempotency_key": key()}
    assert hq.post(f"/hq/handovers/{link}/route/", told).status_code == 303
    services.drive(link)
    desk = make.client_at(maple, maple.bai)
    assert link in desk.get("/console/handovers/").content.decode()
    wrong = desk.post(f"/console/handovers/{link}/accept/", {"type_code": "nothing", "idempotency_key": key()})
    assert wrong.status_code == 422
    taken = desk.post(f"/console/handovers/{link}/accept/", {"type_code": "fault_bb", "idempotency_key": key()})
    assert taken.status_code == 303
    bring(maple)
    assert services.drive(link) == "done"
    assert the_record().target_ticket_no in desk.get("/console/handovers/").content.decode()
    assert the_record().target_ticket_no in hq.get("/hq/handovers/?tab=done").content.decode()


def test_a_refusal_and_a_no_stand_on_the_pages(lotus_db: Branch, maple: Branch, headquarters: Branch) -> None:
    link = agreed(make_ticket(), maple.tenant.code)
    bring(lotus_db)
    route(link, maple.tenant.code, headquarters.hq)
    services.drive(link)
    desk, hq = make.client_at(maple, maple.bai), make.client_at(headquarters, headquarters.hq)
    told = {"reason": "other", "note": "we have nobody there", "idempotency_key": key()}
    assert desk.post(f"/console/handovers/{link}/refuse/", told).status_code == 303
    bring(maple)
    assert "we have nobody there" in hq.get("/hq/handovers/").content.decode()
    empty = hq.post(f"/hq/handovers/{link}/decline/", {"reason": " ", "idempotency_key": key()})
    assert empty.status_code == 422 and link in empty.content.decode()
    done = hq.post(f"/hq/handovers/{link}/decline/", {"reason": "it is theirs", "idempotency_key": key()})
    assert done.status_code == 303


def test_the_desks_page_keeps_a_case_and_asks_the_same_however_many(lotus_db: Branch, maple: Branch) -> None:
    desk = make.client_at(lotus_db, lotus_db.lin)
    links = [agreed(make_ticket(contact_phone=f"1390000{n:04d}")) for n in range(3)]
    desk.get("/console/handovers/")  # the host is known from now on
    with asking(PAGE):
        desk.get("/console/handovers/")
    for n in range(4, 8):
        agreed(make_ticket(contact_phone=f"1390000{n:04d}"))
    with asking(PAGE):
        desk.get("/console/handovers/")
    kept = desk.post(f"/console/handovers/{links[0]}/keep/", {"idempotency_key": key()})
    assert kept.status_code == 303 and Departure.objects.get(link_id=links[0]).state == "withdrawn"


def test_what_was_said_of_a_case_is_never_changed(lotus_db: Branch, offered: tuple[Ticket, str]) -> None:
    for statement in ("UPDATE headquarters_handoverstep SET text = 'x'", "DELETE FROM headquarters_handoverstep"):
        with in_public(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
