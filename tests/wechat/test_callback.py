"""`/wx/cb/<key>`: only WeChat itself is heard, once; every refusal is the same 403 and leaves nothing."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apps.wechat.calls.vault import Credentials
from apps.wechat.gateway import door
from apps.wechat.gateway.door import Letter, Refused
from apps.wechat.gateway.models import Inbox
from apps.wechat.models import WxAccount
from sandbox.crypto import encrypt, signature
from steppe.kernel import clock
from tenants.context import in_branch, in_public
from tests.make import client_at
from tests.wechat import stand
from tests.wechat.stand import delivery, event_xml

GIVEN = Credentials("wx1", "gh_1", "s", "a-token-of-16-ch", ("A" * 43, "B" * 42 + "E"))


def rows() -> int:
    with in_public():
        return Inbox.objects.count()


def post(branch, office, query, body, door=""):
    return client_at(branch).post(f"{door or office.door}?{query}", body, content_type="text/xml")


def test_a_genuine_event_is_kept_for_the_branch_and_answered(office, lotus):
    answer = post(lotus, office, *delivery(office.secrets, event_xml(office.secrets, "subscribe", EventKey="")))
    assert (answer.status_code, answer.content) == (200, b"success")
    with in_public():
        row = Inbox.objects.get()
    assert (row.schema_name, row.appid) == (lotus.tenant.schema_name, office.account.appid)
    assert row.payload["Event"] == "subscribe"
    assert row.done_at is None


def test_the_same_delivery_again_is_answered_and_changes_nothing(office, lotus):
    query, body = delivery(office.secrets, event_xml(office.secrets, "subscribe"))
    assert [post(lotus, office, query, body).content for _ in range(3)] == [b"success"] * 3
    assert rows() == 1


def test_a_new_try_of_wechat_with_another_nonce_is_the_same_event(office, lotus):
    xml = event_xml(office.secrets, "subscribe")
    for _ in range(4):
        assert post(lotus, office, *delivery(office.secrets, xml)).status_code == 200
    assert rows() == 1


def test_two_events_of_one_second_are_two(office, lotus):
    for page in ("a", "b"):
        post(lotus, office, *delivery(office.secrets, event_xml(office.secrets, "VIEW", EventKey=page)))
    assert rows() == 2


def test_the_key_before_the_present_one_is_still_heard(lotus_db, wx, lotus):
    old, new = stand.services.demo_account("x", "")["aes_key"], stand.services.demo_account("y", "")["aes_key"]
    account = stand.open_account(wx, aes_key=new, previous_aes_key=old)
    given = stand.opened(account)
    query, body = delivery(given, event_xml(given, "subscribe"), aes_key=old)
    assert client_at(lotus).post(f"{stand.door_of(account)}?{query}", body, content_type="text/xml").status_code == 200


def _spoiled(office):
    """Every way in which a request may not be WeChat's word to this account."""
    given = office.secrets
    xml = event_xml(given, "subscribe")
    now = int(clock.now().timestamp())
    good_query, good_body = delivery(given, xml)
    return {
        "bad signature": delivery(given, xml, query={"msg_signature": "0" * 40}),
        "signature with other letters": delivery(given, xml, query={"msg_signature": "签"}),
        "no signature": delivery(given, xml, query={"msg_signature": ""}),
        "signed with another token": delivery(given, xml, token="another-token"),
        "old": delivery(given, xml, at=now - 310),
        "from the future": delivery(given, xml, at=now + 310),
        "no time": delivery(given, xml, query={"timestamp": "soon"}),
        "another key": delivery(given, xml, aes_key="C" * 42 + "E"),
        "another appid inside": delivery(given, xml, appid="wx-of-somebody-else"),
        "for another account": delivery(given, event_xml(given, "subscribe", ToUserName="gh_other")),
        "plain mode": (good_query.replace("encrypt_type=aes", ""), xml),
        "plain body": (good_query, xml),
        "said to be plain": (good_query.replace("encrypt_type=aes", "encrypt_type=raw"), good_body),
        "DOCTYPE": (good_query, f"<!DOCTYPE xml>{good_body}"),
        "ENTITY": (good_query, f'<!DOCTYPE x [<!ENTITY a "b">]>{good_body}'),
        "doctype inside": delivery(given, f"<!DOCTYPE xml>{xml}"),
        "oversize": (good_query, good_body + " " * 70_000),
        "no xml": (good_query, "{}"),
        "empty": (good_query, ""),
        "not utf-8": (good_query, b"<xml><Encrypt>\xff\xfe</Encrypt></xml>"),
        "utf-16": (good_query, good_body.encode("utf-16")),
        "nothing but text inside": delivery(given, "hello"),
        "a field missing inside": delivery(given, "<xml><ToUserName>x</ToUserName></xml>"),
        "deep inside": delivery(given, "<xml>" + "<a>" * 900 + "</a>" * 900 + "</xml>"),
        "time inside is a word": delivery(given, event_xml(given, "subscribe", CreateTime="now")),
    }


