"""A picture chosen with WeChat's own button: the page names it, the server fetches it and keeps it like an upload."""

from typing import Any

import pytest

from apps.tickets.models import Photo, Ticket
from apps.wechat.models import TakenMedia
from apps.wechat.views import throttle
from tenants.context import in_branch
from tests.make import client_at, picture
from tests.mobile.test_report import told
from tests.wechat import chat, stand
from tests.wechat.test_chat_pictures import GET, upload

URL = "/wx/media"
ENGLISH = {"Accept": "application/json", "Accept-Language": "en"}


def post(client: Any, media_id: str, **more: str) -> Any:
    return client.post(URL, {"server_id": media_id} | more, headers=ENGLISH)


@pytest.fixture
def phone(office: Any, lotus: Any) -> Any:
    return chat.phone_of(office, lotus)


def test_it_is_kept_like_an_uploaded_one(office, wx, lotus, phone):
    answer = post(phone, upload(wx, office, picture("PNG", (70, 50))))
    photo = Photo.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"id": photo.public_id})
    assert (photo.owner, photo.stage, photo.width, photo.path[-4:]) == (chat.customer(office).ref, "report", 70, ".jpg")
    phone.post("/h5/report", told(photos=photo.public_id))
    assert Photo.objects.get().ticket_id == Ticket.objects.get().pk


def test_named_again_it_is_the_same_picture(office, wx, phone):
    media_id = upload(wx, office)
    assert post(phone, media_id).json() == post(phone, media_id).json()
    assert Photo.objects.count() == 1 and len(wx.calls(GET)) == 1


def test_a_technician_proves_work_with_one(office, wx, lotus):
    answer = post(client_at(lotus, lotus.wu), upload(wx, office), stage="finish")
    assert answer.status_code == 201
    assert (Photo.objects.get().owner, Photo.objects.get().stage) == (lotus.wu.ref, "finish")


def test_nobody_else_may(office, wx, lotus):
    media_id = upload(wx, office)
    assert post(client_at(lotus), media_id).status_code == 401
    assert post(client_at(lotus, lotus.lin), media_id).status_code == 403
    assert not wx.calls(GET)


def test_somebody_elses_picture_is_refused(office, wx, lotus, phone):
    media_id = upload(wx, office)
    post(phone, media_id)
    answer = post(chat.phone_of(office, lotus, chat.NA), media_id)
    assert (answer.status_code, answer.json()["code"]) == (403, "wechat.not_your_media")
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("media_id", ["never-there", "", "../../etc", "a" * 500, "签"])
def test_what_wechat_does_not_have_is_a_sentence(office, wx, phone, media_id):
    answer = post(phone, media_id)  # 40007 comes as JSON with 200
    assert (answer.status_code, answer.json()["code"]) == (409, "wechat.media_gone")
    assert "three days" in answer.json()["detail"]
    assert not Photo.objects.exists()


def test_three_days_later_it_is_gone(office, wx, phone):
    media_id = upload(wx, office)
    wx.tell("clock", {"offset_s": 3 * 24 * 3600 + 60})
    assert post(phone, media_id).json()["code"] == "wechat.media_gone"


def test_what_is_no_picture_is_refused(office, wx, phone):
    answer = post(phone, upload(wx, office, b"%PDF-1.4 something"))
    assert (answer.status_code, answer.json()["code"]) == (422, "tickets.not_a_picture")


def test_what_is_too_large_is_refused_before_it_is_read_to_its_end(office, wx, phone, lotus):
    limit = 1
    with in_branch(lotus.tenant):
        type(lotus.tenant).objects.filter(pk=lotus.tenant.pk).update(policy={"photo_max_mb": limit})
    answer = post(phone, upload(wx, office, b"x" * (limit * 1024 * 1024 + 10)))
    assert (answer.status_code, answer.json()["code"]) in (
        (422, "tickets.picture_too_large"), (422, "tickets.not_a_picture")
    )  # fmt: skip
    assert not Photo.objects.exists()


@pytest.mark.parametrize("action", [{"http": 502}, {"errcode": -1}, {"drop_before": True}])
def test_while_wechat_is_away_the_page_may_try_again(office, wx, phone, action):
    media_id = upload(wx, office)
    wx.spoil(GET, action)
    answer = post(phone, media_id)
    assert (answer.status_code, answer.json()["code"]) == (503, "wechat.away")
    assert post(phone, media_id).status_code == 201


def test_who_asks_too_often_waits(office, wx, phone, monkeypatch):
    monkeypatch.setattr(throttle, "PER_SESSION", 2)
    assert [post(phone, f"never-{n}").status_code for n in range(3)] == [409, 409, 429]


def test_the_other_branch_has_another_account(office, wx, lotus, maple, phone):
    media_id = upload(wx, office)
    with in_branch(maple.tenant):
        stand.open_account(wx)
    answer = post(client_at(maple, maple.wu), media_id)
    assert answer.json()["code"] == "wechat.media_gone"
    assert post(phone, media_id).status_code == 201
    with in_branch(maple.tenant):
        assert not Photo.objects.exists()
    assert TakenMedia.objects.count() == 1
