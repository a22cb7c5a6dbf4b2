"""From an event to a card on a phone: once, to the right people, with nothing personal in it."""

import json
from datetime import timedelta

import pytest

from apps.people import roles
from apps.people.models import OrgUnit, Technician
from apps.people.services import add_user
from apps.tickets.models import PushCandidate, Ticket, TicketType
from apps.tickets.services import declare_incident, sweep_clocks
from apps.wechat.models import CustomerIdentity, PushOutbox, StaffBinding, Status, WxAccount
from apps.wechat.push import delivery, notify, outbox
from steppe.kernel import clock
from steppe.kernel.journal.models import SubscriberCursor
from tenants.context import in_branch
from tests import make
from tests.cast import FAR
from tests.make import actor, key, make_ticket
from tests.tickets.steps import ask, do, ready, shown
from tests.wechat import stand


def told(ticket, card="new_ticket"):
    """Status and reason of this ticket's cards, by user name."""
    rows = PushOutbox.objects.filter(ticket=ticket.public_id, template_key=card)
    return {row.technician.user.username: (row.status, row.reason) for row in rows.select_related("technician__user")}


def later(**span):
    return clock.frozen(clock.now() + timedelta(**span))


def test_a_wave_puts_one_card_on_each_chosen_phone(office, wx):
    ticket = make_ticket()
    stand.relay()
    assert delivery.send_due() == 2
    chosen = {c.technician.user.username for c in PushCandidate.objects.filter(chosen=True)}
    assert chosen == {"wu", "bo"}
    assert told(ticket) == {"wu": ("accepted", ""), "bo": ("accepted", "")}
    for name in chosen:
        (card,) = wx.cards(openid=office.openids[name])
        assert [line["value"] for line in card["lines"]][:2] == [ticket.ticket_no, "宽带故障"]
        assert card["url"].startswith(f"http://lotus.localhost:8000/w/t/{ticket.public_id}?m=")
        row = PushOutbox.objects.get(msgid=int(card["msgid"]))
        assert card["url"].endswith(row.public_id)
        assert len(row.client_msg_id) == 26


def test_an_event_read_twice_makes_no_second_card(office, wx):
    make_ticket()
    stand.relay()
    SubscriberCursor.objects.filter(subscriber="wechat.cards").update(seq=0)
    stand.relay()
    delivery.send_due()
    assert PushOutbox.objects.count() == 2
    assert len(wx.cards()) == 2


def test_a_declined_ticket_sends_another_card_but_not_to_who_declined(office, wx):
    ticket = make_ticket()
    do("dispatch", ticket.public_id, to="wu")
    do("decline", ticket.public_id)
    stand.relay()
    rows = PushOutbox.objects.filter(template_key="new_ticket").order_by("round", "technician__user__username")
    told = [(row.round, row.technician.user.username) for row in rows.select_related("technician__user")]
    assert told == [(1, "bo"), (1, "wu"), (2, "bo")]
    delivery.send_due()
    titles = [card["title"] for card in wx.cards(openid=office.openids["bo"])]
    assert titles.count("新工单提醒") == 2


def test_who_cannot_get_a_card_stands_there_with_the_reason(office):
    StaffBinding.objects.filter(openid=office.openids["wu"]).delete()
    StaffBinding.objects.filter(openid=office.openids["bo"]).update(followed=False)
    ticket = make_ticket()
    stand.relay()
    assert told(ticket) == {"wu": ("skipped", "not_bound"), "bo": ("skipped", "not_following")}
    assert not outbox.anything_due()


def test_a_branch_without_an_account_or_template_says_so(lotus_db):
    ticket = make_ticket()
    stand.relay()
    assert {reason for _, reason in told(ticket).values()} == {"no_account"}


def test_no_name_phone_or_door_leaves_the_house(office, wx):
    ticket = make_ticket(address="Mei Birch Court 7-2-301 13900001234", contact_name="Mei", contact_phone="13900001234")
    stand.relay()
    delivery.send_due()
    text = json.dumps(wx.cards()) + json.dumps(list(PushOutbox.objects.values_list("payload", flat=True)))
    for private in ("Mei", "13900001234", "7-2-301", "2-301", office.secrets.secret):
        assert private not in text
    assert ticket.ticket_no in text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: make.grab(t.public_id, "bo"), "not_in_pool"),
        (lambda t: Technician.objects.update(on_duty=False), "off_duty"),
        (lambda t: StaffBinding.objects.all().delete(), "not_bound"),
        (lambda t: StaffBinding.objects.update(followed=False), "not_following"),
        (lambda t: WxAccount.objects.update(enabled=False), "no_account"),
    ],
)
def test_what_makes_no_sense_any_more_is_not_sent(office, wx, change, reason):
    ticket = make_ticket()
    stand.relay()
    change(ticket)
    delivery.send_due()
    assert set(told(ticket).values()) == {("skipped", reason)}
    assert wx.sends() == 0


