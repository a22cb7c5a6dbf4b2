"""报修: by a customer WeChat knows, by anybody, with and without scripts."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import override_settings

from apps.mobile import limits
from apps.people.models import Customer
from apps.tickets.models import Photo, Ticket
from apps.wechat.rules.consent_texts import text
from steppe.kernel.actors import Actor
from tests.cast import NEAR, TOWN, Branch
from tests.make import client_at, key, picture
from tests.queries import asking

URL = "/h5/report"
YES = {"place_consent": text("place_once").version}


def told(**fields: Any) -> dict[str, Any]:
    """A filled form, as a browser without scripts sends it."""
    base = {
        "type_code": "fault_bb", "address": "Birch Court 3-1-101", "contact_phone": "139 0000 7777",
        "contact_name": "Su", "description": "red light", "idempotency_key": key(),
    }  # fmt: skip
    return base | fields


def test_anybody_may_report_and_gets_a_link(lotus_db: Branch) -> None:
    answer = client_at(lotus_db).post(URL, told())
    ticket = Ticket.objects.get()
    assert answer.status_code == 303 and answer["Location"].startswith("/h5/s/")
    assert (ticket.channel, ticket.status, ticket.contact_phone) == ("h5", "pooled", "13900007777")
    assert ticket.created_by == "anonymous:0"


def test_a_known_customer_needs_no_phone_and_comes_to_the_own_ticket(lotus_db: Branch, mei: Actor) -> None:
    answer = client_at(lotus_db, mei).post(URL, told(contact_phone="", contact_name=""))
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/h5/t/{ticket.public_id}?new=1"
    assert (ticket.customer_id, ticket.contact_phone, ticket.channel) == (mei.id, "13900001001", "wechat_oa")
    assert ticket.contact_name == "Mei"


def test_the_page_shows_the_known_phone_masked_and_the_last_address(lotus_db: Branch, mei: Actor) -> None:
    Customer.objects.filter(id=mei.id).update(address="Birch Court 9")
    page = client_at(lotus_db, mei).get(URL).content.decode()
    assert "139****1001" in page and "13900001001" not in page and "Birch Court 9" in page


def test_the_promise_is_the_branchs_own(lotus_db: Branch) -> None:
    page = client_at(lotus_db).get(URL, headers={"Accept-Language": "en"}).content.decode()
    assert "within 24 hours" in page and "within 72" in page


def test_only_what_customers_may_report_is_offered(lotus_db: Branch) -> None:
    page = client_at(lotus_db).get(URL).content.decode()
    assert 'value="fault_bb"' in page and 'value="line_repair"' not in page


def test_the_phones_position_is_kept_as_it_was_taken(lotus_db: Branch) -> None:
    place = {"lat": str(TOWN[0]), "lng": str(TOWN[1]), "crs": "wgs84", "source": "jssdk", "accuracy_m": "30"} | YES
    client_at(lotus_db).post(URL, told(address="", **place))
    ticket = Ticket.objects.get()
    assert (ticket.lat, ticket.lng, ticket.location_source, ticket.datum_in) == (*TOWN, "jssdk", "wgs84")


def test_an_address_alone_is_as_good_as_a_position(lotus_db: Branch) -> None:
    client_at(lotus_db).post(URL, told(lat="", lng="", source="jssdk"))
    assert Ticket.objects.get().location_source == "grid" and Ticket.objects.get().status == "pooled"


def test_a_nonsense_position_counts_as_none(lotus_db: Branch) -> None:
    assert client_at(lotus_db).post(URL, told(lat="x", lng="NaN")).status_code == 303
    assert Ticket.objects.get().location_source == "grid"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"type_code": ""}, 422),
        ({"type_code": "line_repair"}, 422),
        ({"contact_phone": ""}, 422),
        ({"contact_phone": "12"}, 422),
        ({"address": ""}, 422),
        ({"description": "x" * 501}, 422),
        ({"idempotency_key": ""}, 400),
    ],
)
def test_a_refused_report_keeps_everything_entered(lotus_db: Branch, fields: dict[str, str], status: int) -> None:
    answer = client_at(lotus_db).post(URL, told(**fields), headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert answer.status_code == status and not Ticket.objects.exists()
    assert 'role="alert"' in page and 'value="Su"' in page


def test_two_taps_make_one_ticket(lotus_db: Branch) -> None:
    client, form = client_at(lotus_db), told()
    client.get(URL)
    first, second = client.post(URL, form), client.post(URL, form)
    assert Ticket.objects.count() == 1 and first.status_code == second.status_code == 303
    assert first["Location"].split(":")[0] == second["Location"].split(":")[0]


def test_a_key_says_nothing_to_another_visitor(lotus_db: Branch) -> None:
    form = told()
    client_at(lotus_db).post(URL, form)
    client_at(lotus_db).post(URL, form)
    assert Ticket.objects.count() == 2


def test_one_key_with_another_report_is_refused(lotus_db: Branch, mei: Actor) -> None:
    client, one = client_at(lotus_db, mei), key()
    client.post(URL, told(idempotency_key=one))
    assert client.post(URL, told(idempotency_key=one, description="else")).status_code == 422
    assert Ticket.objects.count() == 1


def test_a_strangers_word_changes_nobodys_record(lotus_db: Branch, mei: Actor) -> None:
    client_at(lotus_db).post(URL, told(contact_phone="13900001001", contact_name="Impostor", address="Birch 1"))
    mei_now = Customer.objects.get(id=mei.id)
    assert (mei_now.name, mei_now.address) == ("Mei", "") and Ticket.objects.get().customer_id == mei.id


def test_a_customer_with_anothers_phone_keeps_the_ticket_and_changes_only_the_own_record(
    lotus_db: Branch, mei: Actor
) -> None:
    client_at(lotus_db, mei).post(URL, told(contact_phone="13900001002", contact_name="Mei"))
    assert Ticket.objects.get().customer_id == mei.id
    assert Customer.objects.get(id=lotus_db.na.id).name == "Na"


def test_staff_on_the_public_page_report_like_anybody(lotus_db: Branch, wu: Actor) -> None:
    answer = client_at(lotus_db, wu).post(URL, told())
    assert answer["Location"].startswith("/h5/s/") and Ticket.objects.get().created_by == "anonymous:0"


def test_many_reports_of_one_network_must_wait(lotus_db: Branch, mei: Actor) -> None:
    client = client_at(lotus_db)
    answers = [client.post(URL, told()).status_code for _ in range(limits.REPORTS.times + 1)]
    assert set(answers[:-1]) == {303} and answers[-1] == 429
    again = client.post(URL, told(), headers={"Accept-Language": "en"})
    assert "96066" in again.content.decode() and 'value="Su"' in again.content.decode()
    assert client_at(lotus_db, mei).post(URL, told()).status_code == 303


def test_behind_our_proxy_each_network_is_counted_alone(lotus_db: Branch, settings: Any) -> None:
    settings.STEPPE_TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    client = client_at(lotus_db)

    def send(address: str) -> int:
        return client.post(URL, told(), headers={"X-Forwarded-For": address}).status_code

    assert [send(f"6.6.6.{made_up}, 203.0.113.1") for made_up in range(limits.REPORTS.times + 1)][-1] == 429
    assert send("203.0.113.2") == 303


def test_without_a_cache_reports_are_taken(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("apps.mobile.limits.cache.add", broken)
    assert client_at(lotus_db).post(URL, told()).status_code == 303


def test_a_limit_counts_in_windows() -> None:
    limit = limits.Limit("x", times=1, seconds=600)
    assert limit.window(599.9) == 0 and limit.window(600) == 1
    assert limit.minutes_left(0) == 10 and limit.minutes_left(599) == 1


def test_a_form_of_another_site_is_refused(lotus_db: Branch) -> None:
    client = client_at(lotus_db, enforce_csrf_checks=True)
    assert client.post(URL, told()).status_code == 403 and not Ticket.objects.exists()


# -- pictures --------------------------------------------------------------------------------------------------


def upload(client: Any, content: bytes, name: str = "a.jpg") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(name, content, "image/jpeg")
    return client.post("/h5/photos", {"photo": file}, headers={"Accept": "application/json"}, key=key())


def test_a_picture_sent_before_is_named_by_the_report(lotus_db: Branch) -> None:
    client = client_at(lotus_db)
    sent = upload(client, picture())
    client.post(URL, told(photos=[sent.json()["id"]]))
    assert sent.status_code == 201 and Photo.objects.get().ticket_id == Ticket.objects.get().pk


def test_a_strangers_picture_cannot_be_named(lotus_db: Branch) -> None:
    foreign = upload(client_at(lotus_db), picture()).json()["id"]
    client_at(lotus_db).post(URL, told(photos=[foreign]))
    assert Photo.objects.get().ticket_id is None


def test_without_scripts_the_picture_comes_with_the_form(lotus_db: Branch) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    client_at(lotus_db).post(URL, told(photo_files=file))
    assert Photo.objects.get().ticket_id == Ticket.objects.get().pk


def test_a_picture_stays_attached_when_the_form_comes_back(lotus_db: Branch) -> None:
    client = client_at(lotus_db)
    name = upload(client, picture()).json()["id"]
    page = client.post(URL, told(photos=[name], type_code="")).content.decode()
    assert f'name="photos" value="{name}"' in page


def test_what_is_no_picture_is_refused_in_words(lotus_db: Branch) -> None:
    answer = upload(client_at(lotus_db), b"<svg onload=alert(1)>")
    assert answer.status_code == 422 and answer.json()["code"] == "tickets.not_a_picture"
    assert not Photo.objects.exists()


def test_an_upload_without_a_picture_is_refused(lotus_db: Branch) -> None:
    assert client_at(lotus_db).post("/h5/photos", {}, key=key()).status_code == 422


# -- what else -------------------------------------------------------------------------------------------------


def test_the_other_branch_sees_nothing(lotus_db: Branch, maple: Branch) -> None:
    answer = client_at(lotus_db).post(URL, told())
    assert client_at(maple).get(answer["Location"]).status_code == 404


@override_settings(LANGUAGE_CODE="zh-hans")
def test_chinese_comes_first(lotus_db: Branch) -> None:
    page = client_at(lotus_db).get(URL).content.decode()
    assert "报修" in page and 'lang="zh-Hans"' in page and 'data-theme="light"' in page


def test_the_page_costs_four_queries(lotus_db: Branch, mei: Actor) -> None:
    client = client_at(lotus_db, mei)
    client.get(URL)
    with asking(4):
        client.get(URL)


def test_the_coordinates_of_the_form_are_those_of_the_phone() -> None:
    from apps.mobile.forms import ReportForm

    form = ReportForm({**told(), "lat": str(NEAR[0]), "lng": str(NEAR[1]), "crs": "gcj02", "source": "made up"})
    assert form.is_valid()
    assert form.report((), "").datum == "gcj02" and form.report((), "").location_source == "manual"


def test_who_reports_it_twice_sees_the_open_one_and_may_insist(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.mei)
    client.post(URL, told())
    first = Ticket.objects.get()
    refused = client.post(URL, told())
    assert refused.status_code == 409
    assert f"/h5/t/{first.public_id}" in refused.content.decode()
    assert Ticket.objects.count() == 1
    assert client.post(URL, told(anyway="1")).status_code == 303
    assert Ticket.objects.count() == 2
