"""Subscribe notices: a yes is noted, a no takes it back, a receipt finds its notice whichever came first."""

from typing import Any

import pytest

from apps.wechat.gateway.models import Inbox
from apps.wechat.models import NoticeConsent, Receipt
from steppe.kernel import clock
from tenants.context import in_branch, in_public
from tests.wechat import chat, stand

T1, T2 = "notice-accepted", "notice-completed"


@pytest.fixture(autouse=True)
def notices(office: Any) -> None:
    found = {"accepted": {"template_id": T1, "keywords": {}}, "completed": {"template_id": T2, "keywords": {}}}
    type(office.account).objects.update(notices=found)


def row(template: str, answer: str = "accept") -> dict[str, Any]:
    return {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": 1}


def open_ones() -> set[str]:
    return set(NoticeConsent.objects.filter(withdrawn_at__isnull=True).values_list("template_id", flat=True))


def test_one_yes_is_one_consent(office, lotus):
    chat.event(office, lotus, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": row(T1)})
    found = NoticeConsent.objects.get()
    assert (found.openid, found.template_id, found.card) == (chat.MEI, T1, "accepted")


def test_several_answers_in_one_event(office, lotus):
    rows = {"List": [row(T1), row(T2, "reject")]}
    chat.event(office, lotus, "subscribe_msg_popup_event", SubscribeMsgPopupEvent=rows)
    assert open_ones() == {T1}


@pytest.mark.parametrize("tag", ["SubscribeMsgChangeEvent", "SubscribeMsgPopupEvent"])
def test_switched_off_later_under_either_tag(office, lotus, tag):
    chat.event(office, lotus, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": row(T1)})
    chat.event(office, lotus, "subscribe_msg_change_event", **{tag: {"List": row(T1, "reject")}})
    assert open_ones() == set()


def test_the_same_event_again_is_one_consent(office, lotus):
    now = int(clock.now().timestamp())
    for _ in range(2):
        chat.event(office, lotus, "subscribe_msg_popup_event", CreateTime=now, SubscribeMsgPopupEvent={"List": row(T1)})
    assert NoticeConsent.objects.count() == 1


def test_a_receipt_is_kept_also_before_the_notice_was_saved(office, lotus):
    one = {"TemplateId": T1, "MsgID": 2**60, "ErrorCode": 0, "ErrorStatus": "success"}
    two = {"TemplateId": T2, "MsgID": 2**60 + 1, "ErrorCode": 43101, "ErrorStatus": "user refuse"}
    chat.event(office, lotus, "subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [one, two]})
    assert dict(Receipt.objects.values_list("msgid", "status")) == {
        2**60: "success", 2**60 + 1: "failed:43101 user refuse"
    }  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"List": ""},
        {"List": {"TemplateId": T1}},
        {"List": [row(T1), {"TemplateId": ["a"]}]},
        {"List": [row("x")] * 30},
    ],
)
def test_what_is_broken_is_taken_as_a_whole_or_not_at_all(office, lotus, broken):
    chat.event(office, lotus, "subscribe_msg_popup_event", SubscribeMsgPopupEvent=broken)
    assert not NoticeConsent.objects.exists()
    with in_public():
        assert Inbox.objects.get().attempts == 1


def test_the_other_branch_hears_nothing(office, wx, lotus, maple):
    with in_branch(maple.tenant):
        stand.open_account(wx)
    chat.event(office, lotus, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": row(T1)})
    with in_branch(maple.tenant):
        assert not NoticeConsent.objects.exists()
