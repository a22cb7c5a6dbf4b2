"""A text to the account opens the draft of a report; its link opens the form, for its writer, once."""

import secrets
from datetime import timedelta
from typing import Any

import pytest

from apps.people.models import Technician
from apps.tickets.models import Ticket
from apps.wechat import tasks
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import inbox as inbound
from apps.wechat.inbound.tidying import tidy
from apps.wechat.models import ChatAnswer, Draft
from apps.wechat.rules.chat_words import Wish, wish_of
from apps.wechat.selectors import required_account
from apps.wechat.services import recognise_customer
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch, in_public
from tests.make import client_at, key, make_ticket, report
from tests.mobile.test_report import told
from tests.wechat import chat, stand
from tests.wechat.chat import MEI, NA


@pytest.fixture
def mei(office: Any, wx: Any) -> str:
    """Somebody with a phone whom the branch has never seen."""
    chat.arrive(wx, office)
    return MEI


def test_a_text_opens_a_draft_and_is_answered_with_its_link(office, wx, lotus, mei):
    chat.writes(wx, office, lotus, "宽带不通，红灯亮")
    draft = chat.draft()
    assert draft.text == "宽带不通，红灯亮"
    assert [f"/h5/report?draft={draft.public_id}" in text for text in chat.read_by(wx)] == [True]
    assert chat.last_answer().status == "sent"


def test_the_link_fills_the_form_and_the_sent_report_is_a_ticket(office, wx, lotus, mei):
    chat.writes(wx, office, lotus, "宽带不通，红灯亮")
    phone, page = chat.phone_of(office, lotus), chat.page_in(chat.last_answer().text)
    shown = phone.get(page).content.decode()
    assert "宽带不通，红灯亮" in shown
    answer = phone.post("/h5/report", told(description="宽带不通，红灯亮"))
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/h5/t/{ticket.public_id}?new=1"
    assert (ticket.channel, ticket.description) == ("wechat_oa", "宽带不通，红灯亮")
    assert not Draft.objects.exists()


def test_a_second_text_is_added_and_not_answered_within_the_minute(office, wx, lotus, mei):
    chat.writes(wx, office, lotus, "网络很慢")
    chat.writes(wx, office, lotus, "从昨天开始")
    assert chat.draft().text == "网络很慢\n从昨天开始"
    assert ChatAnswer.objects.count() == 1
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        chat.hear(office, lotus, "text", Content="晚上更慢")
    assert ChatAnswer.objects.count() == 2


def test_a_second_text_is_answered_when_the_first_answer_got_lost(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content="网络很慢")  # nothing was done on the phone: no window
    tasks.send_answers()
    assert chat.last_answer().status == "dropped"
    chat.writes(wx, office, lotus, "从昨天开始")
    assert ChatAnswer.objects.count() == 2 and "draft=" in chat.read_by(wx)[-1]


def test_the_same_message_again_changes_nothing(office, wx, lotus, mei):
    number = secrets.randbits(60)
    for _ in range(3):
        chat.hear(office, lotus, "text", Content="网络很慢", MsgId=number)
    assert chat.draft().text == "网络很慢"
    assert ChatAnswer.objects.count() == 1


def test_a_worker_that_died_before_it_said_so_does_it_once(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content="网络很慢")
    with in_public():
        row = Inbox.objects.get()
    assert inbound.take(row) == "done"  # the row again, as after a kill between effect and mark
    assert chat.draft().text == "网络很慢"


def test_the_draft_stays_until_the_report_is_sent(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content="网络很慢")
    page, phone = chat.page_in(chat.last_answer().text), chat.phone_of(office, lotus)
    assert "网络很慢" in phone.get(page).content.decode()
    assert phone.post("/h5/report", told() | {"type_code": "nothing"}).status_code == 422
    assert "网络很慢" in chat.phone_of(office, lotus).get(page).content.decode()  # back from the chat, signed in anew
    assert "网络很慢" in phone.get(page).content.decode()
    phone.post("/h5/report", told())
    assert not Draft.objects.exists()
    after = phone.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert "网络很慢" not in after and "This draft is gone" in after


def test_looking_without_opening_leaves_it(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content="网络很慢")
    page = chat.page_in(chat.last_answer().text)
    chat.phone_of(office, lotus).head(page)
    assert client_at(lotus).get(page).status_code == 302  # WeChat is asked who is there
    assert client_at(lotus, lotus.lin).get(page).status_code == 200
    assert Draft.objects.exists()


def test_nobody_else_opens_it(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content="网络很慢")
    page = chat.page_in(chat.last_answer().text)
    for other in (chat.phone_of(office, lotus, NA), client_at(lotus, lotus.lin), client_at(lotus, lotus.wu)):
        assert "网络很慢" not in other.get(page).content.decode()
    assert Draft.objects.exists()


def test_a_day_old_it_is_gone(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content="网络很慢")
    first, page = chat.draft().public_id, chat.page_in(chat.last_answer().text)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert "网络很慢" not in chat.phone_of(office, lotus).get(page).content.decode()
        chat.hear(office, lotus, "text", Content="还是不行")
        assert chat.draft().text == "还是不行"
        assert chat.draft().public_id != first
    with clock.frozen(clock.now() + timedelta(hours=60)):
        tidy()
        assert not Draft.objects.exists()


