"""设置 and 公平: the pages of the branch's administrator and of who leads people."""

import re
from datetime import date

import pytest

from apps.tickets.models import ServiceDay
from apps.tickets.rules.branch_settings import decided
from tenants.models import Tenant
from tenants.policy import policy_from
from tests.cast import Branch
from tests.make import client_at, grab, key, make_ticket
from tests.queries import asking

PAGE, DAY, FAIR, API = "/console/settings/", "/console/settings/day/", "/console/fairness/", "/api/v1/"


def filled(page: str, **changed: str) -> dict[str, str]:
    """The form as a browser would send it."""
    form = page[page.index('name="stamp"') - 300 : page.index("publish-bar")]
    found = dict(re.findall(r'name="([\w.]+)" value="([^"]*)"', form))
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" name="([\w.]+)"[^>]* checked', form), "on")
    return found | changed | {"idempotency_key": key()}


def stored(branch: Branch) -> dict[str, object]:
    return decided(policy_from(Tenant.objects.get(pk=branch.tenant.pk).policy))


def test_saved_as_it_stands_it_changes_nothing(lotus_db: Branch) -> None:
    client, before = client_at(lotus_db, lotus_db.bai), stored(lotus_db)
    answer = client.post(PAGE, filled(client.get(PAGE).content.decode()))
    assert answer.status_code == 303, answer.content.decode()[:3000]
    assert stored(lotus_db) == before


def test_what_is_typed_is_decided_and_the_page_tells_who_did_it(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.bai)
    form = filled(client.get(PAGE).content.decode(), **{
        "accept_minutes": "45", "service.0": "08:30", "service.1": "24:00", "resolve_hours.3": "96",
        "road_factor": "1.5",
    })  # fmt: skip
    form.pop("contact_returns")
    assert client.post(PAGE, form).status_code == 303
    now = stored(lotus_db)
    assert (now["accept_minutes"], now["service"], now["road_factor"]) == (45, [510, 1440], 1.5)
    assert (now["resolve_hours"], now["contact_returns"]) == ([24, 36, 48, 96], False)
    page = client.get(PAGE).content.decode()
    assert "00:00 / 24:00 → 08:30 / 24:00" in page and "30 → 45" in page and "Bai" in page


def test_everything_typed_is_still_there_when_a_field_is_wrong(lotus_db: Branch) -> None:
    client, before = client_at(lotus_db, lotus_db.bai), stored(lotus_db)
    form = filled(client.get(PAGE).content.decode(), **{
        "accept_minutes": "soon", "wave_size": "7", "legal_hours.1": "3", "service.0": "eight",
    })  # fmt: skip
    answer = client.post(PAGE, form)
    page = answer.content.decode()
    assert answer.status_code == 422 and stored(lotus_db) == before
    for name, value in (("accept_minutes", "soon"), ("wave_size", "7"), ("legal_hours.1", "3"), ("service.0", "eight")):
        assert f'name="{name}" value="{value}"' in page
    assert page.count('aria-invalid="true"') == 2  # bounds and kinds are judged before sense


def test_who_was_overtaken_reads_so(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.bai)
    old = client.get(PAGE).content.decode()
    assert client.post(PAGE, filled(old, wave_size="4")).status_code == 303
    answer = client.post(PAGE, filled(old, wave_size="9"))
    assert answer.status_code == 409 and 'name="wave_size" value="9"' in answer.content.decode()


def test_a_holiday_is_set_and_taken_away(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.bai)
    told = {"day": "2027-10-01", "title": "国庆节", "opens": "", "closes": ""}
    assert client.post(DAY, told, key=key()).status_code == 303
    page = client.get(PAGE).content.decode()
    assert "2027-10-01" in page and "国庆节" in page and ServiceDay.objects.get().day == date(2027, 10, 1)
    assert client.post(f"{DAY}remove/", {"day": "2027-10-01"}, key=key()).status_code == 303
    assert not ServiceDay.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"), [({"day": "x"}, "day"), ({"title": ""}, "title"), ({"opens": "25:99"}, "opens")]
)
def test_a_day_that_cannot_be_keeps_what_was_typed(lotus_db: Branch, wrong: dict[str, str], field: str) -> None:
    told = {"day": "2027-10-01", "title": "Sunday at work", "opens": "09:00", "closes": "18:00"} | wrong
    answer = client_at(lotus_db, lotus_db.bai).post(DAY, told, key=key())
    page = answer.content.decode()
    assert answer.status_code == 422 and not ServiceDay.objects.exists()
    assert page.count('aria-invalid="true"') == 1 and f'id="day-{field}"' in page and "18:00" in page


