"""A technician is not called too often, and not at night: the list still shows everything."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.tickets.models import Ticket
from apps.wechat.models import PushOutbox
from apps.wechat.rules import peace
from steppe.kernel import clock
from tenants.context import current_branch, in_branch
from tests import make
from tests.make import make_ticket
from tests.wechat import stand, ways

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = (22 * 60, 7 * 60)


def at(hour, minute=0):
    return datetime(2026, 11, 23, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("quiet", "moment", "is_quiet"),
    [
        (NIGHT, at(21, 59), False), (NIGHT, at(22), True), (NIGHT, at(0), True), (NIGHT, at(6, 59), True),
        (NIGHT, at(7), False), ((720, 780), at(12, 30), True), ((720, 780), at(13), False), ((0, 0), at(0), False),
        ((600, 600), at(10), False), ((0, 1440), at(23, 59), True),
    ],
)  # fmt: skip
def test_quiet_hours_may_pass_midnight_and_equal_ones_are_none(quiet, moment, is_quiet):
    assert peace.is_quiet(quiet, moment) is is_quiet


def decide(**policy):
    current_branch().policy = current_branch().policy | policy


def cards(ticket, username="wu"):
    rows = PushOutbox.objects.filter(ticket=ticket.public_id, technician__user__username=username)
    return [(row.status, row.reason) for row in rows]


def test_in_quiet_hours_an_ordinary_ticket_calls_nobody_and_an_urgent_one_does(office, wx):
    decide(quiet=list(NIGHT))
    with clock.frozen(at(23)):
        usual, pressing = make_ticket(), make_ticket()
        Ticket.objects.filter(pk=pressing.pk).update(priority=0)
        stand.relay()
        ways.work(0, 61, 90)
    assert cards(usual) == [("skipped", "quiet")]
    assert cards(pressing)[0][0] != "skipped"


def test_who_is_sent_somewhere_hears_of_it_at_night_too(office):
    decide(quiet=list(NIGHT))
    with clock.frozen(at(23)):
        ticket = make_ticket()
        make.dispatch(ticket.public_id, "wu")
        stand.relay()
        rows = PushOutbox.objects.filter(ticket=ticket.public_id, template_key="dispatched")
        assert [row.status for row in rows] == ["pending"]


def test_the_twenty_first_card_of_an_hour_is_not_sent(office, wx):
    decide(push_cap_per_hour=2)
    start = clock.now()
    for number, expected in enumerate([("accepted", ""), ("accepted", ""), ("skipped", "capped")]):
        with clock.frozen(start + ways.timedelta(minutes=5 * number)):
            ticket = make_ticket()
            stand.relay()
            ways.delivery.send_due()
            assert cards(ticket) == [expected]
    with clock.frozen(start + ways.timedelta(minutes=70)):
        ticket = make_ticket()
        stand.relay()
        assert cards(ticket) == [("pending", "")]


def test_each_has_a_cap_of_their_own(office):
    decide(push_cap_per_hour=1)
    PushOutbox.objects.all().delete()
    ticket = make_ticket()
    stand.relay()
    PushOutbox.objects.filter(technician__user__username="bo").delete()
    other = make_ticket()
    stand.relay()
    assert cards(ticket) == [("pending", "")]
    assert (cards(other, "wu"), cards(other, "bo")) == ([("skipped", "capped")], [("pending", "")])


def test_a_card_that_was_never_sent_does_not_count(office):
    decide(push_cap_per_hour=1, quiet=[0, 1440])
    make_ticket()
    stand.relay()
    decide(quiet=[0, 0])
    ticket = make_ticket()
    stand.relay()
    assert cards(ticket) == [("pending", "")]


def test_what_is_held_back_goes_no_other_way(office, wx):
    ways.open_wecom(wx, "wu")
    decide(push_cap_per_hour=1, quiet=[0, 1440])
    ticket = make_ticket()
    stand.relay()
    ways.work()
    assert ways.story(ticket) == [("wx_template", "skipped", "quiet")]


def test_twenty_an_hour_is_the_default_and_there_are_no_quiet_hours(lotus_db, maple):
    from tenants.context import policy

    assert (policy().push_cap_per_hour, policy().quiet) == (20, (0, 0))
    decide(push_cap_per_hour=3)
    with in_branch(maple.tenant):
        assert policy().push_cap_per_hour == 20
