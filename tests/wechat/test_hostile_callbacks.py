"""A thousand hostile callbacks at the real door: 403 or a row of the inbox, never a 500, never a half-parsed record;
and every row can be worked on: done, ignored, or at last a dead letter, with nothing half taken in."""

import random
from datetime import timedelta
from typing import Any

from apps.wechat.gateway import services as gateway
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import inbox as inbound
from apps.wechat.models import Draft
from steppe.kernel import clock
from tenants.context import current_branch, in_public
from tests.make import client_at
from tests.wechat.stand import delivery

HOW_MANY = 1000
NAMES = (*inbound.EVENTS, *inbound.MESSAGES, "a_new_event", "", "x" * 300, "subscribe ", "__class__", "../..")
FIELDS = (
    "EventKey", "Ticket", "Content", "MediaId", "PicUrl", "Location_X", "Location_Y", "Latitude", "Longitude",
    "Precision", "Label", "MsgID", "MsgId", "Status", "ScanCodeInfo", "SubscribeMsgPopupEvent", "MenuId",
    "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent", "ToUserName", "FromUserName", "CreateTime", "MsgType", "Event",
)  # fmt: skip
VALUES = (
    "", " ", "0", "-1", "1e309", "nan", "inf", "9" * 30, str(2**63), str(2**64), "91", "181", "43.9,116", "null", "[]",
    "{}", "qrscene_", "qrscene_" + "a" * 200, "<a/>", "]]>", "<![CDATA[x]]>", "&amp;&lt;", "&#xD7FF;", "&#9;",
    "'; DROP TABLE wechat_draft; --", "%s%n", "{0}", "{{7*7}}", "进度", "催单", "\u202eabc", "\U0001f600" * 50,
    "签" * 700,
    "http://[x", "javascript:alert(1)", "x" * 5000, "<List><TemplateId>a</TemplateId></List>",
    "<List>" * 3 + "x" + "</List>" * 3, "<item><a>1</a></item><item/>", "a\rb\nc", "1.0.0", "٣٣", "１２",
)  # fmt: skip
JUNK = (
    b"", b"{}", b"\x00", b"\xff\xfe<\x00x\x00", b"<xml>", b"<xml></xml>", b"<xml/>", b"<xml>text</xml>",
    b"<xml><a></xml>",
    b"<a><Encrypt>x</Encrypt></a>", b"<xml><Encrypt/></xml>", b"<xml><Encrypt><b/></Encrypt></xml>",
    b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>", b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>',
    b'<?xml version="1.0" encoding="utf-16"?><xml/>', b'<?xml version="1.0" encoding="nonsense"?><xml/>',
    b"<xml>" + b"<a>" * 1500 + b"</a>" * 400 + b"</xml>", b"<xml>" + b"<a>" * 3000, b"x" * 70_000,
    "<xml><Encrypt>签</Encrypt></xml>".encode(), "<xml><Encrypt>签</Encrypt></xml>".encode("gbk"),
    b"<xml xmlns='a:b'/>",
)  # fmt: skip


