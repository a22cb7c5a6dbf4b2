"""绑定手机号: a number, a code by text message, and what was reported with it is the customer's to see."""

from datetime import timedelta

import pytest

from apps.people.errors import BadPhone
from apps.people.models import Customer
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from apps.tickets.sight import outlines, sees
from apps.wechat import demo
from apps.wechat.errors import SmsAway
from apps.wechat.identity_errors import CodesUsedUpToday, CodeTooSoon, PhoneCodeOver, WrongPhoneCode
from apps.wechat.management import gateways
from apps.wechat.models import Consent, CustomerIdentity, PhoneCode
from apps.wechat.rules import codes
from apps.wechat.services import channels, phones, recognise_customer
from apps.wechat.sums import keyed
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests.make import key, make_ticket
from tests.rules import refused
from tests.tickets.steps import do
from tests.wechat.binding import introduce, phone_in_wechat

NUMBER, OTHER = "13800138000", "13800138001"
MINE, THEIRS = "o-lotus-mine", "o-lotus-theirs"


@pytest.fixture
def sms(office, wx):
    """The branch's SMS gateway, in the sandbox."""
    account = channels.connect_sms(**demo.demo_sms("lotus"))
    wx.tell("sms", gateways.described_sms(account))
    return account


def visitor(account, openid):
    """Somebody who came by WeChat: their identity and themselves."""
    customer = recognise_customer(account, openid)
    return CustomerIdentity.objects.get(account=account, openid=openid), Actor("customer", customer, "")


def sent(identity, by, phone=NUMBER):
    """Ask for a code; the code as it stands in the message."""
    this = key()
    phones.send_code(identity_id=identity.pk, phone=phone, by=by, key=this)
    return codes.digits_of(keyed("phone.code", by.ref, this))


def prove(identity, by, code):
    return phones.prove(identity_id=identity.pk, code=code, by=by, key=key()).facts["customer"]


def proved(account, openid, phone=NUMBER):
    """A visitor with a proved number: as the customer they are afterwards."""
    identity, by = visitor(account, openid)
    return Actor("customer", prove(identity, by, sent(identity, by, phone)), "")


def seen(by):
    """The numbers of the tickets this customer sees, by the list and by the live stream alike."""
    views = tickets.tickets_of_customer(by)
    assert all(sees(by, one) for one in outlines([view.ticket.pk for view in views]).values())
    return {view.ticket.pk for view in views}


def test_the_code_comes_by_text_message_and_binds_the_number(sms, wx, office):
    identity, by = visitor(office.account, MINE)
    code = sent(identity, by)
    (letter,) = wx.cards(channel="sms")
    assert code in str(letter) and len(code) == 6
    prove(identity, by, code)
    customer = Customer.objects.get(pk=by.id)
    assert (customer.phone, customer.proved_phone) == (NUMBER, NUMBER)
    assert Consent.objects.get(who=by.ref).purpose == "phone"
    assert code not in str(PhoneCode.objects.values().get())


def test_a_departments_part_of_the_case_is_not_the_customers_to_see_or_to_cancel(sms, office):
    """It carries the same number, and the case may have to wait for it."""
    case = make_ticket(status="in_progress", contact_phone=NUMBER)
    do("spawn_child", case.public_id)
    child = case.children.get()
    customer = proved(office.account, MINE)
    assert seen(customer) == {case.pk}
    assert not sees(customer, outlines([child.pk])[child.pk])
    with refused(TicketNotFound):
        do("cancel", child.public_id, by=customer)


def test_what_the_clerk_entered_for_the_number_is_seen_after_the_proof_only(sms, office):
    ticket = make_ticket(contact_phone=NUMBER, contact_name="Su")
    identity, by = visitor(office.account, MINE)
    assert seen(by) == set()
    me = Actor("customer", prove(identity, by, sent(identity, by)), "")
    assert me.id == ticket.customer_id
    assert seen(me) == {ticket.pk}


def test_what_the_visitor_reported_so_far_moves_along(sms, office):
    known = make_ticket(contact_phone=NUMBER)
    identity, by = visitor(office.account, MINE)
    mine = make_ticket(by=by, contact_phone=OTHER, contact_name="Su")
    me = Actor("customer", prove(identity, by, sent(identity, by)), "")
    assert seen(me) == {known.pk, mine.pk}
    assert Customer.objects.get(pk=by.id).phone == ""


def test_a_number_that_somebody_elses_wechat_only_typed_gives_them_nothing(sms, office):
    _identity, thief = visitor(office.account, THEIRS)
    make_ticket(by=thief, contact_phone=NUMBER)
    identity, by = visitor(office.account, MINE)
    mine = make_ticket(by=by, contact_phone=NUMBER)
    me = Actor("customer", prove(identity, by, sent(identity, by)), "")
    assert me.id != thief.id
    assert mine.pk in seen(me) and mine.pk not in seen(thief)