def test_the_api_says_the_same(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.bai)
    now = client.get(f"{API}settings").json()
    assert now["values"] == stored(lotus_db)
    body = {"values": {"wave_size": 4}, "stamp": now["stamp"]}
    once = key()
    answers = [client.api("post", f"{API}settings", body, key=once) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200] and answers[1]["Idempotent-Replay"] == "true"
    assert client.api("post", f"{API}settings", body).json()["code"] == "tenants.policy_moved"
    wrong = {"values": {"wave_size": 0}, "stamp": answers[0].json()["stamp"]}
    assert client.api("post", f"{API}settings", wrong).json()["fields"].keys() == {"wave_size"}
    told = {"day": "2027-10-01", "title": "National Day", "hours": "all"}
    assert "hours" in client.api("post", f"{API}service-days", told).json()["fields"]
    told.pop("hours")
    assert client.api("post", f"{API}service-days", told).status_code == 200
    assert client.get(f"{API}service-days").json()["results"][0]["opens"] is None
    assert [one["name"] for one in client.get(f"{API}settings/history").json()["results"]] == ["day_set", "wave_size"]
    assert client.api("post", f"{API}service-days/remove", {"day": "2027-10-01"}).status_code == 200


def test_only_who_decides_finds_the_way(lotus_db: Branch) -> None:
    assert PAGE in client_at(lotus_db, lotus_db.bai).get(PAGE).content.decode()
    assert PAGE not in client_at(lotus_db, lotus_db.lin).get("/console/").content.decode()
    assert client_at(lotus_db, lotus_db.lin).get(PAGE).status_code == 403


# --- fairness


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(\w+)<small', page)


def test_the_table_sorts_by_every_head_both_ways(lotus_db: Branch) -> None:
    for who, count in (("wu", 1), ("bo", 2)):
        for number in range(count):
            grab(make_ticket(contact_phone=f"1390000{number}{count}11").public_id, who)
    client = client_at(lotus_db, lotus_db.yun)
    page = client.get(FAIR).content.decode()
    for column in set(re.findall(r"sort=-(\w+)", page)):
        assert client.get(FAIR, {"sort": column}).status_code == 200
    assert names(client.get(FAIR, {"sort": "-grabbed"}).content.decode()) == ["Bo", "Wu", "Yun"]
    assert names(client.get(FAIR, {"sort": "grabbed"}).content.decode()) == ["Yun", "Wu", "Bo"]
    assert 'aria-sort="descending"' in client.get(FAIR, {"sort": "-grabbed"}).content.decode()
    assert len(re.findall(r"data-label=", page)) == 13 * 4


@pytest.mark.parametrize(
    "nonsense", [{"from": "x"}, {"to": "2020-01-01"}, {"from": "1066-10-14"}, {"sort": "salary"}, {"unit": "NOWHERE"}]
)
def test_nonsense_in_the_address_is_the_usual_page(lotus_db: Branch, nonsense: dict[str, str]) -> None:
    assert client_at(lotus_db, lotus_db.lin).get(FAIR, nonsense).status_code == 200


def test_eleven_queries_make_the_page(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.lin)
    client.get(FAIR)
    with asking(10):  # session, person, units, technicians, taken, given back, in vain, holds, bonuses, requests
        client.get(FAIR)
    client = client_at(lotus_db, lotus_db.bai)
    client.get(PAGE)
    with asking(11):  # session, person, days, history in public and here, what waits in five places, WeChat
        client.get(PAGE)
