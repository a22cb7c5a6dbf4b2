"""What eight tries could not take in: seen without anybody's name, tried again, discarded with a reason."""

from typing import Any

import pytest

from apps.wechat import services
from apps.wechat.errors import LettersGone, ReasonMissing
from apps.wechat.gateway import services as gateway
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import inbox as inbound
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_public
from tests.cast import Branch
from tests.make import actor, client_at, key
from tests.wechat.desk import API, admin
from tests.wechat.test_inbox import tell

PAGE = "/console/wechat/inbox/"
OPENID = "o-lotus-someone-long"


def dead(office: Any, number: int = 1, **fields: Any) -> list[int]:
    """Letters that cannot be taken in, and were tried often enough."""
    for one in range(number):
        tell(office, "TEMPLATESENDJOBFINISH", openid=OPENID, after=one, **fields)
    with in_public():
        waiting = Inbox.objects.filter(done_at__isnull=True)
        waiting.update(attempts=gateway.MOST_TRIES, error=f"KeyError: 'MsgID' of {OPENID}")
        return list(waiting.order_by("id").values_list("id", flat=True))


def row(letter: int) -> Inbox:
    with in_public():
        return Inbox.objects.get(pk=letter)


def test_a_poison_message_ends_here_and_blocks_nobody(office, lotus_db: Branch) -> None:
    tell(office, "TEMPLATESENDJOBFINISH", openid=OPENID)  # without its number
    for _ in range(gateway.MOST_TRIES):
        with in_public():
            Inbox.objects.filter(done_at__isnull=True).update(next_try_at=clock.now())
        inbound.take_all()
    (letter,) = services.dead_letters(by=actor("bai"))
    assert (letter.event, letter.attempts) == ("TEMPLATESENDJOBFINISH", 8) and "MsgID" in letter.error
    assert PAGE in admin(lotus_db).get("/console/wechat/").content.decode()


def test_the_page_shows_what_when_and_why_but_not_who(office, lotus_db: Branch) -> None:
    dead(office)
    page = admin(lotus_db).get(PAGE).content.decode()
    assert "TEMPLATESENDJOBFINISH" in page and "KeyError" in page and "o-l…ong" in page
    assert OPENID not in page and OPENID not in str(admin(lotus_db).get(f"{API}inbox").content)


def test_one_is_tried_again_and_the_others_wait(office, lotus_db: Branch) -> None:
    first, second = dead(office, 2)
    answer = admin(lotus_db).post(f"{PAGE}retry/", {"letter": first, "idempotency_key": key()})
    assert answer.status_code == 303
    assert (row(first).attempts, row(second).attempts) == (0, gateway.MOST_TRIES)
    assert AuditEntry.objects.filter(action="wechat.retry_letters", outcome="done").count() == 1
    with pytest.raises(LettersGone):
        services.retry_letters(ids=[first], by=actor("bai"))


def test_mended_all_of_them_are_taken_in(office, lotus_db: Branch) -> None:
    letters = dead(office, 3, MsgID="7", Status="success")
    assert admin(lotus_db).post(f"{PAGE}retry/", {"all": "1", "idempotency_key": key()}).status_code == 303
    inbound.take_all()
    assert {row(one).outcome for one in letters} == {"done"} and not services.dead_letters(by=actor("bai"))


def test_one_is_discarded_with_a_reason_that_stands_in_the_audit(office, lotus_db: Branch) -> None:
    (letter,) = dead(office)
    client = admin(lotus_db)
    told = {"letter": letter, "reason": "  ", "idempotency_key": key()}
    assert client.post(f"{PAGE}discard/", told).status_code == 422 and row(letter).done_at is None
    with pytest.raises(ReasonMissing):
        services.discard_letters(ids=[letter], reason="", by=actor("bai"))
    assert client.post(f"{PAGE}discard/", told | {"reason": "a test of WeChat"}).status_code == 303
    assert row(letter).outcome == "discarded" and not services.dead_letters(by=actor("bai"))
    assert "a test of WeChat" in str(AuditEntry.objects.filter(action="wechat.discard_letters").values_list("details"))


def test_the_api_reads_and_retries(office, lotus_db: Branch) -> None:
    first, second = dead(office, 2)
    client = admin(lotus_db)
    assert [one["id"] for one in client.get(f"{API}inbox").json()["results"]] == [second, first]
    assert client.api("post", f"{API}inbox", {"letters": [first]}).json() == {"retried": 1}
    assert client.api("post", f"{API}inbox", {}).json() == {"retried": 1}
    assert client.api("post", f"{API}inbox", {"letters": []}).status_code == 422


def test_only_the_administrator_and_only_the_own_branchs(office, lotus_db: Branch, maple: Branch) -> None:
    (letter,) = dead(office)
    with pytest.raises(NotAllowed):
        services.retry_letters(ids=None, by=actor("lin"))
    other = client_at(maple, maple.bai)
    assert "TEMPLATESENDJOBFINISH" not in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}retry/", {"letter": letter, "idempotency_key": key()}).status_code == 409
    told = {"letter": letter, "reason": "x", "idempotency_key": key()}
    assert other.post(f"{PAGE}discard/", told).status_code == 409
    assert other.post(f"{PAGE}retry/", {"all": "1", "idempotency_key": key()}).status_code == 303
    assert row(letter).attempts == gateway.MOST_TRIES and row(letter).done_at is None