def test_a_card_older_than_ten_minutes_is_worse_than_none(office, wx):
    ticket = make_ticket()
    stand.relay()
    with later(minutes=11):
        delivery.send_due()
    assert set(told(ticket).values()) == {("expired", "expired")}
    assert wx.sends() == 0


def test_a_subscriber_that_starts_late_does_not_tell_an_old_story(office):
    make_ticket()
    with later(hours=1):
        stand.relay()
    assert PushOutbox.objects.count() == 0


def test_the_technician_who_was_sent_reads_so(office, wx):
    ticket = make_ticket()
    make.dispatch(ticket.public_id, "bo")
    stand.relay()
    delivery.send_due()
    assert told(ticket, "dispatched") == {"bo": ("accepted", "")}
    assert [line["value"] for line in wx.cards(openid=office.openids["bo"])[-1]["lines"]][-1] == "已派单"


def test_a_ticket_given_on_tells_the_new_holder_only(office, wx, lin, wu, bo):
    ticket = make_ticket(status="assigned", to="wu")
    make.services.reassign_ticket(
        public_id=ticket.public_id, technician_id=bo.technician_id, reason="ill", by=lin, key=make.key()
    )
    stand.relay()
    delivery.send_due()
    assert told(ticket, "dispatched") == {"wu": ("skipped", "given_to_another")}
    assert told(ticket, "reassigned") == {"bo": ("accepted", "")}


@pytest.fixture
def customer(office, wx, lotus):
    """Mei, whom the account knows and who follows it."""
    CustomerIdentity.objects.create(account=office.account, openid="o-mei", customer_id=lotus.mei.id)
    for person in stand.introduce.persons(stand.current_branch(), office.account):
        wx.tell("users", person)
    return lotus.mei


def test_the_customer_hears_when_it_is_taken_and_when_it_is_done(customer, wx):
    opened = make.services.open_ticket(report=make.report(), channel="h5", by=customer, key=make.key())
    ticket = Ticket.objects.get(id=opened.entity_id)
    make.grab(ticket.public_id)
    make.check_in(ticket.public_id)
    make.complete(ticket.public_id)
    stand.relay()
    delivery.send_due()
    cards = wx.cards(openid="o-mei")
    assert [card["lines"][-1]["value"] for card in cards] == ["已接单", "已完工"]
    assert {card["url"] for card in cards} == {f"http://lotus.localhost:8000/h5/t/{ticket.public_id}"}


@pytest.mark.parametrize(("confirms", "cards"), [(True, []), (False, ["accepted"])])
def test_who_is_sent_accepts_before_the_customer_hears_unless_the_branch_does_not_ask(customer, wx, confirms, cards):
    stand.current_branch().policy |= {"dispatch_needs_confirm": confirms}
    ticket = make_ticket(by=customer)
    make.dispatch(ticket.public_id)
    stand.relay()
    rows = PushOutbox.objects.filter(ticket=ticket.public_id, recipient=customer.ref)
    assert [row.template_key for row in rows] == cards


def test_a_customer_unknown_to_wechat_gets_nothing_and_leaves_no_row(office):
    make_ticket(status="accepted")
    stand.relay()
    assert not PushOutbox.objects.filter(customer__isnull=False).exists()


def test_equal_openids_in_two_branches_never_meet(office, wx, maple):
    with in_branch(maple.tenant):
        account = stand.open_account(wx)
        stand.bind(wx, account, "wu", openid=office.openids["wu"])
        ticket = make_ticket()
        stand.relay()
        delivery.send_due()
        assert told(ticket)["wu"] == ("accepted", "")
    assert wx.cards(appid=office.account.appid) == []
    (card,) = wx.cards(appid=account.appid)
    assert card["url"].startswith("http://maple.localhost")
    assert PushOutbox.objects.count() == 0


def test_the_message_name_depends_on_branch_and_card(office, maple):
    first = notify.client_msg_id("a")
    assert first == notify.client_msg_id("a") != notify.client_msg_id("b")
    with in_branch(maple.tenant):
        assert notify.client_msg_id("a") != first


