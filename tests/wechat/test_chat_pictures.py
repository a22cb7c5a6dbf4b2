"""A picture sent to the account is fetched by a worker at once and goes into the writer's report, like an upload."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from apps.tickets.models import Photo, Ticket
from apps.wechat import tasks
from apps.wechat.inbound import pictures
from apps.wechat.models import ChatAnswer, TakenMedia
from steppe.kernel import clock
from tenants.context import in_branch, policy
from tests.make import picture
from tests.mobile.test_report import told
from tests.wechat import chat, stand
from tests.wechat.chat import MEI, NA

GET = "/cgi-bin/media/get"


@pytest.fixture(autouse=True)
def mei(office: Any, wx: Any) -> str:
    chat.arrive(wx, office)
    chat.arrive(wx, office, NA)
    return MEI


def upload(wx: Any, office: Any, content: bytes | None = None, kind: str = "image") -> str:
    """A picture at WeChat; its name there."""
    token = wx.http.post(
        "/cgi-bin/stable_token",
        json={"grant_type": "client_credential", "appid": office.secrets.appid, "secret": office.secrets.secret},
    ).json()["access_token"]
    sent = wx.http.post(
        "/cgi-bin/media/upload", params={"access_token": token, "type": kind},
        files={"media": ("a.jpg", content or picture(size=(60, 40)), "image/jpeg")},
    )  # fmt: skip
    return str(sent.json()["media_id"])


def sends(wx: Any, office: Any, branch: Any, *, media_id: str = "", openid: str = MEI) -> str:
    media_id = media_id or upload(wx, office)
    chat.hear(office, branch, "image", openid, MediaId=media_id, PicUrl="http://127.0.0.1/x")
    return media_id


def test_a_picture_is_fetched_at_once_and_goes_into_the_ticket(office, wx, lotus):
    sends(wx, office, lotus)
    assert wx.calls(GET) == []  # not in the callback, not in the inbox
    assert tasks.fetch_pictures() == 1
    photo = Photo.objects.get()
    assert (photo.owner, photo.kind, photo.width) == (chat.customer(office).ref, "picture", 60)
    phone, page = chat.phone_of(office, lotus), chat.page_in(chat.last_answer().text)
    assert photo.public_id in phone.get(page).content.decode()
    phone.post("/h5/report", told(photos=photo.public_id))
    assert Photo.objects.get().ticket_id == Ticket.objects.get().pk


def test_the_phone_itself_sends_one(office, wx, lotus):
    deed = chat.act(wx, office, "image", image=base64.b64encode(picture()).decode())
    assert deed["ok"]


def test_a_picture_on_its_way_keeps_the_draft_until_it_is_here(office, wx, lotus):
    chat.hear(office, lotus, "text", Content="网络很慢")
    sends(wx, office, lotus)
    phone, page = chat.phone_of(office, lotus), chat.page_in(chat.last_answer().text)
    shown = phone.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert "网络很慢" in shown and "picture is still on its way" in shown
    tasks.fetch_pictures()
    shown = phone.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert Photo.objects.get().public_id in shown and "picture is still on its way" not in shown


def test_fetched_twice_it_is_one_picture(office, wx, lotus):
    sends(wx, office, lotus)
    found = list(pictures._due())
    for draft, one in [*found, *found]:
        pictures._fetch(draft, one)
    assert Photo.objects.count() == 1
    assert len(wx.calls(GET)) == 1


def test_a_picture_that_wechat_lost_is_told_and_the_report_goes_on(office, wx, lotus):
    sends(wx, office, lotus, media_id="never-there")
    tasks.fetch_pictures()
    assert chat.draft().media[0]["wrong"] == "wechat.media_gone"
    assert ChatAnswer.objects.filter(about="picture_lost").count() == 1
    assert tasks.fetch_pictures() == 0
    page = chat.page_in(ChatAnswer.objects.get(about="picture_lost").text)
    assert chat.phone_of(office, lotus).get(page).status_code == 200


def test_what_is_no_picture_is_not_kept(office, wx, lotus):
    sends(wx, office, lotus, media_id=upload(wx, office, b"<html>not a picture</html>"))
    tasks.fetch_pictures()
    assert chat.draft().media[0]["wrong"] == "tickets.not_a_picture"
    assert not Photo.objects.exists()


def test_while_wechat_is_away_it_is_tried_later_and_given_up_at_last(office, wx, lotus):
    wx.spoil(GET, {"http": 502}, times=None)
    sends(wx, office, lotus)
    tasks.fetch_pictures()
    assert tasks.fetch_pictures() == 0  # not at once
    for n in range(1, pictures.MOST_TRIES):
        with clock.frozen(clock.now() + timedelta(hours=n)):
            tasks.fetch_pictures()
    assert chat.draft().media[0]["wrong"] == "wechat.away"
    assert ChatAnswer.objects.filter(about="picture_lost").count() == 1


def test_one_refused_token_is_replaced(office, wx, lotus):
    wx.spoil(GET, {"errcode": 40001})
    sends(wx, office, lotus)
    tasks.fetch_pictures()
    assert Photo.objects.count() == 1


def test_a_report_takes_so_many_and_the_person_is_told(office, wx, lotus):
    most = policy().report_photos_max
    for n in range(most + 1):
        chat.hear(office, lotus, "image", MediaId=f"m{n}", PicUrl="x")
    assert len(chat.draft().media) == most
    assert str(most) in chat.last_answer().text


def test_somebody_elses_picture_stays_theirs(office, wx, lotus):
    media_id = sends(wx, office, lotus)
    tasks.fetch_pictures()
    sends(wx, office, lotus, media_id=media_id, openid=NA)
    tasks.fetch_pictures()
    assert chat.draft(NA).media[0]["wrong"] == "wechat.not_your_media"
    assert TakenMedia.objects.get().whom == chat.customer(office).ref


def test_the_other_branch_fetches_nothing(office, wx, lotus, maple):
    sends(wx, office, lotus)
    with in_branch(maple.tenant):
        stand.open_account(wx)
        assert tasks.fetch_pictures() == 0
        assert not Photo.objects.exists()
