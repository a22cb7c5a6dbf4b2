"""Several workers and pages at the same moment: one effect, one answer, one picture."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from apps.tickets import begun
from apps.tickets.models import Photo
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import answers
from apps.wechat.inbound import inbox as inbound
from apps.wechat.models import ChatAnswer, Draft, Tally
from apps.wechat.services.media import keep_media
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.databases import Database
from tests.wechat import chat, stand
from tests.wechat.conftest import Office
from tests.wechat.test_chat_pictures import GET, upload

AT_ONCE = 4


@pytest.fixture
def office(committed: Database, lotus: Branch, wx: Any) -> Any:
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        office = Office(account, stand.opened(account), {}, stand.door_of(account))
        chat.arrive(wx, office)
        yield office


def at_once(lotus: Branch, work: Callable[[], Any]) -> list[Any]:
    """The same in four threads, each with a connection of its own."""

    def one(_number: int) -> Any:
        try:
            with in_branch(lotus.tenant):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_workers_with_the_same_row_have_one_effect(office, lotus):
    chat.knock(office, lotus, chat.xml_of(office, "text", chat.MEI, {"Content": "网络很慢"}))
    with in_public():
        row = Inbox.objects.get()
    assert at_once(lotus, lambda: inbound.take(row)) == ["done"] * AT_ONCE
    assert (chat.draft().text, ChatAnswer.objects.count()) == ("网络很慢", 1)


def test_rows_of_one_person_are_all_added_to_one_draft(office, lotus):
    for number in range(AT_ONCE):
        chat.knock(office, lotus, chat.xml_of(office, "text", chat.MEI, {"Content": f"第{number}句"}))
    at_once(lotus, inbound.take_all)
    assert sorted(chat.draft().text.split("\n")) == [f"第{number}句" for number in range(AT_ONCE)]


def test_counts_lose_nothing(office, lotus):
    for number in range(AT_ONCE):
        fields = {"Event": "VIEW", "EventKey": "http://x/h5/report", "CreateTime": 1_700_000_000 + number}
        chat.knock(office, lotus, chat.xml_of(office, "event", chat.MEI, fields))
    at_once(lotus, inbound.take_all)
    assert Tally.objects.get().times == AT_ONCE


def test_one_answer_is_sent_once(office, lotus, wx):
    chat.act(wx, office, "text", content="慢")
    chat.hear(office, lotus, "text", Content="网络很慢")
    assert sum(at_once(lotus, answers.send_due)) == 1
    assert len(chat.read_by(wx)) == 1


def test_a_draft_is_the_same_for_every_page_and_closed_once_for_all(office, lotus):
    """The form may be open twice; the report that is sent ends the beginning for both."""
    chat.hear(office, lotus, "text", Content="网络很慢")
    public_id, who = chat.draft().public_id, chat.customer(office)
    found = at_once(lotus, lambda: begun.open_for(who, public_id))
    assert [one.text for one in found if one] == ["网络很慢"] * AT_ONCE
    at_once(lotus, lambda: begun.close_for(who, public_id))
    assert not Draft.objects.exists() and begun.open_for(who, public_id) is None


def test_a_picture_named_four_times_is_one(office, lotus, wx):
    media_id, who = upload(wx, office), chat.customer(office)
    names = at_once(lotus, lambda: keep_media(media_id=media_id, stage="report", by=who))
    assert len(set(names)) == 1
    assert Photo.objects.count() == 1 and len(wx.calls(GET)) <= AT_ONCE
