"""Follow-ups: after the survey the installation, after the inspection the repair; each knows the other."""

import pytest

from apps.tickets.errors import LikelyDuplicate, TicketNotFound
from apps.tickets.models import Ticket, TicketLink
from apps.tickets.related_read import related_to
from apps.tickets.services import open_ticket
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, client_at, key, make_ticket, report
from tests.rules import refused, sent_twice
from tests.tickets.steps import now_of

NEW = "/console/new/"


def follow(earlier: str, by: Actor, once: str = "", **fields: object) -> Ticket:
    told = report(**{"follows": earlier, "anyway": False, "type_code": "install_bb"} | fields)
    return Ticket.objects.get(id=open_ticket(report=told, channel="shop", by=by, key=once or key()).entity_id)


def kinds(who: Actor, ticket: Ticket) -> list[tuple[str, int]]:
    return [(one.kind, one.view.ticket.pk) for one in related_to(who, ticket).rows]


@pytest.mark.parametrize("status", ["in_progress", "closed"])
def test_each_shows_the_other_and_the_earlier_one_stays_as_it_is(lotus_db: Branch, lin: Actor, status: str) -> None:
    earlier = make_ticket(status=status)
    before = now_of(earlier).version
    later = follow(earlier.public_id, lin)
    assert kinds(lin, later) == [("follow_up", earlier.pk)] and kinds(lin, earlier) == [("followed_by", later.pk)]
    assert (now_of(earlier).version, now_of(earlier).status) == (before, status)
    assert later.status == "pooled" and later.contact_phone == earlier.contact_phone


def test_it_is_no_duplicate_of_what_it_follows(lotus_db: Branch, lin: Actor) -> None:
    earlier = make_ticket()
    with refused(LikelyDuplicate):
        follow("", lin, type_code="fault_bb")
    assert follow(earlier.public_id, lin, type_code="fault_bb").status == "pooled"


def test_sent_twice_it_is_one_ticket_and_one_link(lotus_db: Branch, lin: Actor) -> None:
    told = report(follows=make_ticket().public_id, type_code="install_bb")
    sent_twice(lambda once: open_ticket(report=told, channel="shop", by=lin, key=once))
    assert TicketLink.objects.filter(kind="follow_up").count() == 1


def test_what_one_does_not_see_cannot_be_followed_and_nothing_is_opened(lotus_db: Branch, gao: Actor) -> None:
    earlier = make_ticket()
    with refused(TicketNotFound):
        follow(earlier.public_id, gao)
    with refused(TicketNotFound):
        open_ticket(report=report(follows=earlier.public_id), channel="h5", by=lotus_db.mei, key=key())
    assert Ticket.objects.count() == 1


def test_the_other_branchs_ticket_is_not_followed(lotus_db: Branch, maple: Branch) -> None:
    earlier = make_ticket()
    with in_branch(maple.tenant), refused(TicketNotFound):
        follow(earlier.public_id, actor("lin"))


def test_from_the_page_of_the_ticket_the_form_is_filled_in_and_the_point_kept(lotus_db: Branch, lin: Actor) -> None:
    earlier = make_ticket(status="closed", node_code="OLT-7", account_no="8001")
    client = client_at(lotus_db, lin)
    link = f"{NEW}?follows={earlier.public_id}"
    assert link in client.get(f"/console/t/{earlier.public_id}/").content.decode()
    page = client.get(link).content.decode()
    assert earlier.ticket_no in page
    for known in (earlier.contact_phone, earlier.address, "8001", "OLT-7"):
        assert f'value="{known}"' in page
    told = {
        "phone": earlier.contact_phone, "type_code": "install_bb", "address": earlier.address, "priority": "2",
        "channel": "shop", "node_code": "OLT-7", "follows": earlier.public_id, "idempotency_key": key(),
    }  # fmt: skip
    assert client.post(NEW, told).status_code == 303
    later = Ticket.objects.latest("id")
    assert (later.lat, later.lng, later.node_code) == (earlier.lat, earlier.lng, "OLT-7")
    assert kinds(lin, later) == [("follow_up", earlier.pk)]


def test_a_wrong_form_keeps_what_it_follows(lotus_db: Branch, lin: Actor) -> None:
    earlier = make_ticket(status="closed")
    client = client_at(lotus_db, lin)
    told = {"phone": "1", "follows": earlier.public_id, "idempotency_key": key()}
    page = client.post(NEW, told)
    assert page.status_code == 422 and f'name="follows" value="{earlier.public_id}"' in page.content.decode()
    assert client.get(f"{NEW}?follows=nothing").status_code == 404
