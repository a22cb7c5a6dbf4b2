"""Positions end with the duty; a customer's record is written only where something is new."""

from datetime import timedelta

from apps.people import services
from apps.people.models import Customer, DutySpan, Technician
from apps.wechat.services.consents import give_location_consent
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import FAR, TOWN, Branch
from tests.databases import Database
from tests.make import actor, key
from tests.tickets.hands import at_once


def test_a_position_ends_with_the_duty(lotus_db: Branch, wu: Actor) -> None:
    give_location_consent(by=wu, key=key())
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


def test_hours_on_duty_are_kept_once_however_often_the_button_is_pressed(lotus_db: Branch, wu: Actor) -> None:
    begin = clock.now()
    for minutes, on_duty in ((0, True), (1, True), (60, False), (61, False), (90, True)):
        with clock.frozen(begin + timedelta(minutes=minutes)):
            services.set_duty(on_duty=on_duty, by=wu, key=key())
    spans = DutySpan.objects.filter(technician_id=wu.technician_id).order_by("started_at")
    told = [(one.started_at - begin, one.ended_at and one.ended_at - begin) for one in spans]
    hour = timedelta(hours=1)
    assert told == [(timedelta(0), hour), (timedelta(minutes=90), None)]


def test_two_presses_at_once_begin_one_span(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        bo = actor("bo")
        services.set_duty(on_duty=False, by=bo, key=key())
    outcome = at_once(lotus, [lambda: services.set_duty(on_duty=True, by=bo, key=key())] * 6)
    with in_branch(lotus.tenant):
        going = DutySpan.objects.filter(technician_id=bo.technician_id, ended_at__isnull=True)
        assert outcome == {"done": 6} and going.count() == 1
