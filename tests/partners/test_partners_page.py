"""管理 → 对接: what the administrator sees and does there."""

from typing import Any

from django.urls import reverse

from apps.partners.models import AllowedHost, Delivery, Listener, Partner
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tenants.relay import settle
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.partners.allies import TROUBLE, Ally, allow, called, connected, listening
from tests.queries import asking

PAGE, SENT = "/console/partners/", "/console/partners/deliveries/"
FORM = {"title": "CRM", "scopes": ["tickets", "events"], "days": "30", "per_minute": "60"}


def press(branch: Branch, who: Actor, name: str, form: dict[str, Any], *args: str, using: str = "") -> Any:
    address = reverse(f"partners:{name}", args=args, urlconf="steppe.boot.urls_tenant")
    return client_at(branch, who).post(address, form | {"idempotency_key": using or key()})


def test_an_empty_branch_says_what_to_do(lotus_db: Branch, bai: Actor) -> None:
    text = client_at(lotus_db, bai).get(PAGE).content.decode()
    assert "还没有接入任何系统" in text and "还没有主机" in text and "/tmf-api/…/v4" in text
    assert "这里没有事件" in client_at(lotus_db, bai).get(SENT).content.decode()


def test_the_token_is_shown_once_and_works(lotus_db: Branch, bai: Actor) -> None:
    answer = press(lotus_db, bai, "connect", FORM)
    token = next(
        word for word in answer.content.decode().replace("<", " ").replace(">", " ").split() if "stp_lo_" in word
    )
    assert called(lotus_db, token, "GET", TROUBLE).status_code == 200 and "no-store" in answer["Cache-Control"]
    assert token not in client_at(lotus_db, bai).get(PAGE).content.decode()
    assert Partner.objects.get().scopes == ["tickets", "events"]


def test_sent_twice_it_is_connected_once(lotus_db: Branch, bai: Actor) -> None:
    one = key()
    assert press(lotus_db, bai, "connect", FORM, using=one).status_code == 200
    again = press(lotus_db, bai, "connect", FORM, using=one)
    assert again.status_code == 422 and "stp_lo_" not in again.content.decode() and Partner.objects.count() == 1


def test_what_was_typed_stays_with_the_sentence(lotus_db: Branch, bai: Actor) -> None:
    answer = press(lotus_db, bai, "connect", FORM | {"days": "9999", "scopes": []})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="CRM"' in text and 'value="9999"' in text and "e-days" in text
    assert "stp_lo_" not in text and not Partner.objects.exists()


def test_a_new_token_and_its_end(lotus_db: Branch, ally: Ally, bai: Actor) -> None:
    answer = press(lotus_db, bai, "renew", {"days": "10"}, ally.row.public_id)
    assert "stp_lo_" in answer.content.decode() and ally.call("GET", TROUBLE).status_code == 401
    assert press(lotus_db, bai, "renew", {"days": "0"}, ally.row.public_id).status_code == 422
    assert press(lotus_db, bai, "revoke", {}, ally.row.public_id).status_code == 303
    assert press(lotus_db, bai, "revoke", {}, ally.row.public_id).status_code == 404


def test_hosts_come_and_go(lotus_db: Branch, bai: Actor) -> None:
    assert press(lotus_db, bai, "allow", {"host": "bss.example.com"}).status_code == 303
    wrong = press(lotus_db, bai, "allow", {"host": "http://x"})
    assert wrong.status_code == 422 and "http://x" in wrong.content.decode()
    assert press(lotus_db, bai, "disallow", {"host": "bss.example.com"}).status_code == 303
    assert not AllowedHost.objects.exists()


def test_a_listener_is_taken_up_and_removed(lotus_db: Branch, ally: Ally, bai: Actor) -> None:
    allow("bss.example.com")
    row = listening(ally, "https://bss.example.com/events")
    Listener.objects.update(failures=20, paused_at=row.made_at)
    assert "已暂停" in client_at(lotus_db, bai).get(PAGE).content.decode()
    assert press(lotus_db, bai, "resume", {}, row.public_id).status_code == 303
    assert press(lotus_db, bai, "end", {}, row.public_id).status_code == 303
    assert Listener.objects.get().paused_at is None and Listener.objects.get().ended_at
    assert press(lotus_db, bai, "end", {}, row.public_id).status_code == 404


def test_what_was_sent_is_shown_with_its_answer_and_sent_again(lotus_db: Branch, ally: Ally, bai: Actor) -> None:
    row = _dead(lotus_db, ally)
    text = client_at(lotus_db, bai).get(SENT, {"status": "dead"}).content.decode()
    assert str(row.event_id) in text and "HTTP 500" in text and "&lt;b&gt;no" in text and "<b>no" not in text
    assert press(lotus_db, bai, "retry", {"event": str(row.event_id)}).status_code == 303
    assert Delivery.objects.get().status == "pending"


def test_the_pages_ask_the_same_however_much_there_is(lotus_db: Branch, ally: Ally, bai: Actor) -> None:
    client = client_at(lotus_db, bai)
    _dead(lotus_db, ally)
    client.get(PAGE), client.get(SENT)
    with asking(OF_THE_PAGE):
        client.get(PAGE)
    with asking(OF_THE_SENT):
        client.get(SENT)
    connected(lotus_db, name="CRM")
    listening(ally, "https://bss.example.com/other")
    for _ in range(3):
        make_ticket()
    settle(lotus_db.tenant)
    with asking(OF_THE_PAGE):
        client.get(PAGE)
    with asking(OF_THE_SENT):
        client.get(SENT)


BAR = 8  # who it is, twice; the bar's six counts
OF_THE_PAGE, OF_THE_SENT = BAR + 4, BAR + 2


def test_the_other_branch_sees_nothing(lotus_db: Branch, maple: Branch, ally: Ally) -> None:
    row = _dead(lotus_db, ally)
    with in_branch(maple.tenant):
        for path in (PAGE, SENT):
            text = client_at(maple, maple.bai).get(path).content.decode()
            assert ally.row.public_id not in text and "bss.example.com" not in text.replace(
                'placeholder="bss.example.com"', ""
            )
            assert str(row.event_id) not in text
        assert press(maple, maple.bai, "revoke", {}, ally.row.public_id).status_code == 404
        assert press(maple, maple.bai, "retry", {"event": str(row.event_id)}).status_code == 404


def _dead(branch: Branch, ally: Ally) -> Delivery:
    """An event that was given up, answered with something that looks like a page."""
    allow("bss.example.com")
    listening(ally, "https://bss.example.com/events", query="eventType=TicketCreateEvent")
    make_ticket()
    settle(branch.tenant)
    Delivery.objects.update(status="dead", answer_status=500, answer="<b>no")
    return Delivery.objects.get()