def test_the_card_speaks_of_the_type_in_chinese(office):
    TicketType.objects.filter(code="fault_bb").update(name_zh="宽带 断网")
    ticket = make_ticket()
    stand.relay()
    assert PushOutbox.objects.filter(ticket=ticket.public_id).first().payload["fault"] == "宽带 断网"
    assert PushOutbox.objects.filter(status=Status.PENDING).count() == 2


# -- the rest of a ticket's life -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "status", "card", "who"),
    [
        ("cancel", "accepted", "ended", "wu"),
        ("void", "accepted", "ended", "wu"),
        ("urge", "accepted", "urged", "wu"),
        ("callback_reject", "awaiting_callback", "sent_back", "wu"),
        ("hold", "in_progress", "held", "wu"),
        ("resume", "on_hold", "resumed", "wu"),
        ("reassign", "accepted", "taken_away", "wu"),
        ("transfer", "accepted", "taken_away", "wu"),
        ("return", "accepted", "taken_away", "wu"),
        ("refuse", "accepted", "refused", "wu"),
        ("merge", "accepted", "ended", "wu"),
        ("hand_over", "accepted", "taken_away", "wu"),
        ("resolve_incident", "accepted", "incident_over", "wu"),
    ],
)
def test_who_has_or_had_the_ticket_hears_what_became_of_it(office, wx, action, status, card, who):
    ticket = ready(action, make_ticket(status=status))
    do(action, ticket.public_id)
    stand.relay()
    delivery.send_due()
    assert told(ticket, card) == {who: ("accepted", "")}


def test_a_request_one_took_back_oneself_makes_no_card(office):
    ticket = ready("withdraw", make_ticket(status="accepted"))
    do("withdraw", ticket.public_id)
    stand.relay()
    assert told(ticket, "refused") == {}


@pytest.mark.parametrize(
    ("action", "status", "card"),
    [
        ("book", "accepted", "booked"),
        ("link_incident", "accepted", "incident"),
        ("resolve_incident", "accepted", "completed"),
        ("fail_work", "in_progress", "not_done"),
        ("merge", "pooled", "merged"),
    ],
)
def test_the_customer_hears_of_the_appointment_the_incident_the_failure_and_the_merge(
    customer, wx, action, status, card
):
    ticket = ready(action, make_ticket(status=status, by=customer))
    do(action, ticket.public_id)
    stand.relay()
    rows = PushOutbox.objects.filter(ticket=ticket.public_id, template_key=card)
    assert [row.recipient for row in rows] == [customer.ref]


@pytest.mark.parametrize(("kind", "cards"), [("customer", ["pause"]), ("material", [])])
def test_a_pause_for_the_customers_sake_is_asked_of_them(customer, wx, kind, cards):
    ticket = make_ticket(status="accepted", by=customer)
    ask("hold", ticket.public_id, by=actor("wu"), hold_class=kind, resume_at=clock.now() + timedelta(hours=3))
    stand.relay()
    rows = PushOutbox.objects.filter(ticket=ticket.public_id, recipient=customer.ref)
    assert [row.template_key for row in rows.exclude(template_key="accepted")] == cards


def test_the_card_of_an_appointment_says_when_that_is(customer, wx):
    ticket = make_ticket(status="accepted", by=customer)
    do("book", ticket.public_id)
    stand.relay()
    card = PushOutbox.objects.get(ticket=ticket.public_id, template_key="booked")
    ticket.refresh_from_db()
    assert card.payload["time"] == ticket.appointment_start.isoformat()


def test_a_case_whose_needed_part_failed_is_not_told_as_done(customer, wx):
    ticket = make_ticket(status="in_progress", by=customer)
    do("spawn_child", ticket.public_id, type_code="fault_tv")
    child = ticket.children.get()
    make.dispatch(child.public_id, "bo")
    do("confirm", child.public_id, by=actor("bo"))
    make.check_in(child.public_id, "bo")
    do("fail_work", child.public_id, by=actor("bo"), photos=shown("bo"))
    do("complete", ticket.public_id)
    stand.relay()
    rows = PushOutbox.objects.filter(ticket=ticket.public_id, recipient=customer.ref)
    assert [row.template_key for row in rows.exclude(template_key="accepted")] == ["not_done"]


