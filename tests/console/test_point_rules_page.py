"""工量规则 on the console: versions, the editor with the formula beside it, publishing, the try-out, the hours."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.costing.models import PointRuleSet, TryOut
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.services import tryouts
from steppe.kernel import clock
from tests.cast import Branch
from tests.costing.rules import NOTE, changed, draft, new_rules, today
from tests.make import actor, client_at, key, make_ticket
from tests.queries import asking

RULES = "/console/points/rules/"


@pytest.fixture
def ji(lotus_db: Branch) -> Client:
    return client_at(lotus_db, actor("ji"))


@pytest.fixture
def bai(lotus_db: Branch) -> Client:
    return client_at(lotus_db, actor("bai"))


def fields(page: Any) -> dict[str, str]:
    """The form as the browser would send it."""
    told: dict[str, str] = {"version": str(page.context["draft"].version)}
    for part in page.context["sections"]:
        for cell in (*part.singles, *(cell for line in part.lines for cell in line.cells)):
            if cell.kind != "flag" or cell.value:
                told[cell.name] = "1" if cell.kind == "flag" else str(cell.value)
        if part.count:
            told[f"{part.count}.count"] = str(len(part.lines))
    return told


def post(client: Client, url: str, **told: str) -> Any:
    return client.post(url, {"idempotency_key": key(), **told})


def test_the_list_shows_what_counts_and_drafts_to_who_writes(ji: Client, lotus_db: Branch) -> None:
    draft()
    page = ji.get(RULES)
    assert [one.row.number for one in page.context["versions"]] == [2, 1]
    leader = client_at(lotus_db, actor("yun")).get(RULES)
    assert [one.row.number for one in leader.context["versions"]] == [1]
    assert b"new-rules" not in leader.content and "New draft" not in leader.content.decode()


def test_what_is_sent_back_unchanged_is_the_same_set(ji: Client) -> None:
    row = draft()
    url = f"{RULES}{row.number}/"
    assert post(ji, url, **fields(ji.get(url)), do="save").status_code == 303
    row.refresh_from_db()
    assert row.body == DEFAULT.body() and row.version == 2


def test_a_change_is_saved_and_told_in_words(ji: Client) -> None:
    row = draft()
    url = f"{RULES}{row.number}/"
    told = fields(ji.get(url)) | {
        "travel.per_km": "0.08", "rates.point_fen": "4.20", "base.fault_bb": "5.5", "shares.1": "70/30",
        "quantities.0.points": "0.6",
    }  # fmt: skip
    assert post(ji, url, **told, do="save").status_code == 303
    row.refresh_from_db()
    assert row.body["travel"]["per_km"] == "0.08" and row.body["rates"]["point_fen"] == 420
    assert row.body["base"] == {"fault_bb": "5.5"} and row.body["shares"][1] == [70, 30]
    page = ji.get(url, headers={"Accept-Language": "en"})
    assert page.context["changes"] == [
        "Base points · Broadband fault: new, 5.5", "Quantity items · Drop cable (m) · Points: 0.5 → 0.6",
        "Shares in a team: 100; 60 / 40; 50 / 25 / 25 → 100; 70 / 30; 50 / 25 / 25",
        "Travel · Points per kilometre beyond: 0.06 → 0.08",
        "Hours and planned money · Planned price of a point (yuan): ¥3.50 → ¥4.20",
    ]  # fmt: skip


def test_a_fault_stands_at_its_field_and_everything_typed_is_still_there(ji: Client) -> None:
    row = draft()
    url = f"{RULES}{row.number}/"
    told = fields(ji.get(url)) | {"area.D": "13", "quantities.0.per": "0", "difficulties.1.code": "easy"}
    page = post(ji, url, **told, do="save")
    assert page.status_code == 422
    wrong = {
        cell.name: cell.error
        for part in page.context["sections"]
        for cell in (*part.singles, *(cell for line in part.lines for cell in line.cells))
        if cell.error
    }
    assert set(wrong) == {"area.D", "quantities.0.per", "difficulties.1.code"}
    assert 'value="13"' in page.content.decode() and page.context["example"].faults == 3
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.parametrize("text", ["1,5", "abc", "-1", "", "1e3", "NaN", "٣", "9" * 400, "0x1", "1.234"])
def test_nonsense_in_a_number_is_a_sentence_and_no_fault_of_ours(ji: Client, text: str) -> None:
    url = f"{RULES}{draft().number}/"
    told = fields(ji.get(url))
    for name in ("travel.per_km", "minutes_per_point", "rates.point_fen", "quality.steps.0.until_pct", "shares.0"):
        page = post(ji, url, **told | {name: text}, do="save")
        # An empty row of shares is no row; 1e3 yuan are a thousand, 1,5 people's shares are two numbers.
        assert page.status_code in ((422,) if name == "travel.per_km" else (422, 303)), (name, text)
        told["version"] = str(PointRuleSet.objects.get(number=2).version)
    assert post(ji, url, **told | {"quantities.count": text}, do="save").status_code in (303, 422)


def test_rows_come_and_go_and_nothing_is_saved_by_it(ji: Client) -> None:
    url = f"{RULES}{draft().number}/"
    told = fields(ji.get(url))
    more = post(ji, url, **told, do="add:quantities")
    assert len(more.context["draft"].rows("quantities")) == len(DEFAULT.quantities) + 1
    fewer = post(ji, url, **told, do="drop:difficulties:0")
    assert [one["code"] for one in fewer.context["draft"].rows("difficulties")] == ["normal", "hard", "very_hard"]
    for odd in ("drop:quantities:99", "drop:base:0", "add:nothing", "drop:quantities:x", "x", ""):
        assert post(ji, url, **told, do=odd).status_code == 200
    assert PointRuleSet.objects.get(number=2).version == 1


def test_the_formula_is_told_in_words_as_one_types(ji: Client, lotus_db: Branch) -> None:
    url = f"{RULES}{draft().number}/"
    page = ji.get(url, headers={"Accept-Language": "en"})
    assert page.context["example"].lines == [
        "base 5 × difficulty Normal 1 × area D 1.3 × time day 1 = 6.5",
        "Quality: timeliness 1 × satisfaction 1, between 0.5 and 1.1: 1", "6.5 × 1 = 6.50",
        "Travel: (172 − 20) km × 0.06 = 9.12",
        "Together 15.62 points, 156.2 standard minutes, ¥54.67 at the planned price",
    ]  # fmt: skip
    told = fields(page) | {"area.D": "2", "example.km": "20", "example.people": "2", "example.item": "pole"}
    preview = ji.post(
        url, told | {"example.quantity": "3", "do": "preview", "idempotency_key": key()},
        headers={"Accept-Language": "en"},
    )  # fmt: skip
    assert preview.context["example"].lines[0] == (
        "(base 5 + Poles climbed (3) 6) × difficulty Normal 1 × area D 2 × time day 1 = 22"
    )
    assert "Shared out: 13.20 + 8.80" in preview.context["example"].lines
    for odd in ("", "x", "9" * 30, "-1", "1e9", "٣"):
        for name in ("km", "used", "quantity", "people", "type", "score", "area", "time", "difficulty", "item"):
            assert post(ji, url, **told | {f"example.{name}": odd, "do": "preview"}).status_code == 200


def test_who_is_overtaken_is_told_and_may_save_again(ji: Client) -> None:
    row = draft()
    url = f"{RULES}{row.number}/"
    told = fields(ji.get(url)) | {"travel.per_km": "0.09"}
    changed(row, by="de", minutes_per_point=12)
    page = post(ji, url, **told, do="save")
    assert page.status_code == 409 and "De" in page.content.decode() and 'value="0.09"' in page.content.decode()
    assert post(ji, url, **fields(page), do="save").status_code == 303


def test_publishing_asks_for_the_day_and_the_workers(bai: Client) -> None:
    row = draft()
    url = f"{RULES}{row.number}/publish/"
    for told, wrong in (
        ({"note": NOTE, "effective_from": "soon"}, "effective_from"),
        ({"note": NOTE, "effective_from": "2020-01-01"}, "effective_from"),
        ({"note": " ", "effective_from": today().isoformat()}, "note"),
    ):
        page = post(bai, url, version="1", **told)
        assert page.status_code == 422 and set(page.context["errors"]) == {wrong}
    assert post(bai, url, version="1", note=NOTE, effective_from=today().isoformat()).status_code == 303
    page = bai.get(f"{RULES}{row.number}/?done=published")
    assert page.context["kept"].now and NOTE in page.content.decode() and "disabled" in page.content.decode()
    assert post(bai, url, version="2", note=NOTE, effective_from=today().isoformat()).status_code == 409


def test_a_published_version_is_read_and_not_written(ji: Client, lotus_db: Branch) -> None:
    leader = client_at(lotus_db, actor("yun"))
    page = leader.get(f"{RULES}1/")
    assert page.status_code == 200 and not page.context["may_change"] and not page.context["may_publish"]
    assert post(ji, f"{RULES}1/", **fields(ji.get(f"{RULES}1/")), do="save").status_code == 409
    assert leader.get(f"{RULES}99/").status_code == 404 and leader.get(f"{RULES}{'9' * 30}/").status_code == 404


def test_a_draft_is_withdrawn(ji: Client) -> None:
    row = draft()
    assert post(ji, f"{RULES}{row.number}/withdraw/", version="1").status_code == 303
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_try_out_is_asked_for_watched_stopped_and_read(ji: Client) -> None:
    make_ticket(status="closed")
    row = draft()
    changed(row, base={"fault_bb": "10"})
    month = clock.today()[:7]
    made = post(ji, f"{RULES}{row.number}/try/", month=month)
    assert made.status_code == 303
    name = TryOut.objects.get().public_id
    page = ji.get(made["Location"])
    assert page.context["trial"].going and b"hx-get" in page.content
    assert post(ji, f"{RULES}tries/{name}/stop/").status_code == 303
    assert not ji.get(made["Location"]).context["trial"].going

    again = post(ji, f"{RULES}{row.number}/try/", month=month)["Location"]
    tryouts.try_out(TryOut.objects.latest("id").public_id)
    page = ji.get(again)
    assert [one.name for one in page.context["trial"].people] == ["Wu"] and "¥" in page.content.decode()
    assert post(ji, f"{RULES}{row.number}/try/", month="soon").status_code == 422


def test_the_pages_ask_as_often_however_many_versions_there_are(ji: Client) -> None:
    row = draft()
    ji.get(RULES)
    with asking(5):  # session, person, the set in force, the versions, expenses that wait
        ji.get(RULES)
    with asking(9):  # session, person, version, set in force, types, the one before, try-outs, calculated months
        ji.get(f"{RULES}{row.number}/")
    for days in (1, 2, 3):
        new_rules(day=today() + timedelta(days=days))
    with asking(5):
        ji.get(RULES)
    with asking(9):
        ji.get(f"{RULES}{row.number}/")


def test_the_hours_of_a_month(bai: Client, lotus_db: Branch) -> None:
    page = bai.get("/console/points/hours/?month=2026-10")
    assert page.status_code == 200 and page.context["month"] == "2026-10"
    for odd in ("?month=x", "?month=2026-13", "?unit=%00", "?unit=" + "x" * 300):
        assert bai.get(f"/console/points/hours/{odd}").status_code == 200
    phone = client_at(lotus_db, actor("wu"))
    assert phone.get("/w/hours").status_code == 200 and phone.get("/w/hours?month=9999-12").status_code == 200
