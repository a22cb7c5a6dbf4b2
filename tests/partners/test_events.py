"""What happened becomes events of TM Forum's: one row for each listener that asked, whatever is replayed."""

import json
from typing import Any

import pytest

from apps.partners import services, subscribers
from apps.partners.models import AllowedHost, Delivery, Listener
from apps.partners.rules.asked import event_types
from apps.partners.rules.scopes import HUBS
from apps.people.models import Technician
from apps.tickets import services as tickets
from steppe.kernel.actors import Actor
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import SubscriberCursor
from tenants.context import in_branch
from tenants.relay import settle
from tests.cast import Branch
from tests.inventory import stock
from tests.make import actor, cancel, dispatch, key, make_ticket, void
from tests.partners.allies import FAULT, HUB, TROUBLE, Ally, allow, connected, listening, sent

HOST, URL = "bss.example.com", "https://bss.example.com/events?from=steppe"
Told = list[tuple[str, str]]


@pytest.fixture
def listener(ally: Ally) -> Listener:
    allow(HOST)
    return listening(ally, URL)


def told() -> Told:
    """Type and status of every event, in the order in which they were noted."""
    bodies = [json.loads(row.body) for row in Delivery.objects.order_by("id")]
    parts = [(one["eventType"], next(iter(one["event"].values()))) for one in bodies]
    return [(kind.removesuffix("Event"), part.get("status") or part.get("state") or "") for kind, part in parts]


def test_a_fault_is_told_from_its_opening_to_its_end(lotus_db: Branch, listener: Listener) -> None:
    ticket = make_ticket(status="closed")
    settle(lotus_db.tenant)
    assert told() == [
        ("TicketCreate", "acknowledged"), ("TicketStatusChange", "inProgress"), ("TicketStatusChange", "resolved"),
        ("TicketStatusChange", "closed"),
    ]  # fmt: skip
    first = json.loads(Delivery.objects.order_by("id")[0].body)
    assert first["event"]["troubleTicket"]["id"] == ticket.public_id and first["eventId"]
    assert not [word for word in ("Mei", "13900001234", "Court") for row in Delivery.objects.all() if word in row.body]


def test_back_in_the_pool_it_stays_in_progress_and_voided_then_it_is_cancelled(
    lotus_db: Branch, listener: Listener
) -> None:
    ticket = make_ticket(status="accepted")
    tickets.ask_for(public_id=ticket.public_id, kind="return", reason="too far", asked={}, by=actor("wu"), key=key())
    if Technician.objects.get(user__username="wu").open_count:
        tickets.approve_request(public_id=ticket.public_id, by=actor("lin"), key=key())
    void(ticket.public_id)
    settle(lotus_db.tenant)
    assert told()[1:] == [("TicketStatusChange", "inProgress"), ("TicketStatusChange", "cancelled")]


def test_a_hold_for_the_customer_asks_for_something(lotus_db: Branch, listener: Listener) -> None:
    ticket = make_ticket(status="on_hold")
    cancel(ticket.public_id)
    settle(lotus_db.tenant)
    assert told()[2:] == [
        ("TicketStatusChange", "pending"), ("TicketInformationRequired", "pending"),
        ("TicketStatusChange", "cancelled"),
    ]  # fmt: skip


def test_a_place_that_nobody_knows_is_asked_for(lotus_db: Branch, listener: Listener) -> None:
    make_ticket(status="submitted")
    settle(lotus_db.tenant)
    assert told() == [("TicketCreate", "acknowledged"), ("TicketInformationRequired", "acknowledged")]


def test_a_step_they_would_not_see_is_not_told(lotus_db: Branch, listener: Listener) -> None:
    dispatch(make_ticket().public_id)
    settle(lotus_db.tenant)
    assert told() == [("TicketCreate", "acknowledged")]


def test_replayed_events_are_there_once_with_the_same_id_and_body(lotus_db: Branch, listener: Listener) -> None:
    make_ticket(status="closed")
    settle(lotus_db.tenant)
    before = list(Delivery.objects.order_by("id").values("event_id", "body"))
    SubscriberCursor.objects.filter(subscriber="partners.events").update(seq=0)
    settle(lotus_db.tenant)
    assert list(Delivery.objects.order_by("id").values("event_id", "body")) == before and len(before) == 4
    Delivery.objects.all().delete()  # and it would be the same once more
    for record in stream.events_after(0):
        if record.kind in {event.kind for event in subscribers.CHANGES}:
            subscribers.note_events(record)
    assert list(Delivery.objects.order_by("id").values("event_id", "body")) == before