@pytest.mark.parametrize("end", ["complete", "fail_work"])
def test_a_departments_part_of_the_case_says_nothing_to_the_customer(customer, wx, end):
    """domain.md §3.5: the case speaks; nobody comes, is done or failed twice for one report."""
    ticket = make_ticket(status="in_progress", by=customer)
    do("spawn_child", ticket.public_id, type_code="fault_tv")
    child = ticket.children.get()
    make.dispatch(child.public_id, "bo")
    do("confirm", child.public_id, by=actor("bo"))
    do("book", child.public_id, by=actor("bo"))
    make.check_in(child.public_id, "bo")
    told_more = {"photos": shown("bo")} if end == "fail_work" else {}
    do(end, child.public_id, by=actor("bo"), **told_more)
    stand.relay()
    rows = PushOutbox.objects.filter(ticket=child.public_id)
    assert rows.exists() and not rows.filter(technician=None).exists()
    heard = PushOutbox.objects.filter(recipient=customer.ref)
    assert [row.template_key for row in heard] == ["accepted"]


def test_an_incident_says_nothing_to_the_customer_by_a_departments_part_of_their_report(customer, wx):
    ticket = make_ticket(status="in_progress", by=customer)
    do("spawn_child", ticket.public_id, type_code="fault_tv")
    child = ticket.children.get()
    ready("resolve_incident", child)
    do("resolve_incident", child.public_id)
    stand.relay()
    assert not PushOutbox.objects.filter(ticket=child.public_id, technician=None).exists()


def test_who_reported_the_incident_first_hears_of_it_as_the_others_do(customer, wx):
    master, other = make_ticket(by=customer), make_ticket(by=customer)
    names = {"public_id": master.public_id, "reports": [other.public_id]}
    declare_incident(**names, by=actor("lin"), key=key())
    stand.relay()
    rows = PushOutbox.objects.filter(template_key="incident")
    told_to = {row.ticket: row.recipient for row in rows}
    assert told_to == {master.public_id: customer.ref, other.public_id: customer.ref}


def urged(ticket, times):
    for number in range(1, times + 1):
        with later(minutes=40 * number):
            do("urge", ticket.public_id, by=actor("lin"))


@pytest.mark.parametrize(("times", "leaders"), [(1, {}), (2, {"yun": ("accepted", "")})])
def test_a_repeated_urge_reaches_the_grid_leader_and_who_has_it(office, wx, times, leaders):
    stand.bind(wx, office.account, "yun")
    ticket = make_ticket(status="accepted")
    urged(ticket, times)
    stand.relay()
    delivery.send_due()
    assert told(ticket, "urged") == {"wu": ("accepted", "")}
    assert told(ticket, "escalated") == leaders


def test_a_leader_who_has_the_ticket_reads_it_once_and_managers_without_a_phone_read_it_at_the_desk(office, wx):
    stand.bind(wx, office.account, "yun")
    Technician.objects.filter(id=actor("yun").technician_id).update(on_duty=True)
    ticket = make_ticket(status="accepted", to="yun")
    urged(ticket, 3)
    stand.relay()
    assert set(told(ticket, "urged")) == {"yun"} and told(ticket, "escalated") == {}


def test_a_ticket_nobody_took_is_told_to_the_grid_leader_once(office, wx):
    stand.bind(wx, office.account, "yun")
    ticket = make_ticket()
    with later(minutes=46):
        sweep_clocks(), sweep_clocks()
        stand.relay()
        delivery.send_due()
    assert told(ticket, "escalated") == {"yun": ("accepted", "")}
    (card,) = wx.cards(openid="o-lotus-yun")
    assert (card["title"], f"/console/t/{ticket.public_id}/" in card["url"]) == ("工单升级提醒", True)
    assert make.PHONE not in str(card)


def test_a_leader_elsewhere_hears_nothing(office, wx):
    stand.bind(wx, office.account, "yun")
    ticket = make_ticket(address="Willow 1", lat=FAR[0], lng=FAR[1])
    urged(ticket, 2)
    stand.relay()
    assert told(ticket, "escalated") == {}


def test_the_clock_of_a_callback_is_not_who_repaired_its_business(office, wx):
    ticket = make_ticket(status="awaiting_callback")
    with later(hours=23):
        sweep_clocks()
        stand.relay()
    assert [one.facts["told"] for one in make.events() if one.kind == "ticket.clock_warned"] == ["callback_agent"]
    assert told(ticket, "clock") == {}


def test_a_departments_clock_that_runs_out_soon_is_told_to_its_manager(office, wx):
    stand.bind(wx, office.account, "yun")
    unit = OrgUnit.objects.get(code="CARE")
    add_user(username="yun", name="", password="", grants=[(roles.DEPT_MANAGER, unit.path)])
    ticket = make_ticket()
    for action in ("transfer", "dispatch", "confirm", "contact"):
        do(action, ready(action, ticket).public_id)
    with later(hours=20):
        sweep_clocks()
        stand.relay()
    assert set(told(ticket, "escalated")) == {"yun"}
