"""Consents to positions: shown, given, kept with the sum of the text, taken back; duty and reports work without."""

import pytest

from apps.people import services as people
from apps.people.models import Technician
from apps.tickets.models import Ticket
from apps.wechat.models import Consent
from apps.wechat.rules import consent_texts as texts
from apps.wechat.services import consents
from steppe.kernel.errors import NotAllowed
from tests.cast import FAR, NEAR
from tests.make import client_at, key

ME = "/wx/location"
FORM = {"type_code": "fault_bb", "contact_phone": "13900001234", "address": "Birch Court 1", "anyway": "1"}
HERE = {"lat": NEAR[0], "lng": NEAR[1], "source": "browser", "crs": "wgs84"}
VERSION = {"place_consent": texts.text(texts.PLACE_ONCE).version}


def where(by):
    return Technician.objects.values_list("lat", "lng", "located_at").get(id=by.technician_id)


def listen(by):
    people.set_duty(on_duty=True, lat=FAR[0], lng=FAR[1], by=by, key=key())


def test_without_a_consent_no_position_is_stored_and_duty_works(lotus_db, wu):
    before = where(wu)
    listen(wu)
    assert where(wu) == before
    assert Technician.objects.get(id=wu.technician_id).on_duty


def test_with_a_consent_it_is(lotus_db, wu):
    consents.give_location_consent(by=wu, key=key())
    listen(wu)
    assert where(wu)[:2] == FAR


def test_taken_back_the_position_goes_at_once_and_listening_goes_on(lotus_db, wu):
    consents.give_location_consent(by=wu, key=key())
    listen(wu)
    consents.withdraw_location_consent(by=wu, key=key())
    assert where(wu)[:2] != FAR and where(wu)[2] is None
    listen(wu)
    assert where(wu)[2] is None
    assert Consent.objects.get().withdrawn_at is not None


def test_a_changed_text_is_asked_for_again(lotus_db, wu):
    consents.give_location_consent(by=wu, key=key())
    Consent.objects.update(text_sum="0" * 64)
    assert not consents.stands(wu.ref, texts.LOCATION)
    consents.give_location_consent(by=wu, key=key())
    assert Consent.objects.count() == 2


def test_one_technicians_yes_is_nobody_elses(lotus_db, wu, bo):
    consents.give_location_consent(by=wu, key=key())
    listen(bo)
    assert where(bo)[2] is None


def test_who_is_no_technician_has_nothing_to_agree_to(lotus_db, cai):
    for change in (consents.give_location_consent, consents.withdraw_location_consent):
        with pytest.raises(NotAllowed):
            change(by=cai, key=key())


def test_the_page_says_what_for_and_the_switch_asks_for_a_position_only_then(lotus_db, lotus, wu):
    phone = client_at(lotus, wu)
    page = phone.get(ME).content.decode()
    assert all(point.split("：")[0] in page for point in texts.text(texts.LOCATION).points["zh"])
    Technician.objects.filter(id=wu.technician_id).update(on_duty=False)
    assert "fs-placed" not in phone.get("/w/me").content.decode()
    assert phone.post(ME, {"agree": "1"}, key=key()).status_code == 303
    assert "fs-placed" in phone.get("/w/me").content.decode()
    phone.post(ME, {"agree": "0"}, key=key())
    assert not consents.stands(wu.ref, texts.LOCATION)


def test_a_report_with_a_position_keeps_the_yes_that_was_given(lotus_db, lotus, mei):
    phone = client_at(lotus, mei)
    assert VERSION["place_consent"] in phone.get("/h5/report").content.decode()
    assert phone.post("/h5/report", FORM | HERE | VERSION, key=key()).status_code == 303
    assert Ticket.objects.get().lat == pytest.approx(NEAR[0])
    given = Consent.objects.get(who=mei.ref)
    assert (given.purpose, given.text_sum) == ("place_once", texts.text("place_once").sum)


@pytest.mark.parametrize("said", [{}, {"place_consent": "1999-01"}])
def test_a_position_without_a_yes_is_dropped_and_the_report_goes_through(lotus_db, lotus, mei, said):
    assert client_at(lotus, mei).post("/h5/report", FORM | HERE | said, key=key()).status_code == 303
    assert Ticket.objects.get().lat != pytest.approx(NEAR[0])
    assert not Consent.objects.exists()


def test_a_report_without_a_position_asks_for_no_consent(lotus_db, lotus, mei):
    assert client_at(lotus, mei).post("/h5/report", FORM | VERSION, key=key()).status_code == 303
    assert not Consent.objects.exists()


def test_a_visitor_without_a_name_gives_the_same_yes(lotus_db, lotus):
    phone = client_at(lotus)
    phone.get("/h5/report")
    assert phone.post("/h5/report", FORM | HERE | VERSION, key=key()).status_code == 303
    assert Consent.objects.get().who.startswith("guest:")


def test_both_languages_say_the_same_number_of_points():
    for text in texts.TEXTS.values():
        assert len(text.points["zh"]) == len(text.points["en"])
        assert set(text.short) == {"zh", "en"}