def test_two_wechats_that_both_proved_it_see_the_same(sms, office):
    first = proved(office.account, THEIRS)
    ticket = make_ticket(by=first, contact_phone=NUMBER)
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        second = proved(office.account, MINE)
    assert first.id == second.id
    assert seen(second) == {ticket.pk}


def test_a_typed_change_of_the_number_shows_nothing_of_the_new_one(sms, office):
    me = proved(office.account, MINE)
    victims = make_ticket(contact_phone=OTHER)
    make_ticket(by=me, contact_phone=OTHER)
    assert victims.pk not in seen(me)


@pytest.mark.parametrize("phone", ["12", "", "abc"])
def test_no_phone_number_is_told_at_the_field(sms, office, phone):
    identity, by = visitor(office.account, MINE)
    with pytest.raises(BadPhone):
        sent(identity, by, phone)


def test_a_minute_passes_between_two_codes(sms, office):
    identity, by = visitor(office.account, MINE)
    sent(identity, by)
    with pytest.raises(CodeTooSoon):
        sent(identity, by)
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        sent(identity, by)


def test_five_codes_a_day_for_a_person_and_for_a_number(sms, office):
    now = clock.now()
    identity, by = visitor(office.account, MINE)
    for minutes in range(5, 10):
        at = now - timedelta(minutes=minutes)
        PhoneCode.objects.create(identity=identity, phone=NUMBER, code_sum="-", made_at=at, expires_at=at)
    with pytest.raises(CodesUsedUpToday):
        sent(identity, by, OTHER)
    with pytest.raises(CodesUsedUpToday):
        sent(*visitor(office.account, THEIRS))
    PhoneCode.objects.update(made_at=now - timedelta(days=1))
    sent(identity, by)


def test_five_wrong_tries_and_the_code_is_over(sms, office):
    identity, by = visitor(office.account, MINE)
    code = sent(identity, by)
    for _ in range(5):
        with pytest.raises(WrongPhoneCode):
            prove(identity, by, "000000" if code != "000000" else "111111")
    with pytest.raises(PhoneCodeOver):
        prove(identity, by, code)


def test_a_code_is_good_once_and_for_ten_minutes(sms, office):
    identity, by = visitor(office.account, MINE)
    code = sent(identity, by)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        with pytest.raises(PhoneCodeOver):
            prove(identity, by, code)
    prove(identity, by, code)
    with pytest.raises(PhoneCodeOver):
        prove(identity, by, code)


def test_the_same_request_sends_one_message(sms, wx, office):
    identity, by = visitor(office.account, MINE)
    this = key()
    for _ in range(2):
        phones.send_code(identity_id=identity.pk, phone=NUMBER, by=by, key=this)
    assert len(wx.cards(channel="sms")) == 1


def test_where_no_message_can_be_sent_nothing_is_counted(office):
    identity, by = visitor(office.account, MINE)
    with pytest.raises(SmsAway):
        sent(identity, by)
    assert not PhoneCode.objects.exists()


def test_nobody_asks_for_somebody_elses_wechat(sms, office):
    identity, _by = visitor(office.account, MINE)
    _other, stranger = visitor(office.account, THEIRS)
    with pytest.raises(NotAllowed):
        sent(identity, stranger)


def test_from_my_reports_to_the_bound_number(sms, wx, office, lotus):
    ticket = make_ticket(contact_phone=NUMBER)
    phone = phone_in_wechat(wx, lotus, introduce(wx, office.account, "su", MINE), "/h5/mine")
    assert 'href="/wx/phone"' in phone.get("/h5/mine").content.decode()
    this = key()
    assert phone.post("/wx/phone", {"phone": "138 0013 8000"}, key=this).status_code == 303
    page = phone.get("/wx/phone").content.decode()
    assert "138****8000" in page and NUMBER not in page
    by = page and phone.get("/wx/phone").wsgi_request.actor
    wrong = phone.post("/wx/phone/code", {"code": "1"}, key=key())
    assert (wrong.status_code, wrong["X-Refusal"]) == (422, "wechat.wrong_phone_code")
    code = codes.digits_of(keyed("phone.code", by.ref, this))
    assert phone.post("/wx/phone/code", {"code": code}, key=key())["Location"] == "/wx/phone?done=1"
    mine = phone.get("/h5/mine").content.decode()
    assert ticket.public_id in mine and "138****8000" in mine and "已绑定手机号" in mine and NUMBER not in mine
