"""Where somebody is: a position sent in the chat goes into the report; a LOCATION event is kept for few."""

from datetime import timedelta
from typing import Any

import pytest

from apps.people import consents, geo
from apps.people.models import Customer, Technician
from apps.tickets.models import Ticket
from apps.wechat.gateway.models import Inbox
from apps.wechat.models import Consent, CustomerIdentity
from apps.wechat.rules import consent_texts as texts
from steppe.kernel import clock
from tenants.context import in_branch, in_public
from tests.make import actor
from tests.mobile.test_report import told
from tests.wechat import chat, stand

# A pair that map converters are checked with: the same place in Beijing in both systems.
WGS, GCJ = (39.911954, 116.377817), (39.91334545536069, 116.38404722455657)
CLOSE = 1e-5  # about a metre


def sends_place(office: Any, branch: Any, point: tuple[float, float] = GCJ, label: str = "长安街1号") -> None:
    chat.hear(office, branch, "location", Location_X=point[0], Location_Y=point[1], Scale=16, Label=label)


def fields_of(page: str) -> dict[str, str]:
    import re

    return dict(re.findall(r'name="(lat|lng|crs|source|address)" value="([^"]*)"', page))


def test_the_known_pair_is_converted_both_ways():
    assert geo.to_gcj02(*WGS) == pytest.approx(GCJ, abs=CLOSE)
    assert geo.to_wgs84(*GCJ) == pytest.approx(WGS, abs=CLOSE)
    assert geo.to_wgs84(*WGS, "wgs84") == WGS
    assert geo.distance_m(*WGS, *GCJ) > 400  # mixing them is that wrong


def test_a_position_is_the_reports_place_canonical_and_with_its_datum(office, wx, lotus):
    sends_place(office, lotus)
    phone, page = chat.phone_of(office, lotus), chat.page_in(chat.last_answer().text)
    shown = fields_of(phone.get(page).content.decode())
    assert (float(shown["lat"]), float(shown["lng"]), shown["crs"]) == (*GCJ, "gcj02")
    answer = phone.post("/h5/report", told(**shown))
    ticket = Ticket.objects.get()
    assert answer.status_code == 303
    assert (ticket.lat, ticket.lng) == pytest.approx(WGS, abs=CLOSE)
    assert (ticket.datum_in, ticket.location_source, ticket.address) == ("gcj02", "message", "长安街1号")


def test_the_jssdks_own_wgs84_is_kept_as_it_is(office, lotus):
    where = {"lat": WGS[0], "lng": WGS[1], "crs": "wgs84", "source": "jssdk"}
    where["place_consent"] = texts.text(texts.PLACE_ONCE).version
    chat.phone_of(office, lotus).post("/h5/report", told(**where))
    ticket = Ticket.objects.get()
    assert (ticket.lat, ticket.lng, ticket.datum_in, ticket.location_source) == (*WGS, "wgs84", "jssdk")


def test_an_account_whose_messages_come_in_wgs84_says_so(office, wx, lotus):
    type(office.account).objects.update(datums={"message": "wgs84"})
    sends_place(office, lotus, WGS)
    assert chat.draft().datum == "wgs84"


def test_a_place_without_a_name_keeps_the_address_that_was_told(office, wx, lotus):
    sends_place(office, lotus)
    sends_place(office, lotus, (39.9, 116.3), label="")
    assert (chat.draft().lat, chat.draft().address) == (39.9, "长安街1号")


@pytest.fixture
def wu(office: Any) -> Technician:
    """Wu on duty, who agreed to be located; nothing known since long."""
    assert consents.note(actor("wu").ref, consents.LOCATION, texts.text(texts.LOCATION).version)
    return Technician.objects.get(user__username="wu")


def comes_by(office: Any, branch: Any, openid: str = "o-lotus-wu", **fields: Any) -> None:
    where = {"Latitude": WGS[0], "Longitude": WGS[1], "Precision": 30.0}
    chat.event(office, branch, "LOCATION", openid, **where | fields)


def place_of(name: str = "wu") -> tuple[float, float]:
    found = Technician.objects.get(user__username=name)
    return found.lat, found.lng


def test_a_technician_on_duty_who_agreed_is_where_the_event_says(office, lotus, wu):
    comes_by(office, lotus)
    assert place_of() == WGS
    assert Technician.objects.get(pk=wu.pk).located_at is not None


def test_an_account_whose_events_come_in_gcj02_says_so(office, lotus, wu):
    type(office.account).objects.update(datums={"event": "gcj02"})
    comes_by(office, lotus, Latitude=GCJ[0], Longitude=GCJ[1])
    assert place_of() == pytest.approx(WGS, abs=CLOSE)


def test_without_consent_or_off_duty_nothing_is_kept(office, lotus, wu):
    before = place_of()
    Consent.objects.update(withdrawn_at=clock.now())
    comes_by(office, lotus)
    Consent.objects.update(withdrawn_at=None)
    Technician.objects.update(on_duty=False)
    comes_by(office, lotus, CreateTime=int(clock.now().timestamp()) + 1)
    assert place_of() == before


def test_a_customers_position_is_never_kept_anywhere(office, lotus, wu):
    comes_by(office, lotus, chat.MEI)
    assert not CustomerIdentity.objects.filter(openid=chat.MEI).exists()
    assert not Customer.objects.filter(lat__isnull=False).exists()
    with in_public():
        kept = Inbox.objects.get()
    assert kept.outcome == "done"
    assert not {"Latitude", "Longitude", "Precision"} & set(kept.payload)


def test_it_is_a_weak_source(office, lotus, wu):
    fresh = clock.now()
    Technician.objects.filter(pk=wu.pk).update(lat=1.0, lng=2.0, located_at=fresh)
    comes_by(office, lotus)
    assert place_of() == (1.0, 2.0)  # told by the person's own page a moment ago
    with clock.frozen(fresh + timedelta(minutes=6)):
        comes_by(office, lotus)
    assert place_of() == WGS


@pytest.mark.parametrize(
    "fields", [{"Precision": 5000}, {"Latitude": "0", "Longitude": "0"}, {"Latitude": "91"}, {"Latitude": "nan"}]
)
def test_what_is_rough_or_nowhere_is_not_kept(office, lotus, wu, fields):
    before = place_of()
    comes_by(office, lotus, **fields)
    assert place_of() == before


def test_an_old_event_is_not_kept(office, lotus, wu):
    before = place_of()
    comes_by(office, lotus, CreateTime=int(clock.now().timestamp()) - 3600)
    assert place_of() == before


def test_the_other_branchs_technician_of_the_same_id_stays(office, wx, lotus, maple, wu):
    with in_branch(maple.tenant):
        account = stand.open_account(wx)
        stand.bind(wx, account, "wu", openid="o-lotus-wu")
        before = place_of()
    comes_by(office, lotus)
    with in_branch(maple.tenant):
        assert place_of() == before
