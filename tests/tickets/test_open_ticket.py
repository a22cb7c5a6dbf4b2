"""T1: a report becomes a ticket, in the pool if its place is known, with a first wave."""

import pytest

from apps.people.errors import BadPhone
from apps.people.models import Customer
from apps.tickets import selectors
from apps.tickets.errors import AddressMissing, TicketNotFound, UnknownType
from apps.tickets.models import PushWave, Ticket, TicketType
from apps.tickets.services import CHANNELS, open_ticket
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.errors import DomainError, NotAllowed
from tests.cast import FAR, NEAR, Branch
from tests.make import key, make_ticket, report
from tests.rules import refused
from tests.tickets.looks import the_event, the_step


def test_a_report_with_a_place_stands_in_the_pool_with_its_wave(lotus_db: Branch, cai: Actor) -> None:
    ticket = make_ticket()
    assert (ticket.status, ticket.version, ticket.channel) == ("pooled", 1, "shop")
    assert ticket.ticket_no.startswith("LO-") and ticket.created_by == cai.ref
    assert ticket.grid is not None and ticket.org_path == ticket.grid.path == "/1/2/4/"
    assert the_step(ticket).action == "submit"
    assert the_event(ticket, "ticket.opened").facts["channel"] == "shop"
    assert PushWave.objects.get(ticket=ticket).candidates.filter(chosen=True).count() == 2


def test_clocks_start_with_the_report(lotus_db: Branch) -> None:
    ticket = make_ticket()
    assert ticket.accept_due_at and ticket.resolve_due_at and ticket.reported_at == ticket.pooled_at
    assert (ticket.accept_due_at - ticket.reported_at).total_seconds() == 30 * 60
    assert (ticket.resolve_due_at - ticket.reported_at).total_seconds() == 24 * 3600


def test_pastoral_tickets_get_more_time(lotus_db: Branch) -> None:
    ticket = make_ticket(address="Larch summer camp", lat=None, lng=None)
    assert ticket.area_class == "D" and ticket.accept_due_at and ticket.resolve_due_at
    assert (ticket.accept_due_at - ticket.reported_at).total_seconds() == 60 * 60
    assert (ticket.resolve_due_at - ticket.reported_at).total_seconds() == 72 * 3600


def test_a_report_nobody_can_place_waits_to_be_checked(lotus_db: Branch) -> None:
    ticket = make_ticket(address="behind the hill", lat=None, lng=None)
    assert ticket.status == "submitted" and ticket.org_path == "/1/" and not PushWave.objects.exists()


def test_a_point_finds_the_nearest_grid(lotus_db: Branch) -> None:
    ticket = make_ticket(address="", lat=FAR[0], lng=FAR[1])
    assert ticket.org_path == "/1/3/6/" and ticket.address


def test_chinese_map_points_are_moved_to_wgs84(lotus_db: Branch) -> None:
    ticket = make_ticket(lat=NEAR[0], lng=NEAR[1], datum="gcj02")
    assert ticket.lat and abs(ticket.lat - NEAR[0]) > 0.0005 and ticket.datum_in == "gcj02"


def test_the_coarse_address_names_no_door(lotus_db: Branch) -> None:
    ticket = make_ticket(address="Birch Court 7-2-301")
    assert ticket.coarse_address == "E1 · Birch Court"


def test_a_known_phone_is_the_same_customer(lotus_db: Branch) -> None:
    first, second = make_ticket(), make_ticket(contact_phone="+86 139-0000 1234")
    assert first.customer_id == second.customer_id and second.contact_phone == "13900001234"


def test_a_stranger_overwrites_nobodys_record(lotus_db: Branch) -> None:
    told = report(contact_phone="13900001001", contact_name="Somebody", address="Birch 9")
    open_ticket(report=told, channel="h5", by=ANONYMOUS, key=key())
    assert Customer.objects.get(phone="13900001001").name == "Mei"


def test_a_customer_reports_as_herself(lotus_db: Branch, mei: Actor) -> None:
    made = open_ticket(report=report(contact_phone="13900001002"), channel="h5", by=mei, key=key())
    assert Ticket.objects.get(id=made.entity_id).customer_id == mei.id
    assert Customer.objects.filter(name="Na").exists()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"type_code": "nothing"}, UnknownType),
        ({"address": " ", "lat": None, "lng": None}, AddressMissing),
        ({"address": "", "lat": 0.0, "lng": 0.0}, AddressMissing),
        ({"address": "", "lat": float("nan"), "lng": 1.0}, AddressMissing),
        ({"contact_phone": "12345"}, BadPhone),
        ({"contact_phone": ""}, BadPhone),
    ],
)
def test_what_is_missing_is_refused(lotus_db: Branch, cai: Actor, fields: dict, error: type[DomainError]) -> None:
    with refused(error):
        open_ticket(report=report(**fields), channel="shop", by=cai, key=key())
    assert not Ticket.objects.exists()


def test_a_type_that_is_switched_off_cannot_be_reported(lotus_db: Branch, cai: Actor) -> None:
    TicketType.objects.filter(code="fault_bb").update(enabled=False)
    with refused(UnknownType):
        open_ticket(report=report(), channel="shop", by=cai, key=key())


def test_who_may_not_create_is_refused(lotus_db: Branch, wu: Actor, ku: Actor, mei: Actor) -> None:
    for who in (wu, ku):
        with refused(NotAllowed):
            open_ticket(report=report(), channel="shop", by=who, key=key())
    for who, channel in ((mei, "shop"), (mei, "noc")):
        with refused(NotAllowed):
            open_ticket(report=report(), channel=channel, by=who, key=key())


def test_an_unknown_channel_is_refused(lotus_db: Branch, cai: Actor) -> None:
    assert "carrier_pigeon" not in CHANNELS
    with refused(NotAllowed):
        open_ticket(report=report(), channel="carrier_pigeon", by=cai, key=key())


def test_the_same_key_makes_one_ticket(lotus_db: Branch, cai: Actor) -> None:
    once = key()
    first = open_ticket(report=report(), channel="shop", by=cai, key=once)
    again = open_ticket(report=report(), channel="shop", by=cai, key=once)
    assert again.replayed and again.public_id == first.public_id and Ticket.objects.count() == 1


def test_the_same_key_of_another_person_is_another_request(lotus_db: Branch, cai: Actor, an: Actor) -> None:
    once = key()
    for who in (cai, an):
        assert not open_ticket(report=report(), channel="shop", by=who, key=once).replayed
    assert Ticket.objects.count() == 2


def test_ticket_numbers_are_unique_and_rise(lotus_db: Branch) -> None:
    numbers = [make_ticket().ticket_no for _ in range(3)]
    assert numbers == sorted(set(numbers))


def test_maple_sees_nothing_and_gao_no_more_than_her_team(
    lotus_db: Branch, maple: Branch, chen: Actor, gao: Actor
) -> None:
    ticket = make_ticket()
    with pytest.raises(TicketNotFound):
        selectors.ticket_for(gao, ticket.public_id)
    from tenants.context import in_branch

    with in_branch(maple.tenant), pytest.raises(TicketNotFound):
        selectors.ticket_for(chen, ticket.public_id)
