"""Everything of one ticket on one page, in words; how often the database is asked depends on nothing of it."""

import re
from datetime import timedelta

import pytest

from apps.tickets import services
from apps.tickets.dossier import dossier_of
from apps.tickets.models import CallbackAttempt, Charge, Photo, Ticket, TicketLink, TicketRequest
from apps.tickets.selectors import ticket_for
from steppe.kernel import clock
from tests import make
from tests.cast import Branch
from tests.make import ADDRESS, actor, client_at, key, make_ticket
from tests.queries import asking
from tests.tickets.full_life import full_life
from tests.tickets.steps import do

ENGLISH = {"Accept-Language": "en"}


def page_of(branch: Branch, ticket: Ticket, who: str = "lin") -> str:
    answer = client_at(branch, getattr(branch, who)).get(f"/console/t/{ticket.public_id}/", headers=ENGLISH)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def words(page: str) -> str:
    """What a reader sees of the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def ticket(lotus_db: Branch) -> Ticket:
    return full_life()


def test_every_step_is_told_in_words_with_its_facts_and_its_reason(lotus_db: Branch, ticket: Ticket) -> None:
    told = words(page_of(lotus_db, ticket))
    for step in (
        "Hold requested material missing", "Part is missing", "Callback: sent back",
        "Customer not reached busy · try 1",
        "Work completed 1 photo", "Files added 1 document", "Work added ¥3.00", "Bo helped, 30 %", "Resumed",
        "Put on hold customer", "Nobody at home", "Checked in on site", "Request refused Transfer",
        "Transfer requested to Care", "A duplicate was merged in LO-", "Child ticket raised LO-", "must be done first",
        "Urged time 1", "Appointment made", "Customer contacted", "Grabbed", "Ticket opened",
    ):  # fmt: skip
        assert step in told, step


def test_the_newest_steps_stand_on_top_and_the_old_ones_are_folded(lotus_db: Branch, ticket: Ticket) -> None:
    page = page_of(lotus_db, ticket)
    shown, folded = page.split('<details class="timeline-old">', 1)
    assert shown.count('class="timeline-row"') == 12
    assert shown.count('class="timeline-row"') + folded.count('class="timeline-row"') == ticket.history.count()
    assert "Hold requested" in shown and "Ticket opened" in folded


def test_every_clock_has_its_line_its_pauses_and_its_bar(lotus_db: Branch, ticket: Ticket) -> None:
    page = page_of(lotus_db, ticket)
    told = words(page)
    for clock_name in ("Accepting", "First contact", "Arrival", "Promise to the customer", "Callback"):
        assert clock_name in told
    assert "Stood still for 1 h in all." in told and "(customer)." in told
    assert 'class="is-still"' in page and 'class="is-over"' in page
    assert page.count('class="clock-bar"') == 5  # a hold only waits for a moment


def test_a_broken_limit_is_told_with_its_exemption(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with clock.frozen(ticket.resolve_due_at + timedelta(minutes=1)):
        services.sweep_clocks()
    breach = ticket.breaches.get(clock="resolve")
    given = {"public_id": ticket.public_id, "breach_id": breach.pk, "reason": "the bridge was closed"}
    services.exempt_breach(**given, by=lotus_db.bai, key=key())
    assert "Exempted by Bai" in words(page_of(lotus_db, ticket))
    for who, sees in (("lin", True), ("ji", False)):  # the reason names people and doors, as the history's do
        told = words(page_of(lotus_db, ticket, who))
        assert "Exempted by Bai" in told and ("the bridge was closed" in told) == sees, who


def test_people_are_there_with_their_shares_also_who_had_it(lotus_db: Branch, ticket: Ticket) -> None:
    told = words(page_of(lotus_db, ticket))
    assert "Has it Wu" in told and "Helped Bo" in told and "30 %" in told
    assert "Opened by Cai" in told and "Called back Hui" in told


def test_files_tell_where_and_when_they_were_taken(lotus_db: Branch, ticket: Ticket) -> None:
    page = page_of(lotus_db, ticket)
    told = words(page)
    assert "taken here" in told and "km away" in told and "too early" in told and "投诉信.pdf" in told
    for photo in ticket.photos.all():
        assert (f"/files/photos/{photo.public_id}/small" in page) == (photo.kind == "picture")


def test_what_belongs_together_is_one_click_away(lotus_db: Branch, ticket: Ticket) -> None:
    page = page_of(lotus_db, ticket)
    for word, other in (
        ("Child ticket", ticket.children.get()), ("Duplicate of this", Ticket.objects.get(merged_into=ticket)),
        ("Related", Ticket.objects.get(linked_from__source=ticket)),
    ):  # fmt: skip
        assert word in page and f"/console/t/{other.public_id}/" in page


def test_incident_repeat_and_trip_too(lotus_db: Branch) -> None:
    ticket, other = make_ticket(status="accepted"), make_ticket(status="accepted", contact_phone="13900005553")
    do("link_incident", ticket.public_id)
    Ticket.objects.filter(pk=ticket.pk).update(repeat_of=other)
    names = {"public_ids": [ticket.public_id, other.public_id], "name": "North", "planned_for": clock.now().date()}
    services.bundle_tickets(**names, by=actor("lin"), key=key())
    told = words(page_of(lotus_db, ticket))
    assert "Network incident" in told and "Repeats" in told and "Same trip" in told and "North" in told


def test_a_ticket_out_of_sight_is_not_named(lotus_db: Branch, ticket: Ticket) -> None:
    child = ticket.children.get()
    Ticket.objects.filter(pk=child.pk).update(org_path="/1/99/")
    assert child.ticket_no in page_of(lotus_db, ticket)  # Lin sees the whole branch
    seen = page_of(lotus_db, ticket, "yun")
    assert f"/console/t/{child.public_id}/" not in seen


def test_the_parent_shows_that_a_childs_department_is_late(lotus_db: Branch) -> None:
    parent = make_ticket(status="in_progress")
    do("spawn_child", parent.public_id)
    child = parent.children.get()
    assert child.dept_due_at is not None and '<span class="tag tag-loud">overdue' not in page_of(lotus_db, parent)
    with clock.frozen(child.dept_due_at + timedelta(minutes=1)):
        services.sweep_clocks()
        assert "dept" in parent.children.get().overdue_clocks
        assert '<span class="tag tag-loud">overdue' in page_of(lotus_db, parent)


def test_charges_and_calls_are_told(lotus_db: Branch, ticket: Ticket) -> None:
    told = words(page_of(lotus_db, ticket))
    assert "皮线光缆" in told and "R-2041" in told and "our own fault" in told and "¥20.00" in told
    assert "Not reached busy" in told and "Not fixed" in told and "Still broken" in told


@pytest.mark.parametrize(("who", "decides"), [("lin", True), ("yun", True), ("hui", False), ("an", False)])
def test_who_may_decide_has_the_buttons_and_the_others_read_that_it_waits(
    lotus_db: Branch, ticket: Ticket, who: str, decides: bool
) -> None:
    page = page_of(lotus_db, ticket, who)
    assert "Wu asks: Hold" in page
    assert (f"/console/t/{ticket.public_id}/approve/" in page) == decides
    assert ("Waiting for the decision of somebody else." in page) != decides


def test_what_names_people_and_doors_goes_with_the_contact(lotus_db: Branch, ticket: Ticket) -> None:
    """Ji does accounts: the money and the times, not the customer's."""
    page = page_of(lotus_db, ticket, "ji")
    told = words(page)
    assert "皮线光缆" in told and "Promise to the customer" in told
    words_of_people = (ticket.description, "new plug", "our own fault", "Nobody at home", "Still broken")
    for hidden in (*words_of_people, "投诉信", ADDRESS, "/files/photos/"):
        assert hidden not in told and hidden not in page, hidden