class Attacker:
    """Makes one delivery after the other; `dice` is seeded, so a red run can be looked at again."""

    def __init__(self, office: Any, dice: random.Random) -> None:
        self.office, self.dice, self.number = office, dice, 0

    def next(self) -> tuple[str, bytes]:
        """Query and body: mostly a perfect envelope with something hostile inside."""
        self.number += 1
        kind = self.dice.randrange(10)
        if kind == 0:
            query, _body = self._sealed(self._inside())
            return query, self.dice.choice(JUNK)
        if kind == 1:
            return self._spoiled()
        query, body = self._sealed(self._broken() if kind == 2 else self._inside())
        return query, body

    def _sealed(self, xml: str, **changes: Any) -> tuple[str, bytes]:
        query, body = delivery(self.office.secrets, xml, **changes)
        return query, body.encode()

    def _spoiled(self) -> tuple[str, bytes]:
        how = self.dice.choice((
            {"token": "another-token-of-16"}, {"aes_key": "C" * 42 + "E"}, {"appid": "wx-other"}, {"at": 0},
            {"at": 99999999999}, {"query": {"timestamp": "９９"}}, {"query": {"encrypt_type": "raw"}},
            {"query": {"msg_signature": "签"}}, {"query": {"msg_signature": ""}}, {"query": {"nonce": "x" * 9000}},
        ))  # fmt: skip
        return self._sealed(self._inside(), **how)

    def _broken(self) -> str:
        xml = self._inside()
        at = self.dice.randrange(len(xml))
        return self.dice.choice((
            xml[:at], xml[at:], xml[:at] + "<" + xml[at:], xml[:at] + "\ud7ff\x0b" + xml[at:], xml * 2,
            xml.replace("<xml>", "<!DOCTYPE xml><xml>"), xml.replace("xml", "yml"), "", "hello", "{}", "<xml>x</xml>",
            "<xml>" + "<a>" * self.dice.choice((5, 13, 900)) + "</xml>", xml.replace("</xml>", "<a b='c'>d</a></xml>"),
        ))  # fmt: skip

    def _inside(self) -> str:
        """A whole message with fields missing, doubled, nested or filled with what nobody expects."""
        dice = self.dice
        name = dice.choice(NAMES)
        message = dice.random() < 0.4
        fields = [
            ("ToUserName", self.office.secrets.original_id),
            ("FromUserName", dice.choice(("o-lotus-wu", "o-x1", "o-x2"))),
            ("CreateTime", str(int(clock.now().timestamp()) + self.number)), ("MsgType", name if message else "event"),
        ]  # fmt: skip
        fields += [("MsgId", str(self.number))] if message else [("Event", name)]
        fields += [(dice.choice(FIELDS[:19]), dice.choice(VALUES)) for _ in range(dice.randrange(8))]
        if dice.random() < 0.25:  # one of the head is wrong, missing or there twice
            at = dice.randrange(5)
            fields[at : at + 1] = dice.choice(([], [fields[at]] * 2, [(fields[at][0], dice.choice(VALUES))]))
        return "<xml>" + "".join(f"<{tag}>{_escaped(value)}</{tag}>" for tag, value in fields) + "</xml>"


def _escaped(value: str) -> str:
    """Some values are XML on purpose."""
    return value if value.startswith(("<", "&")) else value.replace("&", "&amp;").replace("<", "&lt;")


def count() -> int:
    with in_public():
        return Inbox.objects.count()


def test_a_thousand_hostile_callbacks(office, wx, lotus):
    attacker, client = Attacker(office, random.Random(20261129)), client_at(lotus)
    seen = {200: 0, 403: 0}
    for _ in range(HOW_MANY):
        query, body = attacker.next()
        before = count()
        answer = client.post(f"{office.door}?{query}", body, content_type="text/xml")
        assert answer.status_code in seen, (attacker.number, answer.status_code)
        seen[answer.status_code] += 1
        assert answer.content == (b"success" if answer.status_code == 200 else b"refused")
        assert count() - before in ({0, 1} if answer.status_code == 200 else {0})
    assert min(seen.values()) > 100, seen  # both kinds were really tried
    _every_row_is_whole(office)
    _work_on_all()


def _every_row_is_whole(office: Any) -> None:
    with in_public():
        rows = list(Inbox.objects.all())
    for row in rows:
        head = [row.payload[name] for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType")]
        assert all(isinstance(one, str) for one in head)
        assert row.payload["ToUserName"] == office.secrets.original_id
        assert (row.schema_name, row.done_at, row.attempts) == (current_branch().schema_name, None, 0)


def _work_on_all() -> None:
    """Hours go by; nothing escapes, and at last nothing is waiting."""
    for hours in range(gateway.MOST_TRIES + 1):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            for _ in range(HOW_MANY // gateway.BATCH + 1):  # who failed a moment ago is not due again
                inbound.take_all()
    assert gateway.waiting(current_branch().schema_name) == []
    with in_public():
        left = Inbox.objects.filter(done_at__isnull=True)
        assert all(row.attempts == gateway.MOST_TRIES and row.error for row in left)
        outcomes = set(Inbox.objects.filter(done_at__isnull=False).values_list("outcome", flat=True))
    assert outcomes == {"done", "ignored"}
    for draft in Draft.objects.all():
        assert len(draft.text) <= 500 and (draft.lat is None) == (draft.lng is None) == (draft.datum == "")
