"""Five reports of one node or grid within the hour look like one network incident."""

from datetime import timedelta

from apps.tickets.models import Ticket
from apps.tickets.services import declare_incident, link_incident, unlink_incident
from apps.tickets.suggesting import likely_incidents
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import check_in, client_at, complete, grab, key, make_ticket

PAGE, HINT = "/console/incidents/", "/console/incidents/hint/"
ENGLISH = {"Accept-Language": "en"}


def reports(count: int, node: str = "OLT-7", **fields: object) -> list[Ticket]:
    return [make_ticket(contact_phone=f"1390002{n:04}", node_code=node, **fields) for n in range(count)]


def test_four_are_not_enough_and_five_are(lotus_db: Branch, lin: Actor) -> None:
    reports(4)
    assert likely_incidents(lin) == []
    make_ticket(contact_phone="13900029999", node_code="OLT-7")
    [cluster] = likely_incidents(lin)
    assert (cluster.where, len(cluster.reports)) == ("OLT-7", 5)


def test_without_a_node_the_grid_is_what_they_share(lotus_db: Branch, lin: Actor) -> None:
    first, *_ = reports(5, node="")
    [cluster] = likely_incidents(lin)
    assert first.grid is not None and cluster.where == first.grid.name and cluster.first == first


def test_an_hour_later_it_is_no_news(lotus_db: Branch, lin: Actor) -> None:
    reports(5)
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert likely_incidents(lin) == []


def test_what_is_over_or_no_trouble_does_not_count(lotus_db: Branch, lin: Actor) -> None:
    reports(4)
    make_ticket(contact_phone="13900028888", node_code="OLT-7", status="void")
    make_ticket(contact_phone="13900027777", node_code="OLT-7", type_code="other")
    assert likely_incidents(lin) == []


def test_the_hint_leads_to_the_page_and_one_button_makes_the_incident(lotus_db: Branch, lin: Actor) -> None:
    client, found = client_at(lotus_db, lin), reports(6)
    assert PAGE in client.get("/console/").content.decode() or HINT in client.get("/console/").content.decode()
    assert "6 reports from OLT-7" in client.get(HINT, headers=ENGLISH).content.decode()
    page = client.get(PAGE, headers=ENGLISH).content.decode()
    assert all(one.ticket_no in page for one in found)
    ticked = [one.public_id for one in found[:-1]]
    done = client.post(PAGE, {"reports": ticked, "idempotency_key": key()})
    assert (done.status_code, found[0].public_id in done["Location"]) == (303, True)
    master = Ticket.objects.get(pk=found[0].pk)
    assert master.is_incident and master.reports.count() == 4
    assert "OLT-7" not in client.get(HINT, headers=ENGLISH).content.decode()


def test_a_report_that_was_taken_out_is_not_pointed_to_again(lotus_db: Branch, lin: Actor) -> None:
    master, *others = reports(5)
    names = {"public_id": master.public_id, "reports": [one.public_id for one in others]}
    declare_incident(**names, by=lin, key=key())
    late = reports(1, "")[0]
    [cluster] = likely_incidents(lin)
    link_incident(public_id=late.public_id, master=master.public_id, by=lin, key=key())
    unlink_incident(public_id=late.public_id, reason="own_cause", by=lin, key=key())
    assert cluster.reports == [late] and likely_incidents(lin) == []


def test_what_comes_in_later_is_pointed_to_the_open_incident_and_linked_with_one_button(
    lotus_db: Branch, lin: Actor
) -> None:
    client, found = client_at(lotus_db, lin), reports(6)
    names = [one.public_id for one in found[:-1]]  # the sixth was looked at and left out
    client.post(PAGE, {"reports": names, "idempotency_key": key()})
    assert likely_incidents(lin) == []
    late, elsewhere = reports(1, "")[0], make_ticket(contact_phone="13900026666", node_code="OLT-9")
    [cluster] = likely_incidents(lin)
    assert (cluster.master, cluster.reports, cluster.where) == (found[0], [late], "OLT-7")
    hint = client.get(HINT, headers=ENGLISH).content.decode()
    assert f"1 more report from OLT-7. Does it belong to the incident {found[0].ticket_no}?" in hint
    assert f'name="master" value="{found[0].public_id}"' in client.get(PAGE).content.decode()
    told = {"master": found[0].public_id, "reports": [late.public_id], "idempotency_key": key()}
    assert client.post(PAGE, told).status_code == 303
    late.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (late.incident_id, elsewhere.incident_id) == (found[0].pk, None) and likely_incidents(lin) == []


def test_what_is_repaired_attracts_nothing_any_more(lotus_db: Branch, lin: Actor) -> None:
    found = reports(5)
    declare_incident(public_id=found[0].public_id, reports=[], by=lin, key=key())
    for step in (grab, check_in, complete):
        step(found[0].public_id)
    make_ticket(contact_phone="13900025555", node_code="OLT-7")
    assert [cluster.master for cluster in likely_incidents(lin)] == [None]  # five that nobody has linked


def test_nothing_ticked_is_refused(lotus_db: Branch, lin: Actor) -> None:
    reports(5)
    answer = client_at(lotus_db, lin).post(PAGE, {"idempotency_key": key()}, headers=ENGLISH)
    assert answer.status_code == 422 and "banner-loud" in answer.content.decode()


def test_who_cannot_link_is_not_bothered(lotus_db: Branch, cai: Actor, gao: Actor, maple: Branch) -> None:
    reports(5)
    assert "OLT-7" not in client_at(lotus_db, cai).get(HINT).content.decode()
    assert "OLT-7" not in client_at(lotus_db, gao).get(HINT).content.decode()
    assert "OLT-7" not in client_at(maple, maple.lin).get(HINT).content.decode()
