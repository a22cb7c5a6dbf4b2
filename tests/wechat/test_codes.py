"""Printed QR codes: made, drawn by WeChat, listed, printed, withdrawn; scanned they open the report at its place."""

import re
from typing import Any

import pytest

from apps.people import geo
from apps.people.models import OrgUnit, Technician
from apps.tickets.models import Ticket
from apps.wechat import tasks
from apps.wechat.models import ChatAnswer, Draft, Scene, Tally
from apps.wechat.views.codes import drawn
from tenants.context import in_branch
from tests.make import client_at, key
from tests.mobile.test_report import told
from tests.wechat import chat, stand
from tests.wechat.chat import MEI

PAGE, SHEET = "/console/wechat/codes/", "/console/wechat/codes/print"
HOUSE = {"kind": "building", "label": "白桦园7号楼", "address": "白桦园7号楼", "point": "43.9340, 116.0870",
         "datum": "wgs84", "grid": "E1"}  # fmt: skip


def make(branch: Any, who: Any = None, **changes: Any) -> Any:
    client = client_at(branch, who or branch.bai)
    return client.post(PAGE, HOUSE | changes | {"idempotency_key": key()}, headers={"Accept-Language": "en"})


def made(branch: Any, **changes: Any) -> Scene:
    assert make(branch, **changes).status_code == 303
    return Scene.objects.latest("id")


def test_a_code_is_made_and_drawn(office, wx, lotus):
    scene = made(lotus)
    call = wx.calls("/cgi-bin/qrcode/create")
    assert len(call) == 1
    assert scene.url.startswith("http://weixin.qq.com/q/") and scene.expires_at is None
    assert len(scene.name) >= 22 and "白桦" not in scene.name
    assert (scene.lat, scene.lng, scene.org_unit.code, scene.made_by) == (43.934, 116.087, "E1", lotus.bai.ref)


