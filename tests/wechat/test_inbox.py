"""What the branch does about WeChat's word: follow, unfollow, receipts; late, twice, or before its time."""

from datetime import timedelta

import pytest

from apps.wechat.gateway import services as gateway
from apps.wechat.gateway.door import Letter
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import inbox as inbound
from apps.wechat.models import PushOutbox, Receipt, StaffBinding, Status
from apps.wechat.push import outbox
from apps.wechat.push.channels.base import Sent
from steppe.kernel import clock
from tenants.context import in_branch, in_public
from tests.make import make_ticket
from tests.wechat import stand

WU = "o-lotus-wu"


def tell(office, event, *, openid=WU, after=0, schema="", **fields):
    """One event in the inbox, `after` seconds from now by WeChat's clock."""
    payload = {
        "ToUserName": office.secrets.original_id, "FromUserName": openid, "MsgType": "event", "Event": event,
        "CreateTime": str(int(clock.now().timestamp()) + after), **fields,
    }  # fmt: skip
    schema = schema or stand.current_branch().schema_name
    gateway.store(Letter(payload), schema_name=schema, appid=office.account.appid)


def followed():
    return StaffBinding.objects.get(openid=WU).followed


def last():
    with in_public():
        return Inbox.objects.order_by("-id").first()


def test_who_unfollows_gets_no_more_cards_until_following_again(office):
    tell(office, "unsubscribe")
    inbound.take_all()
    assert not followed()
    tell(office, "subscribe", after=5, EventKey="")
    inbound.take_all()
    assert followed()
    assert last().outcome == "done"


def test_an_event_that_comes_late_changes_nothing(office):
    tell(office, "subscribe", after=10)
    inbound.take_all()
    tell(office, "unsubscribe", after=2)
    inbound.take_all()
    assert followed()


def test_what_nobody_waits_for_is_noted_as_ignored(office):
    tell(office, "VIEW", EventKey="http://x")
    tell(office, "a_brand_new_event")
    assert inbound.take_all() == 2
    assert last().outcome == "ignored"
    assert inbound.take_all() == 0


def test_a_poison_message_ends_as_a_dead_letter_and_blocks_nobody(office):
    tell(office, "TEMPLATESENDJOBFINISH", MsgID="a word", Status="success")
    tell(office, "unsubscribe")
    for n in range(gateway.MOST_TRIES + 2):
        with clock.frozen(clock.now() + timedelta(hours=n)):
            inbound.take_all()
    assert not followed()
    with in_public():
        dead = Inbox.objects.get(done_at__isnull=True)
    assert dead.attempts == gateway.MOST_TRIES
    assert dead.error == "Malformed: MsgID"


def test_the_inbox_of_the_other_branch_is_not_ours(office, maple):
    tell(office, "unsubscribe", schema=maple.tenant.schema_name)
    assert inbound.take_all() == 0
    assert followed()


def test_an_equal_openid_in_the_other_branch_is_another_person(office, maple, wx):
    with in_branch(maple.tenant):
        account = stand.open_account(wx)
        stand.bind(wx, account, "wu", openid=WU)
    tell(office, "unsubscribe")
    inbound.take_all()
    assert not followed()
    with in_branch(maple.tenant):
        assert followed()


def test_old_callbacks_are_forgotten_and_dead_letters_are_not(office):
    tell(office, "VIEW", EventKey="http://x")
    inbound.take_all()
    tell(office, "TEMPLATESENDJOBFINISH", MsgID="a word", Status="success")
    with clock.frozen(clock.now() + gateway.KEPT + timedelta(hours=1)):
        gateway.forget_old(stand.current_branch().schema_name)
    with in_public():
        assert Inbox.objects.count() == 1


@pytest.fixture
def card(office):
    """A card that is being sent."""
    make_ticket()
    stand.relay()
    row = outbox.claim_next()
    assert row is not None
    return row


def receipt(office, msgid, status="success"):
    tell(office, "TEMPLATESENDJOBFINISH", MsgID=str(msgid), Status=status)
    inbound.take_all()


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("success", Status.DELIVERED),
        ("failed:user block", Status.BLOCKED),
        ("failed: system failed", Status.FAILED),
        ("something new", Status.FAILED),
    ],
)
@pytest.mark.parametrize("early", [True, False])
def test_a_receipt_finds_its_card_whichever_comes_first(office, card, word, status, early):
    number = 3_210_000_000_000_000_007
    if early:
        receipt(office, number, word)
    outbox.accept(card, Sent(msgid=number), at=clock.now())
    if not early:
        receipt(office, number, word)
    row = PushOutbox.objects.get(pk=card.pk)
    assert (row.status, row.msgid) == (status, number)
    assert row.receipt_at is not None
    assert Receipt.objects.get().joined


def test_halves_that_did_not_see_each_other_are_joined_by_the_sweep(office, card):
    Receipt.objects.create(account=office.account, msgid=7, status="success", at=clock.now())
    PushOutbox.objects.filter(pk=card.pk).update(status=Status.ACCEPTED, msgid=7)
    outbox.sweep_receipts()
    assert PushOutbox.objects.get(pk=card.pk).status == Status.DELIVERED


def test_a_receipt_nobody_asked_for_is_forgotten_after_two_days(office):
    receipt(office, 99)
    outbox.sweep_receipts()
    assert Receipt.objects.count() == 1
    with clock.frozen(clock.now() + timedelta(days=3)):
        outbox.sweep_receipts()
    assert Receipt.objects.count() == 0