def test_a_crash_between_row_and_cursor_leaves_neither(
    lotus_db: Branch, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket()
    stream.number_committed()
    with monkeypatch.context() as broken:
        broken.setattr(stream, "_advance", _killed)
        with pytest.raises(SystemExit):
            stream.drain(stream.SUBSCRIBERS["partners.events"])
    assert not Delivery.objects.exists()
    settle(lotus_db.tenant)
    assert told() == [("TicketCreate", "acknowledged")]


def _killed(*_told: Any) -> None:
    raise SystemExit


def test_only_what_a_listener_asked_for_is_noted(lotus_db: Branch, ally: Ally) -> None:
    allow(HOST)
    listening(ally, URL, query="eventType=TicketStatusChangeEvent")
    make_ticket(status="accepted")
    settle(lotus_db.tenant)
    assert sent() == [("TicketStatusChangeEvent", "pending")]


def test_two_listeners_hear_each_under_an_id_of_its_own(lotus_db: Branch, ally: Ally, listener: Listener) -> None:
    listening(ally, "https://bss.example.com/other")
    make_ticket()
    settle(lotus_db.tenant)
    assert len(sent()) == 2 and len(set(Delivery.objects.values_list("event_id", flat=True))) == 2


def test_orders_are_told_at_their_own_hub(lotus_db: Branch, ally: Ally, listener: Listener) -> None:
    listening(ally, URL, "workOrder")
    cancel(make_ticket(type_code="install_bb", status="accepted").public_id)
    make_ticket(status="accepted", to="bo")
    settle(lotus_db.tenant)
    assert [one for one in told() if one[0].startswith("Work")] == [
        ("WorkOrderStateChange", "inProgress"), ("WorkOrderStateChange", "cancelled"),
    ]  # fmt: skip
    assert len([one for one in told() if one[0].startswith("Ticket")]) == 2


def test_stock_is_told_by_item_and_place(lotus_db: Branch, ally: Ally) -> None:
    allow(HOST)
    listening(ally, URL, "productStock")
    stock.cable()
    stock.receive(stock.metres(300, 50))
    settle(lotus_db.tenant)
    (body,) = [json.loads(row.body)["event"]["productStock"] for row in Delivery.objects.all()]
    assert body["id"] == "main:cable" and body["productStockLevelChange"] == {"amount": "300.00"}


def test_the_partners_own_name_goes_with_its_tickets(lotus_db: Branch, ally: Ally, listener: Listener) -> None:

    ally.call("POST", TROUBLE, FAULT | {"externalId": "BOSS-1"})
    settle(lotus_db.tenant)
    first = json.loads(Delivery.objects.order_by("id")[0].body)
    assert first["event"]["troubleTicket"]["externalId"] in {"BOSS-1"}


def test_the_other_branch_hears_nothing(lotus_db: Branch, maple: Branch, listener: Listener) -> None:
    with in_branch(maple.tenant):
        make_ticket()
        settle(maple.tenant)
        assert sent() == []
    settle(lotus_db.tenant)
    assert sent() == []


def test_after_the_revocation_nothing_is_noted(lotus_db: Branch, ally: Ally, listener: Listener, bai: Actor) -> None:
    services.revoke_partner(public_id=ally.row.public_id, by=bai, key=key())
    make_ticket()
    settle(lotus_db.tenant)
    assert sent() == []


# -- the hub --------------------------------------------------------------------------------------------------------


def test_a_listener_is_registered_once_and_removed_by_its_owner(lotus_db: Branch, ally: Ally) -> None:
    allow(HOST)
    row = listening(ally, URL)
    again = ally.call("POST", HUB.format("troubleTicket"), {"callback": URL})
    assert again.status_code == 409 and Listener.objects.count() == 1
    crm = connected(lotus_db, name="CRM")
    address = f"{HUB.format('troubleTicket')}/{row.public_id}"
    assert crm.call("DELETE", address).status_code == 404
    assert ally.call("DELETE", address).status_code == 204
    assert ally.call("DELETE", address).status_code == 404
    assert listening(ally, URL).pk != row.pk


CALLBACKS = [
    "http://bss.example.com/", "https://other.example.com/", "https://bss.example.com:8443/", "https://x@bss.example.com/",
    "https://bss.example.com/#x", "ftp://bss.example.com/", "bss.example.com", "https://bss.example.com\\@evil/",
    "https://", "https://bss.example.com:x/", "https://bss.example.com/ x", "https://bss.example.com/" + "x" * 300,
    "https://bss.example.com.evil.example/", "https://[::1]/", "https://127.0.0.1/", "https://0x7f.1/",
]  # fmt: skip


@pytest.mark.parametrize("callback", CALLBACKS)
def test_where_the_branch_allows_no_calls_nobody_listens(lotus_db: Branch, ally: Ally, callback: str) -> None:
    allow(HOST)
    answer = ally.call("POST", HUB.format("troubleTicket"), {"callback": callback})
    assert answer.status_code == 422 and not Listener.objects.exists(), answer.content


@pytest.mark.parametrize(
    "query", ["eventType=Nobody", "status=closed", "eventType", "&", "eventType=WorkOrderStateChangeEvent"]
)
def test_a_query_the_hub_does_not_know_is_refused(lotus_db: Branch, ally: Ally, query: str) -> None:
    allow(HOST)
    answer = ally.call("POST", HUB.format("troubleTicket"), {"callback": URL, "query": query})
    assert answer.status_code == 422 and "eventType=TicketCreateEvent" in answer.json()["reason"]


def test_a_query_may_name_several_types() -> None:
    known = HUBS["troubleTicket"]
    assert event_types("", known) == known
    assert event_types("eventType=TicketCreateEvent&eventType=TicketStatusChangeEvent", known) == known[:2]
    assert event_types("?eventType=TicketStatusChangeEvent,TicketCreateEvent", known) == known[:2]


def test_there_is_no_hub_of_another_interface(lotus_db: Branch, ally: Ally) -> None:
    assert ally.call("POST", HUB.format("billing"), {"callback": URL}).status_code == 404
    assert ally.call("DELETE", HUB.format("billing") + "/nobody-s").status_code == 404


def test_to_hear_of_stock_needs_its_scope(lotus_db: Branch) -> None:
    allow(HOST)
    ally = connected(lotus_db, ["events", "tickets"])
    assert ally.call("POST", HUB.format("productStock"), {"callback": URL}).status_code == 403


def test_hosts_are_kept_as_one_would_compare_them(lotus_db: Branch, bai: Actor) -> None:
    for text in (" BSS.Example.com ", "bss.example.com:443", "bss.example.com:8443"):
        services.allow_host(host=text, by=bai, key=key())
    assert list(AllowedHost.objects.order_by("host").values_list("host", flat=True)) == [HOST, f"{HOST}:8443"]
