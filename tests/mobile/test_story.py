"""Behind the technician's ticket: its clocks, what happened, what belongs together."""

import re

from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import client_at, make_ticket
from tests.queries import asking
from tests.tickets.full_life import full_life

ENGLISH = {"Accept-Language": "en"}


def story(branch: Branch, ticket: Ticket, who: Actor):  # type: ignore[no-untyped-def]
    return client_at(branch, who).get(f"/w/t/{ticket.public_id}/story", headers=ENGLISH)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_ticket_leads_to_it_and_it_tells_everything(lotus_db: Branch, wu: Actor) -> None:
    ticket = full_life()
    page = client_at(lotus_db, wu).get(f"/w/t/{ticket.public_id}").content.decode()
    assert f"/w/t/{ticket.public_id}/story" in page
    told = words(story(lotus_db, ticket, wu).content.decode())
    for part in ("Promise to the customer", "Part is missing", "皮线光缆", "Related", "Ticket opened", "Put on hold"):
        assert part in told, part


def test_a_document_is_no_picture(lotus_db: Branch, wu: Actor) -> None:
    ticket = full_life()
    page = client_at(lotus_db, wu).get(f"/w/t/{ticket.public_id}").content.decode()
    pdf = ticket.photos.get(kind="pdf")
    assert f'src="/files/photos/{pdf.public_id}' not in page and f'href="/files/photos/{pdf.public_id}"' in page


def test_who_does_not_see_the_ticket_does_not_see_its_story(lotus_db: Branch, bo: Actor, xi: Actor) -> None:
    ticket = make_ticket(status="accepted")
    for who in (bo, xi):
        assert story(lotus_db, ticket, who).status_code == 404


def test_of_a_ticket_in_the_pool_no_customer_is_told(lotus_db: Branch, wu: Actor, mei: Actor) -> None:
    ticket = make_ticket(by=mei)
    told = words(story(lotus_db, ticket, wu).content.decode())
    assert "Mei" not in told and ticket.address not in told and ticket.contact_phone not in told


def test_a_long_story_costs_no_more_queries(lotus_db: Branch, wu: Actor) -> None:
    long, client = full_life(), client_at(lotus_db, wu)
    for ticket in (make_ticket(status="accepted"), long):
        story(lotus_db, ticket, wu)
        with asking(15):  # session, person, ticket, the dossier's twelve
            client.get(f"/w/t/{ticket.public_id}/story")


def test_who_did_the_work_still_reads_it_when_all_is_over_but_no_contact(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="closed")
    told = words(story(lotus_db, ticket, wu).content.decode())
    assert "Callback: satisfied" in told and "Promise to the customer" in told
    assert ticket.contact_phone not in told and ticket.address not in told