def test_a_point_from_a_chinese_map_is_kept_in_wgs84(office, lotus):
    lat, lng = geo.to_gcj02(43.934, 116.087)
    scene = made(lotus, point=f"{lat:.7f}，{lng:.7f}", datum="gcj02")
    assert (scene.lat, scene.lng) == pytest.approx((43.934, 116.087), abs=1e-5)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"label": " "}, "Please fill this in"),
        ({"grid": "nowhere"}, "Please fill this in"),
        ({"point": "somewhere"}, "latitude and longitude"),
        ({"point": "99, 116"}, "latitude and longitude"),
        ({"label": "a" * 61}, "too long"),
        ({"kind": "bind"}, None),
        ({"kind": "technician", "technician": ""}, "Please fill this in"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_made(office, wx, lotus, change, sentence):
    answer = make(lotus, **change)
    assert answer.status_code == 422
    assert sentence is None or sentence in answer.content.decode()
    assert not Scene.objects.exists() and not wx.calls("/cgi-bin/qrcode/create")


def test_while_wechat_is_away_the_code_waits_and_is_drawn_later(office, wx, lotus):
    wx.spoil("qrcode/create", {"http": 502}, times=2)
    answer = make(lotus)
    assert answer.status_code == 503 and "not drawn yet" in answer.content.decode()
    scene = Scene.objects.get()
    bai = client_at(lotus, lotus.bai)
    assert bai.post(f"{PAGE}{scene.pk}/draw/", {"idempotency_key": key()}).status_code == 503
    assert bai.post(f"{PAGE}{scene.pk}/draw/", {"idempotency_key": key()}).status_code == 303
    drawn = Scene.objects.get().url
    assert bai.post(f"{PAGE}{scene.pk}/draw/", {"idempotency_key": key()}).status_code == 303
    assert drawn and Scene.objects.get().url == drawn


def test_when_all_codes_are_used_up_the_sentence_says_so(office, wx, lotus):
    wx.spoil("qrcode/create", {"errcode": 45029})
    answer = make(lotus)
    assert answer.status_code == 409 and "100,000" in answer.content.decode()


def test_twice_with_one_key_is_one_code(office, lotus):
    same, bai = HOUSE | {"idempotency_key": key()}, client_at(lotus, lotus.bai)
    assert [bai.post(PAGE, same).status_code for _ in range(2)] == [303, 303]
    assert Scene.objects.count() == 1


def test_a_grid_leader_keeps_the_own_grids_codes_only(office, lotus):
    made(lotus)
    west = made(lotus, grid="W1", label="西街")
    assert make(lotus, lotus.yun, label="我的").status_code == 303
    assert make(lotus, lotus.yun, grid="W1").status_code == 422
    xi = Technician.objects.get(user__username="xi")
    assert make(lotus, lotus.yun, kind="technician", technician=str(xi.pk)).status_code == 422
    yun = client_at(lotus, lotus.yun)
    page = yun.get(PAGE).content.decode()
    assert "我的" in page and "白桦园7号楼" in page and "西街" not in page
    assert yun.post(f"{PAGE}{west.pk}/withdraw/", {"idempotency_key": key()}).status_code == 404
    assert yun.post(f"{PAGE}{west.pk}/draw/", {"idempotency_key": key()}).status_code == 404
    assert "西街" not in yun.get(SHEET, {"id": west.pk}).content.decode()
    assert Scene.objects.get(pk=west.pk).withdrawn_at is None


def test_nobody_else_comes_in(office, lotus):
    for who in (lotus.lin, lotus.wu, lotus.cai):
        assert client_at(lotus, who).get(PAGE).status_code == 403
        assert client_at(lotus, who).get(SHEET).status_code == 403


def test_the_list_is_searched_and_filtered(office, wx, lotus):
    house, street = made(lotus), made(lotus, label="柳树街", address="", point="", grid="W1")
    bai = client_at(lotus, lotus.bai)
    bai.post(f"{PAGE}{street.pk}/withdraw/", {"idempotency_key": key()})

    def shown(**asked: str) -> set[str]:
        page = bai.get(PAGE, asked).content.decode()
        return {one.label for one in (house, street) if f"{one.label}</label>" in page}

    assert shown() == {"白桦园7号楼", "柳树街"}
    assert shown(q="白桦") == shown(state="used") == {"白桦园7号楼"}
    assert shown(state="withdrawn") == shown(q="柳树") == {"柳树街"}
    assert shown(kind="grid") == shown(q="nothing at all") == set()


def test_the_sheet_has_a_drawing_a_branch_and_two_lines(office, lotus):
    scene = made(lotus)
    made(lotus, label="第二栋")
    one = client_at(lotus, lotus.bai).get(SHEET, {"id": scene.pk}).content.decode()
    assert one.count('class="qr"') == 1 and "白桦园7号楼" in one and "莲花" in one and "第二栋" not in one
    assert len(re.findall(r"[一-鿿]", re.search(r'<p class="how">(.*?)</p>', one)[1])) > 10
    assert client_at(lotus, lotus.bai).get(SHEET).content.decode().count('class="qr"') == 2


def test_the_drawing_is_the_codes_url():
    drawing = drawn("http://weixin.qq.com/q/abc")
    assert drawing.startswith("data:image/svg+xml") and "script" not in drawing
    assert drawing != drawn("http://weixin.qq.com/q/abd")


def scans(wx: Any, office: Any, lotus: Any, scene: Scene, *, follower: bool = True) -> str:
    """Somebody scans the paper; what they read."""
    chat.arrive(wx, office, following=follower)
    chat.act(wx, office, "scan", scene=scene.name)
    if follower:
        chat.event(office, lotus, "SCAN", EventKey=scene.name, Ticket="t")
    else:
        chat.event(office, lotus, "subscribe", EventKey=f"qrscene_{scene.name}", Ticket="t")
    tasks.send_answers()
    return chat.read_by(wx)[-1]


@pytest.mark.parametrize("follower", [True, False])
def test_a_scanned_building_opens_the_report_at_its_place(office, wx, lotus, follower):
    scene = made(lotus)
    text = scans(wx, office, lotus, scene, follower=follower)
    assert "白桦园7号楼" in text
    phone = chat.phone_of(office, lotus)
    shown = phone.get(chat.page_in(text)).content.decode()
    assert 'value="白桦园7号楼"' in shown and 'value="43.934"' in shown and 'value="wgs84"' in shown
    where = {"lat": scene.lat, "lng": scene.lng, "crs": "wgs84", "source": "code", "address": "白桦园7号楼 2-301"}
    phone.post("/h5/report", told(**where))
    ticket = Ticket.objects.get()
    assert (ticket.lat, ticket.location_source, ticket.grid.code) == (43.934, "code", "E1")


def test_a_scanned_grid_names_the_grid_and_claims_no_point(office, wx, lotus):
    scene = made(lotus, kind="grid", label="", address="", point="", grid="W1")
    page = chat.page_in(scans(wx, office, lotus, scene))
    draft = chat.draft()
    assert (draft.address, draft.lat) == ("Willow", None)
    chat.phone_of(office, lotus).get(page)
    chat.phone_of(office, lotus).post("/h5/report", told(address=f"{draft.address} 5-1"))
    ticket = Ticket.objects.get()
    assert (ticket.grid.code, ticket.has_place) == ("W1", False)


def test_a_scanned_technician_is_a_wish_in_the_words(office, wx, lotus):
    wu = Technician.objects.get(user__username="wu")
    scene = made(lotus, kind="technician", label="", point="", address="", technician=str(wu.pk))
    assert "Wu" in scans(wx, office, lotus, scene)
    assert "Wu" in chat.draft().text and chat.draft().lat is None
    scans(wx, office, lotus, scene)
    assert chat.draft().text.count("Wu") == 1


def test_a_text_after_a_scan_is_told_that_it_is_added(office, wx, lotus):
    scans(wx, office, lotus, made(lotus))
    chat.writes(wx, office, lotus, "光猫亮红灯")
    assert chat.draft().text == "光猫亮红灯" and len(chat.read_by(wx)) == 2


def test_scans_are_counted(office, wx, lotus):
    scene = made(lotus)
    for at in range(3):
        chat.event(office, lotus, "SCAN", EventKey=scene.name, CreateTime=int(stand.clock.now().timestamp()) + at)
    assert Tally.objects.get().times == 3
    assert "3 scans" in client_at(lotus, lotus.bai).get(PAGE, headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize("name", ["nobody-knows-this", "x" * 100, ""])
def test_an_unknown_code_leads_to_the_plain_form(office, wx, lotus, name):
    chat.event(office, lotus, "SCAN", EventKey=name)
    assert chat.page_in(chat.last_answer().text) == "/h5/report?from=wx"
    assert not Draft.objects.exists()


def test_a_withdrawn_code_leads_to_the_plain_form_and_is_withdrawn_once(office, wx, lotus):
    scene, bai = made(lotus), client_at(lotus, lotus.bai)
    told_ = [bai.post(f"{PAGE}{scene.pk}/withdraw/", {"idempotency_key": key()}).status_code for _ in range(2)]
    assert told_ == [303, 409]
    chat.event(office, lotus, "SCAN", EventKey=scene.name)
    assert chat.page_in(chat.last_answer().text) == "/h5/report?from=wx"
    assert bai.get(SHEET, {"id": scene.pk}).content.decode().count('class="qr"') == 0


def test_staff_who_scan_get_the_way_to_their_work(office, lotus):
    scene = made(lotus)
    chat.event(office, lotus, "SCAN", "o-lotus-wu", EventKey=scene.name)
    assert chat.page_in(chat.last_answer("o-lotus-wu").text) == "/w/pool"


def test_the_menus_own_scanner_knows_our_codes(office, lotus):
    scene = made(lotus)
    for number, result in enumerate((scene.url, "CODE_128,ABC", {"x": "y"})):
        info = {"ScanType": "qrcode", "ScanResult": result}
        chat.event(office, lotus, "scancode_waitmsg", EventKey=f"k{number}", ScanCodeInfo=info)
    texts = list(ChatAnswer.objects.order_by("id").values_list("text", flat=True))
    assert f"draft={chat.draft().public_id}" in texts[0]
    assert [chat.page_in(text) for text in texts[1:]] == ["/h5/report?from=wx"] * 2


def test_pages_of_the_menu_are_counted_and_nothing_else(office, lotus):
    for at in range(2):
        when = int(stand.clock.now().timestamp()) + at
        chat.event(office, lotus, "VIEW", EventKey="http://lotus.localhost/h5/report?from=wx", CreateTime=when)
    chat.event(office, lotus, "VIEW", EventKey="http://[broken", MenuId="1")
    assert [(one.name, one.times) for one in Tally.objects.all()] == [("/h5/report", 2)]
    assert not ChatAnswer.objects.exists()


def test_the_other_branch_sees_and_knows_nothing(office, wx, lotus, maple):
    scene = made(lotus)
    with in_branch(maple.tenant):
        stand.open_account(wx)
        assert OrgUnit.objects.filter(code="E1").exists() and not Scene.objects.exists()
    bai = client_at(maple, maple.bai)
    assert "白桦园7号楼</label>" not in bai.get(PAGE).content.decode()
    assert bai.post(f"{PAGE}{scene.pk}/withdraw/", {"idempotency_key": key()}).status_code == 404
    assert 'class="qr"' not in bai.get(SHEET, {"id": scene.pk}).content.decode()
    assert MEI not in str(Draft.objects.all())
