"""Who switched a template off is left alone for seven days; then one card tries, and only one."""

from datetime import timedelta

import pytest

from apps.wechat.models import PushOutbox, StaffBinding
from apps.wechat.push import delivery
from apps.wechat.push.channels import CHANNELS
from steppe.kernel import clock
from tests.make import make_ticket
from tests.wechat import stand

SEND = "template/send"


@pytest.fixture
def long_refused(office):
    """Wu switched new tickets off eight days ago; two of them wait for Wu now."""
    StaffBinding.objects.filter(openid=office.openids["bo"]).delete()
    template_id = office.account.templates["new_ticket"]["template_id"]
    over = (clock.now() - timedelta(days=1)).isoformat()
    StaffBinding.objects.update(refused={template_id: over, "another": over})
    make_ticket(), make_ticket()
    stand.relay()
    return template_id


def ends():
    rows = PushOutbox.objects.filter(technician__user__username="wu").order_by("id")
    return [(row.status, row.reason) for row in rows]


def test_a_second_no_holds_back_the_other_card_for_another_seven_days(long_refused, wx):
    wx.spoil(SEND, {"errcode": 43101}, times=None)
    delivery.send_due()
    assert ends() == [("blocked", "template_refused"), ("skipped", "template_refused")]
    assert wx.sends() == 1
    assert StaffBinding.objects.get().refused[long_refused] > (clock.now() + timedelta(days=6)).isoformat()


def test_a_card_that_arrives_takes_the_mark_away_and_no_other(long_refused, wx):
    delivery.send_due()
    assert [status for status, _reason in ends()] == ["accepted", "accepted"]
    assert set(StaffBinding.objects.get().refused) == {"another"}


def test_of_two_workers_one_makes_the_try(long_refused):
    first, second = PushOutbox.objects.filter(technician__user__username="wu").select_related("account")
    channel = CHANNELS["wx_template"]
    assert (channel.why_not(first), channel.why_not(second)) == ("", "")
    assert channel.prepare(first) == ""
    assert channel.why_not(second) == "template_refused"
