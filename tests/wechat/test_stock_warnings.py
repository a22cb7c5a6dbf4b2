"""The storekeeper's phone: one card for a night's new warnings, in whose places they are, and never a second one."""

from decimal import Decimal

import pytest

from apps.inventory import services
from apps.people.accounts.models import RoleGrant
from apps.wechat.models import PushOutbox, Status
from apps.wechat.push import delivery
from steppe.kernel.actors import SYSTEM
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import stream
from tests.inventory import stock
from tests.make import actor, key
from tests.wechat import stand


@pytest.fixture
def low(lotus_db):
    """The cable of the main store is below its level."""
    stock.cable()
    services.set_level(place="main", item="cable", min_level=Decimal(10), by=actor("ku"), key=key())


def look():
    services.note_warnings(by=SYSTEM, key=key())
    stream.number_committed()
    while stream.drain(SUBSCRIBERS["wechat.stock"]):
        pass


def test_a_bound_storekeeper_gets_one_card_and_the_next_night_none(low, wx):
    account = stand.open_account(wx)
    stand.bind(wx, account, "ku")
    look()
    look()
    row = PushOutbox.objects.get()
    assert (row.recipient, row.template_key, row.status) == (f"staff:{actor('ku').id}", "stock", Status.PENDING)
    assert row.payload["fault"] == "库存不足1项" and row.payload["number"] == "1"
    delivery.send_due()
    assert PushOutbox.objects.get().status == Status.ACCEPTED
    (card,) = wx.cards(openid="o-lotus-ku")
    assert card["url"].endswith("/console/stock/warnings/") and wx.sends() == 1


def test_who_has_no_phone_with_us_stands_there_with_the_reason(low, wx):
    stand.open_account(wx)
    look()
    row = PushOutbox.objects.get()
    assert (row.status, row.reason) == (Status.SKIPPED, "not_bound")


def test_a_keeper_of_another_unit_hears_nothing_of_it(low, wx):
    RoleGrant.objects.filter(user__username="ku", role="storekeeper").update(org_path="/1/2/")
    stand.open_account(wx)
    look()
    assert not PushOutbox.objects.exists()