def test_a_ticket_to_which_little_happened_has_a_short_page(lotus_db: Branch) -> None:
    page = page_of(lotus_db, make_ticket())
    absent = ("charges", "material", "related", "requests", "calls", "costs")
    for part in (*(f"at-{one}" for one in absent), "banner-warm", "timeline-old"):
        assert part not in page
    for part in ("at-facts", "at-files", "at-clocks", "at-people", "at-history"):
        assert part in page


@pytest.mark.parametrize("who", ["lin", "ji"])
def test_everything_costs_twenty_three_queries_at_most(lotus_db: Branch, ticket: Ticket, who: str) -> None:
    """Session, person, ticket; eleven for the dossier; three for its material, and one what it cost for who may know;
    wave, who could go; what is only here if it is: pictures, department, trip; the badge of requests for who decides;
    the people and their entries for who reads points; the account and the badge of expenses for who reads costs.
    """
    client = client_at(lotus_db, getattr(lotus_db, who))
    client.get(f"/console/t/{ticket.public_id}/")
    much = {"lin": 21, "ji": 23}[who]
    with asking(much):
        client.get(f"/console/t/{ticket.public_id}/")
    _grow(ticket)
    with asking(much):
        client.get(f"/console/t/{ticket.public_id}/")


def test_the_dossier_alone_costs_eleven_and_the_pictures(lotus_db: Branch, ticket: Ticket) -> None:
    view = ticket_for(lotus_db.lin, ticket.public_id)
    with asking(12):
        dossier_of(lotus_db.lin, view)


def _grow(ticket: Ticket) -> None:
    """Three times as much of everything."""
    for kind in (Photo, Charge, TicketRequest, CallbackAttempt):
        for row in kind.objects.filter(ticket=ticket):
            row.pk = None
            if isinstance(row, Photo):
                row.public_id = make.key()[:12]
            if isinstance(row, TicketRequest):
                row.state = "refused"
            row.save()
    for number in range(3):
        other = make_ticket(contact_phone=f"1390000666{number}")
        facts = {"kind": "related", "made_by": "staff:1", "made_at": clock.now()}
        TicketLink.objects.create(source=ticket, target=other, **facts)


def test_no_form_of_the_page_waits_for_a_sheet_that_is_not_there(lotus_db: Branch) -> None:
    """The same forms stand in the list's sheet and answer into it; here they lead back to the page."""
    ticket = make_ticket()
    page = client_at(lotus_db, lotus_db.lin).get(f"/console/t/{ticket.public_id}/").content.decode()
    assert f"/console/t/{ticket.public_id}/dispatch/" in page and 'hx-target="#side"' not in page
