"""The pages that look like a phone."""

import re

from tests.sandbox.driver import APPID, OTHER, Sandbox, person

CARD_URL = "http://xilingol.localhost:8000/h5/t/abc"


def test_people_are_listed_by_what_they_are(sandbox: Sandbox) -> None:
    sandbox.control("users", **person("c1", "包志强", group="customer", follows=[]))
    sandbox.control("users", **person("t2", "李建国", group="technician", follows=[]))
    page = sandbox.get("/phone").text
    titles = re.findall(r'class="group" id="group-\d">(.*?)<span', page)
    assert titles == ["客户", "维修人员", "锡林郭勒广电网络"]
    assert re.findall(r'data-user-id="(\w+)"', page) == ["c1", "t2", "t1"]


def test_people_are_found_by_name_number_or_account(sandbox: Sandbox) -> None:
    sandbox.control("users", **person("c1", "包志强", group="customer", follows=[], phone="13800000009"))
    for asked, found in (("志强", ["c1"]), ("0000009", ["c1"]), ("锡林郭勒", ["t1"]), ("T1", ["t1"]), ("谁", [])):
        page = sandbox.get("/phone", q=asked).text
        assert re.findall(r'data-user-id="(\w+)"', page) == found, asked
    assert "没有找到这个人" in page and "/_sandbox/accounts" not in page


def test_an_empty_sandbox_says_what_to_do(sandbox: Sandbox) -> None:
    sandbox.control("reset")
    assert "/_sandbox/accounts" in sandbox.get("/phone").text


def test_a_card_shows_its_lines_and_opens_the_product(sandbox: Sandbox) -> None:
    answer = sandbox.send(url=CARD_URL)
    page = sandbox.get("/phone/t1")
    assert page.cookies["sandbox_user"] == "t1"
    assert f'data-msgid="{answer["msgid"]}"' in page.text
    assert "<dt>故障类型</dt><dd>宽带无法上网</dd>" in page.text
    opened = sandbox.get("/phone/t1/go", appid=APPID, msgid=str(answer["msgid"]))
    assert (opened.status_code, opened.headers["location"]) == (303, CARD_URL)


def test_somebody_elses_card_does_not_open(sandbox: Sandbox) -> None:
    sandbox.control("users", **person("t2", "李建国", follows=[{"appid": APPID}]))
    answer = sandbox.send(url=CARD_URL)
    assert sandbox.get("/phone/t2/go", appid=APPID, msgid=str(answer["msgid"])).status_code == 404


def test_a_menu_item_opens_the_product_and_is_told(sandbox: Sandbox) -> None:
    page = sandbox.get("/phone/t1").text
    (link,) = re.findall(r'class="menu-item" href="([^"]+)"', page)
    opened = sandbox.get(link.replace("&amp;", "&"))
    assert opened.headers["location"] == "http://xilingol.localhost:8000/h5/report"
    assert [push["name"] for push in sandbox.pushes()] == ["VIEW"]


def test_new_cards_are_fetched_once(sandbox: Sandbox) -> None:
    sandbox.send()
    page = sandbox.get("/phone/t1").text
    last = re.findall(r'data-last="(\d+)"', page)[0]
    assert sandbox.get("/phone/t1/feed", appid=APPID, since=last).json() == {"last": int(last), "html": ""}
    sandbox.send()
    news = sandbox.get("/phone/t1/feed", appid=APPID, since=last).json()
    assert news["html"].count('class="card"') == 1
    assert news["last"] > int(last)


def test_the_phone_speaks_writes_and_moves(sandbox: Sandbox) -> None:
    def deed(**form: str) -> int:
        request = sandbox.client.post("/phone/t1/act", data={"appid": APPID} | form)
        return sandbox.runner.run(request).status_code

    assert deed(action="text", content="<b>在吗</b>") == 303
    assert "&lt;b&gt;在吗&lt;/b&gt;" in sandbox.get("/phone/t1").text
    assert deed(action="move", lat="44.1", lng="116.2") == 303
    assert sandbox.seen("users")[0]["lat"] == 44.1
    assert deed(action="move", lat="x", lng="1") == 400
    assert deed(action="unfollow") == 303
    assert "关注服务号" in sandbox.get("/phone/t1").text


def test_following_a_second_account_adds_its_chat(sandbox: Sandbox) -> None:
    assert "未关注" in sandbox.get("/phone/t1/me").text
    sandbox.control("act", user_id="t1", appid=OTHER, action="follow")
    page = sandbox.get("/phone/t1").text
    assert f"appid={APPID}" in page
    assert f'data-appid="{OTHER}"' in page


def test_names_and_messages_are_hostile(sandbox: Sandbox) -> None:
    sandbox.control("users", **person("x", "<script>1</script>", avatar='"><script>2</script>'))
    for path in ("/phone", "/phone/x", "/phone/x/me"):
        assert "<script>1" not in sandbox.get(path).text
        assert "<script>2" not in sandbox.get(path).text


def test_nobody_is_not_found(sandbox: Sandbox) -> None:
    for path in ("/phone/nobody", "/phone/nobody/me", "/phone/nobody/go", "/phone/nobody/feed"):
        assert sandbox.get(path).status_code == 404
