"""Positions end with the duty; a customer's record is written only where something is new."""

from apps.people import services
from apps.people.models import Customer, Technician
from steppe.kernel.actors import Actor
from tests.cast import FAR, TOWN, Branch
from tests.make import key


def test_a_position_ends_with_the_duty(lotus_db: Branch, wu: Actor) -> None:
    services.set_duty(on_duty=True, lat=FAR[0], lng=FAR[1], by=wu, key=key())
    at_work = Technician.objects.get(id=wu.technician_id)
    assert (at_work.lat, at_work.lng) == FAR and at_work.located_at is not None
    services.set_duty(on_duty=False, by=wu, key=key())
    at_home = Technician.objects.get(id=wu.technician_id)
    assert (at_home.lat, at_home.lng, at_home.located_at, at_home.on_duty) == (*TOWN, None, False)


def test_a_known_customer_is_written_only_where_something_is_new(lotus_db: Branch) -> None:
    mei = services.customer_for_contact(name="Mei", phone="13900005555", address="Birch Court 1")
    again = services.customer_for_contact(name="", phone="139 0000 5555", account_no="A-1")
    found = Customer.objects.get(id=mei.pk)
    assert again.pk == mei.pk
    assert (found.name, found.address, found.account_no) == ("Mei", "Birch Court 1", "A-1")


def test_a_known_customer_with_nothing_new_costs_one_query(lotus_db: Branch, django_assert_num_queries: object) -> None:
    services.customer_for_contact(name="Mei", phone="13900005555")
    with django_assert_num_queries(1):  # type: ignore[operator]
        services.customer_for_contact(name="Mei", phone="13900005555")
