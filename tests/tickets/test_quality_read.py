"""Both sides of the rates that move a month's pay, by the technician who had the ticket at its close."""

from datetime import timedelta

import pytest

from apps.tickets.models import Breach, Ticket
from apps.tickets.quality_read import quality_between
from apps.tickets.work_days import special_days
from tests.costing import months as m
from tests.queries import asking


@pytest.fixture(autouse=True)
def november(lotus_db):
    with m.on(2):
        yield


def rates(who="wu"):
    return quality_between(m.at(1, 0, 10), m.at(1, 0, 11))[m.technician(who)]


def test_all_went_well_and_the_other_ones_are_not_counted():
    m.past(3), m.past(2, whose="bo", score=3)
    assert rates() == rates() and rates().timely == (3, 3)
    assert (rates().first_fix, rates().satisfied, rates().proved) == ((3, 3), (3, 3), (3, 3))
    assert rates("bo").satisfied == (0, 2)
    with asking(1):
        quality_between(m.at(1, 0, 10), m.at(1, 0, 11))


def test_late_is_late_unless_it_was_exempted():
    late, exempted, _in_time = m.past(3)
    for one in (late, exempted):
        Ticket.objects.filter(pk=one.pk).update(resolve_due_at=one.finished_at - timedelta(hours=1))
    Breach.objects.create(
        ticket=exempted,
        clock="resolve",
        due_at=exempted.finished_at,
        breached_at=exempted.finished_at,
        exempted_at=m.at(1),
        exempted_by="staff:1",
    )
    assert rates().timely == (2, 3)


def test_what_came_back_or_was_repeated_was_not_mended_at_the_first_visit():
    back, first, again, _good = m.past(4)
    Ticket.objects.filter(pk=back.pk).update(reopen_count=1)
    Ticket.objects.filter(pk=again.pk).update(repeat_of=first)
    assert rates().first_fix == (2, 4)


def test_a_far_check_in_proves_nothing_and_remote_work_is_not_asked():
    far, remote, unknown, _good = m.past(4)
    Ticket.objects.filter(pk=far.pk).update(check_in_distance_m=10_000)
    Ticket.objects.filter(pk=unknown.pk).update(check_in_distance_m=None)
    Ticket.objects.filter(pk=remote.pk).update(remote=True)
    assert rates().proved == (1, 3)


def test_duplicates_hand_overs_and_other_months_are_nobodys():
    one, other, third, _good = m.past(4)
    Ticket.objects.filter(pk=one.pk).update(merged_into=other)
    Ticket.objects.filter(pk=other.pk).update(close_code="transferred")
    Ticket.objects.filter(pk=third.pk).update(closed_at=m.at(1, 0, 11))
    assert rates().timely == (1, 1)


def test_special_days_say_whether_they_are_worked():
    assert special_days() == {}
