"""Who may come in, and how WeChat is asked: once, by the name of its address."""

from typing import Any

import pytest
from django.test import override_settings

from apps.mobile import doors
from steppe.kernel.actors import Actor
from tenants.models import WeChatRoute
from tests.cast import Branch
from tests.make import client_at, key

WECHAT = "Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0.50"
STAFF_PAGES = ("/w/pool", "/w/mine", "/w/me", "/w/t/abcdefghijkl")


@pytest.fixture
def account(lotus_db: Branch) -> Branch:
    """Lotus has a service account."""
    WeChatRoute.objects.create(key="lotus-key", tenant_id=lotus_db.tenant.pk, appid="wx1", enabled=True)
    return lotus_db


def start() -> str:
    found = doors.address("wechat:auth-start")
    if not found:
        pytest.skip("the WeChat room has no sign-in yet")
    return found


@pytest.mark.parametrize("url", STAFF_PAGES)
def test_without_wechat_staff_come_by_staff_number(lotus_db: Branch, url: str) -> None:
    answer = client_at(lotus_db).get(url)
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=/w/")


@pytest.mark.parametrize("url", [*STAFF_PAGES, "/h5/mine", "/h5/t/abcdefghijkl"])
def test_an_unknown_visitor_is_sent_to_wechat_once(account: Branch, url: str) -> None:
    client = client_at(account)
    first, second = client.get(url), client.get(url)
    assert first.status_code == 302 and first["Location"] == f"{start()}?next={url.replace('/', '%2F')}"
    assert second.status_code == 401 and start() in second.content.decode()


def test_the_door_offers_the_staff_number(account: Branch) -> None:
    page = client_at(account).get("/w/pool?wx=0")
    assert page.status_code == 401 and "/sign-in/?next=%2Fw%2Fpool" in page.content.decode()


@override_settings(STEPPE_WECHAT_SANDBOX=False)
def test_outside_wechat_nobody_is_sent_into_a_dead_end(account: Branch) -> None:
    assert client_at(account).get("/w/pool").status_code == 401
    assert client_at(account).get("/w/pool", headers={"User-Agent": WECHAT}).status_code == 302


def test_a_switched_off_account_is_none(account: Branch) -> None:
    WeChatRoute.objects.update(enabled=False)
    assert client_at(account).get("/h5/mine").status_code == 401


@pytest.mark.parametrize("given", [{"QUERY_STRING": "from=wx"}, {"headers": {"User-Agent": WECHAT}}])
def test_the_menu_asks_who_reports_but_never_insists(account: Branch, given: dict[str, Any]) -> None:
    client = client_at(account)
    first = client.get("/h5/report", **given)
    assert first.status_code == 302 and first["Location"].startswith(start())
    assert client.get("/h5/report", **given).status_code == 200


def test_a_plain_browser_reports_without_being_asked(account: Branch) -> None:
    assert client_at(account).get("/h5/report").status_code == 200


def test_a_known_customer_is_not_asked_again(account: Branch, mei: Actor) -> None:
    assert client_at(account, mei).get("/h5/report?from=wx").status_code == 200


@pytest.mark.parametrize("who", ["mei", "lin", "cai"])
def test_technicians_pages_are_for_technicians(lotus_db: Branch, who: str) -> None:
    client = client_at(lotus_db, lotus_db.people[who])
    for url in STAFF_PAGES:
        assert client.get(url).status_code == 403
    assert client.get("/w/pool/rows").status_code == 403
    assert client.post("/w/t/abcdefghijkl/grab", {"idempotency_key": key()}).status_code == 403


@pytest.mark.parametrize("step", ["grab", "confirm", "decline", "check-in", "complete"])
def test_nobody_writes_without_a_name(lotus_db: Branch, step: str) -> None:
    answer = client_at(lotus_db).post(f"/w/t/abcdefghijkl/{step}", {"idempotency_key": key()})
    assert answer.status_code == 401


@pytest.mark.parametrize("url", ["/w/t/abcdefghijkl/grab", "/w/duty", "/w/photos", "/h5/t/abcdefghijkl/rate"])
def test_a_write_is_never_a_link(lotus_db: Branch, wu: Actor, mei: Actor, url: str) -> None:
    client = client_at(lotus_db, mei if url.startswith("/h5") else wu)
    assert client.get(url).status_code == 405


def test_what_is_not_found_on_the_phone_leads_back_to_the_phones_pages(lotus_db: Branch, wu: Actor) -> None:
    page = client_at(lotus_db, wu).get("/w/t/abcdefghijkl")
    assert page.status_code == 404 and 'href="/w/"' in page.content.decode()


def test_personal_pages_are_not_kept_by_anybody_between(lotus_db: Branch, wu: Actor) -> None:
    assert "private" in client_at(lotus_db, wu).get("/w/pool")["Cache-Control"]