def test_whatever_is_not_wechats_word_is_refused_and_leaves_nothing(office, lotus):
    for what, (query, body) in _spoiled(office).items():
        answer = post(lotus, office, query, body)
        assert (answer.status_code, answer.content) == (403, b"refused"), what
    assert rows() == 0


def test_unknown_key_disabled_account_and_the_other_branchs_key_are_refused(office, lotus, maple):
    query, body = delivery(office.secrets, event_xml(office.secrets, "subscribe"))
    assert post(lotus, office, query, body, "/wx/cb/" + secrets.token_urlsafe(16)).status_code == 403
    assert post(maple, office, query, body).status_code == 403
    WxAccount.objects.update(enabled=False)
    assert post(lotus, office, query, body).status_code == 403
    assert rows() == 0


def test_the_verification_gets_its_word_back(office, lotus):
    stamp = str(int(clock.now().timestamp()))
    mark = signature(office.secrets.token, stamp, "n1")
    page = f"{office.door}?signature={mark}&timestamp={stamp}&nonce=n1&echostr=5531"
    answer = client_at(lotus).get(page)
    assert (answer.status_code, answer.content) == (200, b"5531")
    assert answer["Content-Type"].startswith("text/plain")
    assert client_at(lotus).get(page.replace(mark, "0" * 40)).status_code == 403
    assert client_at(lotus).get(f"{office.door}?echostr=1").status_code == 403


def test_no_redirect_stands_before_the_door(office, lotus):
    assert client_at(lotus).get(office.door).status_code == 403
    assert client_at(lotus).get(office.door + "/").status_code == 404


def test_four_equal_deliveries_at_once_are_one_row(committed, lotus, wx):
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        given, path = stand.opened(account), stand.door_of(account)
        xml = event_xml(given, "subscribe")
        tries = [delivery(given, xml) for _ in range(2)] + [delivery(given, xml, nonce="1")] * 2

    def knock(one):
        try:
            return client_at(lotus).post(f"{path}?{one[0]}", one[1], content_type="text/xml").content
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(knock, tries)) == [b"success"] * 4
    assert rows() == 1


PIECES = (
    "<xml>", "</xml>", "<Encrypt>", "</Encrypt>", "<![CDATA[", "]]>", "<!DOCTYPE", "<!ENTITY a", "&a;", "&#0;",
    "<?xml version='1.0' encoding='utf-16'?>", "\x00", "é", "<a b='c'>", "<ToUserName>gh_1</ToUserName>", "A" * 50,
)  # fmt: skip
pieces = st.sampled_from(PIECES)
bodies = st.one_of(st.binary(max_size=300), st.lists(pieces, max_size=12).map(lambda some: "".join(some).encode()))


@hypothesis_settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=bodies, inside=st.one_of(st.none(), st.text(max_size=100), st.lists(pieces, max_size=12).map("".join)))
def test_a_thousand_hostile_bodies_are_refused_or_read_and_nothing_else(body, inside):
    now = clock.now()
    query = {"timestamp": str(int(now.timestamp())), "nonce": "1", "encrypt_type": "aes", "msg_signature": "0" * 40}
    if inside is not None:
        sealed = encrypt(aes_key=GIVEN.aes_keys[0], appid=GIVEN.appid, text=inside)
        query["msg_signature"] = signature(GIVEN.token, query["timestamp"], "1", sealed)
        body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    try:
        letter = door.read(GIVEN, query, body, now)
    except Refused:
        return
    assert isinstance(letter, Letter)
    assert len(letter.dedupe("t_x", "wx1")) == 64
