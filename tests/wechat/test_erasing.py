"""What stands about a person who unfollowed or was unbound is removed, in turns that may be repeated at any line."""

from datetime import timedelta

import pytest

from apps.people import privacy
from apps.people.models import Customer, Technician
from apps.people.services import set_duty
from apps.tickets.models import Photo
from apps.tickets.services import sweep_places
from apps.wechat import services
from apps.wechat.gateway.models import Inbox
from apps.wechat.identity_errors import NotAskedFor, ReportsOpen
from apps.wechat.models import (
    ChatAnswer,
    Consent,
    CustomerIdentity,
    DataRequest,
    Draft,
    Erasure,
    NoticeConsent,
    PushOutbox,
    StaffBinding,
)
from apps.wechat.services import consents, erasing, my_data
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import current_branch, in_public
from tests.cast import FAR
from tests.make import client_at, key, make_ticket
from tests.wechat.binding import introduce, phone_in_wechat

MINE = "o-lotus-su"


def visitor(account, openid=MINE):
    customer = services.recognise_customer(account, openid)
    return CustomerIdentity.objects.get(openid=openid), Actor("customer", customer, "")


def heard(account, openid, *, done=True, dedupe="a"):
    """A callback of this person, as the inbox keeps it."""
    payload = {"MsgType": "text", "CreateTime": "1", "FromUserName": openid, "Content": "my door is 7-2-301"}
    here = current_branch().schema_name
    with in_public():
        return Inbox.objects.create(
            appid=account.appid, dedupe=dedupe, schema_name=here, payload=payload,
            received_at=clock.now(), next_try_at=clock.now(), done_at=clock.now() if done else None,
        )  # fmt: skip


def card(account, *, over=True, **whose):
    now = clock.now()
    return PushOutbox.objects.create(
        public_id=key()[:12], account=account, ticket="t", round=1, recipient=key()[:30], template_key="accepted",
        payload={"number": "1", "area": "Birch"}, client_msg_id=key(), status="failed" if over else "pending",
        made_at=now, next_try_at=now, expires_at=now + timedelta(hours=-1 if over else 1), **whose,
    )  # fmt: skip


def unfollow(model, openid):
    model.objects.filter(openid=openid).update(followed=False, follow_seen_at=clock.now())


def test_who_unfollows_leaves_counts_and_no_words(office):
    identity, by = visitor(office.account)
    Draft.objects.create(identity=identity, public_id="d", text="no light", changed_at=clock.now())
    NoticeConsent.objects.create(
        account=office.account, openid=MINE, template_id="n", card="accepted", given_at=clock.now()
    )
    ChatAnswer.objects.create(
        account=office.account, openid=MINE, cause="c", about="scan", text="7-2-301", next_try_at=clock.now(),
        expires_at=clock.now(), made_at=clock.now(),
    )  # fmt: skip
    CustomerIdentity.objects.update(refused={"T": "2099"})
    row, one = card(office.account, customer_id=by.id), heard(office.account, MINE)
    unfollow(CustomerIdentity, MINE)
    erasing.sweep()
    assert not Draft.objects.exists() and not NoticeConsent.objects.exists() and not ChatAnswer.objects.exists()
    assert CustomerIdentity.objects.get().refused == {}
    assert PushOutbox.objects.get(pk=row.pk).payload == {}
    with in_public():
        assert Inbox.objects.get(pk=one.pk).payload == {"MsgType": "text", "CreateTime": "1"}


def test_a_second_turn_finds_nothing_to_do(office):
    visitor(office.account)
    unfollow(CustomerIdentity, MINE)
    assert (erasing.sweep(), erasing.sweep()) == (1, 0)


def test_who_follows_again_and_leaves_again_is_erased_again(office):
    visitor(office.account)
    unfollow(CustomerIdentity, MINE)
    erasing.sweep()
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        unfollow(CustomerIdentity, MINE)
        assert erasing.sweep() == 1


def test_who_stays_keeps_everything(office):
    identity, _by = visitor(office.account)
    Draft.objects.create(identity=identity, public_id="d", text="no light", changed_at=clock.now())
    one = heard(office.account, MINE)
    assert erasing.sweep() == 0
    assert Draft.objects.exists()
    with in_public():
        assert Inbox.objects.get(pk=one.pk).payload["FromUserName"] == MINE


def test_what_is_not_taken_in_yet_waits_and_goes_at_night(office):
    visitor(office.account)
    one = heard(office.account, MINE, done=False)
    unfollow(CustomerIdentity, MINE)
    erasing.sweep()
    with in_public():
        assert "Content" in Inbox.objects.get(pk=one.pk).payload
        Inbox.objects.update(done_at=clock.now())
    erasing.sweep_again()
    with in_public():
        assert "Content" not in Inbox.objects.get(pk=one.pk).payload