def test_a_text_that_is_too_long_is_cut_and_the_person_is_told(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content="慢" * 600)
    assert len(chat.draft().text) == 500
    assert "只" in chat.last_answer().text or "beginning" in chat.last_answer().text


def test_what_is_written_is_never_said_back(office, wx, lotus, mei):
    chat.hear(office, lotus, "text", Content='<a href="http://evil.example">click</a>')
    assert "evil" not in chat.last_answer().text
    page = chat.phone_of(office, lotus).get(chat.page_in(chat.last_answer().text)).content.decode()
    assert '<a href="http://evil' not in page


@pytest.mark.parametrize("words", ["进度", "查询", "我的工单到哪了", "progress"])
def test_who_asks_for_progress_reads_numbers_and_states(office, wx, lotus, mei, words):
    mine = reported_by(office)
    over = make_ticket(status="closed")
    chat.writes(wx, office, lotus, words)
    text = chat.read_by(wx)[-1]
    assert mine.ticket_no in text and "待接单" in text
    assert over.ticket_no not in text
    assert not Draft.objects.exists()


def test_who_has_no_ticket_reads_so(office, wx, lotus, mei):
    reported_by(office, NA)
    chat.writes(wx, office, lotus, "进度")
    text = chat.read_by(wx)[-1]
    assert Ticket.objects.get().ticket_no not in text and "/h5/report" in text


def test_urging_leads_to_the_page_where_it_is_done(office, wx, lotus, mei):
    ticket = reported_by(office)
    chat.writes(wx, office, lotus, "催单")
    assert chat.page_in(chat.read_by(wx)[-1]) == f"/h5/t/{ticket.public_id}/urge"
    reported_by(office, address="Birch Court 1-1-1")
    chat.writes(wx, office, lotus, "催一下")
    assert chat.page_in(chat.read_by(wx)[-1]) == "/h5/mine"


def test_a_greeting_is_told_what_can_be_done(office, wx, lotus, mei):
    chat.writes(wx, office, lotus, "你好")
    assert "/h5/report" in chat.read_by(wx)[-1]
    assert not Draft.objects.exists()


def test_bound_staff_get_the_way_to_their_work(office, wx, lotus):
    chat.hear(office, lotus, "text", office.openids["wu"], Content="宽带不通，红灯亮")
    assert chat.page_in(chat.last_answer(office.openids["wu"]).text) == "/w/pool"
    assert not Draft.objects.exists()
    assert Technician.objects.get(user__username="wu").located_at is None


@pytest.mark.parametrize("kind", ["voice", "video", "shortvideo", "link"])
def test_what_cannot_be_read_is_answered_with_a_friendly_sentence(office, wx, lotus, mei, kind):
    chat.hear(office, lotus, kind, MediaId="abc", Title="x", Url="http://x")
    assert "/h5/report" in chat.last_answer().text


def test_a_menu_button_of_the_accounts_own_is_read_like_a_word(office, wx, lotus, mei):
    ticket = reported_by(office)
    chat.event(office, lotus, "CLICK", EventKey="progress")
    assert ticket.ticket_no in chat.last_answer().text
    chat.event(office, lotus, "CLICK", EventKey="anything")
    assert "/h5/report" in chat.last_answer().text
    assert not Draft.objects.exists()


def test_who_follows_is_welcomed(office, wx, lotus):
    chat.arrive(wx, office, following=False)
    chat.act(wx, office, "follow")
    chat.event(office, lotus, "subscribe", EventKey="")
    tasks.send_answers()
    assert office.account.name in chat.read_by(wx)[-1]


def test_the_other_branch_sees_nothing(office, wx, lotus, maple, mei):
    with in_branch(maple.tenant):
        stand.open_account(wx)
    chat.hear(office, lotus, "text", Content="网络很慢")
    page = chat.page_in(chat.last_answer().text)
    with in_branch(maple.tenant):
        assert not Draft.objects.exists()
        assert not ChatAnswer.objects.exists()
        assert inbound.take_all() == 0
        same = Actor(kind="customer", id=recognise_customer(required_account(), MEI), name="")
    assert "网络很慢" not in client_at(maple, same).get(page).content.decode()
    assert "网络很慢" in chat.phone_of(office, lotus).get(page).content.decode()


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("进度", Wish.PROGRESS), ("催单！", Wish.URGE), ("催一下进度", Wish.URGE), ("您好。", Wish.HELLO),
        ("  ", Wish.HELLO), ("报修", Wish.HELLO), ("机顶盒没有信号", Wish.REPORT),
        ("电视从昨天晚上就没有信号，请帮我查询一下", Wish.REPORT),
    ],
)  # fmt: skip
def test_short_texts_are_told_apart(text, wish):
    assert wish_of(text) == wish


def reported_by(office: Any, openid: str = MEI, **fields: Any) -> Ticket:
    """A ticket this person reported."""
    from apps.tickets.services import open_ticket

    told_by = chat.customer(office, openid)
    made = open_ticket(report=report(**fields), channel="wechat_oa", by=told_by, key=key())
    return Ticket.objects.get(pk=made.entity_id)
