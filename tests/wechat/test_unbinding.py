"""Unbinding: by the person or an administrator; the phone signs nobody in, gets no cards, is told; nothing is left."""

import pytest

from apps.people import services as people
from apps.people.middleware import actor_of_session
from apps.wechat import selectors, services
from apps.wechat.models import ChatAnswer, Erasure, StaffBinding
from steppe.kernel.actors import ANONYMOUS
from steppe.kernel.errors import NotAllowed, Unauthenticated
from steppe.kernel.journal.models import AuditEntry
from tests.make import client_at, key
from tests.wechat.binding import bound, phone_in_wechat


def who(client, lotus):
    return actor_of_session(client.session, str(lotus.tenant.uuid))


@pytest.mark.parametrize("by", ["wu", "bai"])
def test_the_person_or_an_administrator_unbinds(office, lotus, wu, by):
    services.unbind_staff(user_id=wu.id, by=lotus.people[by], key=key())
    assert bound(wu) == []
    assert selectors.binding_of_technician(office.account, wu.technician_id) is None
    assert AuditEntry.objects.filter(action="wechat.unbind_staff", outcome="done").count() == 1


def test_a_colleague_unbinds_nobody(office, wu, lin):
    with pytest.raises(NotAllowed):
        services.unbind_staff(user_id=wu.id, by=lin, key=key())
    with pytest.raises(Unauthenticated):
        services.unbind_staff(user_id=wu.id, by=ANONYMOUS, key=key())
    assert bound(wu) == ["o-lotus-wu"]


def test_the_old_phone_is_told_once_and_twice_is_nothing(office, wu):
    for _ in range(2):
        services.unbind_staff(user_id=wu.id, by=wu, key=key())
    assert ChatAnswer.objects.get().openid == "o-lotus-wu"
    assert Erasure.objects.count() == 1


def test_what_the_phone_has_open_is_signed_out_at_once(office, wx, lotus, wu):
    phone = phone_in_wechat(wx, lotus, "lotus-wu", "/w/pool")
    assert who(phone, lotus).ref == wu.ref
    services.unbind_staff(user_id=wu.id, by=lotus.bai, key=key())
    assert who(phone, lotus).kind == "anonymous"


def test_at_the_desk_who_unbinds_stays_signed_in_there(office, lotus, wu):
    desk, other = client_at(lotus, wu), client_at(lotus, wu)
    answer = desk.post("/wx/binding/unbind", {"from": "desk"}, key=key())
    assert answer["Location"] == "/console/wechat/me/?done=unbound"
    assert who(desk, lotus).ref == wu.ref
    assert who(other, lotus).kind == "anonymous"


def test_the_other_phone_stays_as_it_is(office, wu, bo):
    services.unbind_staff(user_id=wu.id, by=wu, key=key())
    assert bound(bo) == ["o-lotus-bo"]


def test_a_person_switched_off_is_unbound_for_cards_and_for_signing_in(office, wx, lotus, wu):
    people.set_active(user_id=wu.id, active=False)
    assert StaffBinding.objects.filter(user_id=wu.id).exists()
    assert selectors.binding_of_technician(office.account, wu.technician_id) is None
    assert who(phone_in_wechat(wx, lotus, "lotus-wu", "/w/pool"), lotus).kind == "customer"