def test_another_branchs_and_another_persons_callbacks_stay(office):
    visitor(office.account)
    other = heard(office.account, "o-lotus-other", dedupe="b")
    with in_public():
        elsewhere = Inbox.objects.create(
            appid=office.account.appid, dedupe="c", schema_name="maple", payload={"FromUserName": MINE, "Content": "x"},
            received_at=clock.now(), next_try_at=clock.now(), done_at=clock.now(),
        )  # fmt: skip
    unfollow(CustomerIdentity, MINE)
    erasing.sweep()
    with in_public():
        assert {one.pk for one in Inbox.objects.filter(payload__has_key="Content")} == {other.pk, elsewhere.pk}


def test_who_is_unbound_loses_the_position_and_the_facts_of_cards(office, wu):
    consents.give_location_consent(by=wu, key=key())
    set_duty(on_duty=True, lat=FAR[0], lng=FAR[1], by=wu, key=key())
    row, one = card(office.account, technician_id=wu.technician_id), heard(office.account, "o-lotus-wu")
    services.unbind_staff(user_id=wu.id, by=wu, key=key())
    assert Technician.objects.get(id=wu.technician_id).located_at is None
    erasing.sweep()
    assert PushOutbox.objects.get(pk=row.pk).payload == {}
    assert not Erasure.objects.exists()
    with in_public():
        assert "Content" not in Inbox.objects.get(pk=one.pk).payload


def test_a_card_on_its_way_keeps_its_facts_until_it_is_over(office, wu):
    row = card(office.account, over=False, technician_id=wu.technician_id)
    services.unbind_staff(user_id=wu.id, by=wu, key=key())
    erasing.sweep()
    assert Erasure.objects.exists() and PushOutbox.objects.get(pk=row.pk).payload
    PushOutbox.objects.update(status="expired", expires_at=clock.now() - timedelta(minutes=1))
    erasing.sweep()
    assert not Erasure.objects.exists() and not PushOutbox.objects.get(pk=row.pk).payload


def test_a_staff_phone_that_unfollows_stays_bound_without_flags(office, wu):
    StaffBinding.objects.filter(openid="o-lotus-wu").update(refused={"T": "2099"})
    unfollow(StaffBinding, "o-lotus-wu")
    erasing.sweep()
    assert StaffBinding.objects.get(user_id=wu.id).refused == {}


def test_positions_are_older_than_ninety_days_nowhere(lotus_db, wu, bo):
    Technician.objects.filter(id=wu.technician_id).update(located_at=clock.now() - timedelta(days=91))
    Technician.objects.filter(id=bo.technician_id).update(located_at=clock.now() - timedelta(days=89))
    assert privacy.forget_old_positions() == 1
    assert Technician.objects.get(id=wu.technician_id).located_at is None
    ticket = make_ticket()
    for days in (89, 91):
        Photo.objects.create(
            public_id=key()[:12], ticket=ticket, stage="report", owner="x", path="p", width=1, height=1, sha256=key(),
            uploaded_at=clock.now() - timedelta(days=days), taken_lat=43.9, taken_lng=116.0,
        )  # fmt: skip
    assert sweep_places() == 1


def test_a_customer_asks_and_the_administrator_deletes(office, wx, lotus, bai):
    phone = phone_in_wechat(wx, lotus, introduce(wx, office.account, "su", MINE), "/h5/mine")
    page = phone.get("/wx/data")
    assert page.status_code == 200
    me = page.wsgi_request.actor
    ticket = make_ticket(by=me, status="closed", contact_name="Su")
    for _ in range(2):
        phone.post("/wx/data/forget", key=key())
    wish = DataRequest.objects.get()
    desk = client_at(lotus, bai)
    assert "asked" in desk.get("/console/wechat/people/", headers={"Accept-Language": "en"}).content.decode()
    desk.post("/console/wechat/people/forget/", {"request": wish.pk}, key=key())
    customer = Customer.objects.get(pk=me.id)
    assert (customer.name, customer.phone, customer.address) == ("", "", "")
    assert not CustomerIdentity.objects.filter(openid=MINE).exists()
    assert not Consent.objects.filter(who=me.ref).exists()
    ticket.refresh_from_db()
    assert ticket.customer_id == me.id
    with pytest.raises(NotAskedFor):
        my_data.forget_customer(request_id=wish.pk, by=bai, key=key())


def test_an_open_report_comes_first(office, bai):
    _identity, by = visitor(office.account)
    make_ticket(by=by)
    wish = my_data.ask_to_forget(by=by, key=key()).entity_id
    with pytest.raises(ReportsOpen):
        my_data.forget_customer(request_id=wish, by=bai, key=key())
    assert CustomerIdentity.objects.filter(openid=MINE).exists()


def test_only_the_administrator_deletes_and_only_a_customer_asks(office, lin, cai):
    _identity, by = visitor(office.account)
    wish = my_data.ask_to_forget(by=by, key=key()).entity_id
    with pytest.raises(NotAllowed):
        my_data.forget_customer(request_id=wish, by=lin, key=key())
    with pytest.raises(NotAllowed):
        my_data.ask_to_forget(by=cai, key=key())
