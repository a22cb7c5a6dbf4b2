"""The page 导出 and the API: asked for, looked at, called off, taken; by those who may and by nobody else."""

import csv
import io
from datetime import timedelta

import pytest

from apps.exports import services
from apps.exports.models import ExportJob
from apps.exports.sources import SOURCES
from steppe.kernel import clock
from tests.exports.asked import ask, job, made, today
from tests.make import client_at, key, make_ticket
from tests.queries import asking

PAGE = "/console/exports/"


def form(**more):
    return {
        "source": "tickets", "form": "csv", "period": "reported", "first": today().isoformat(),
        "last": today().isoformat(), "columns": ["ticket_no", "status"], **more,
    }  # fmt: skip


def told(response):
    return response.content.decode()


def test_a_table_is_asked_for_and_stands_in_the_list(lotus_db, bai):
    make_ticket()
    client = client_at(lotus_db, bai)
    assert client.post(PAGE, form(), key=key()).status_code == 303
    row = ExportJob.objects.get()
    assert (row.columns, row.total, row.state) == (["ticket_no", "status"], 1, "asked")
    waiting = told(client.get(PAGE + "jobs/"))
    assert "等待中" in waiting and "hx-trigger" in waiting and f"/{row.public_id}/cancel/" in waiting
    services.make(row.public_id)
    ready = told(client.get(PAGE + "jobs/"))
    assert "已完成" in ready and row.public_id in ready and job(row.public_id).sha256 in ready
    assert "hx-trigger" not in ready


def test_the_file_comes_with_its_name_and_sum(lotus_db, bai):
    one = make_ticket()
    row, content = made(columns=["ticket_no"])
    response = client_at(lotus_db, bai).get(f"{PAGE}{row.public_id}/file/")
    assert b"".join(response.streaming_content) == content
    assert response["X-Content-SHA256"] == row.sha256 and "attachment" in response["Content-Disposition"]
    assert response["Content-Type"].startswith("text/csv") and "no-store" in response["Cache-Control"]
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1] == [one.ticket_no]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"columns": []}, "请至少选择一列"),
        ({"last": "2001-01-01"}, "结束日期早于开始日期"),
        ({"first": "yesterday"}, "2026-11-23"),
        ({"form": "doc"}, "请选择一种格式"),
        ({"form": "pdf", "columns": [one.code for one in SOURCES["tickets"].columns]}, "最多放 12 列"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_asked(lotus_db, bai, more, sentence):
    response = client_at(lotus_db, bai).post(PAGE, form(**more), key=key())
    assert response.status_code == 422 and sentence in told(response)
    assert not ExportJob.objects.exists()


def test_a_file_that_has_expired_is_not_offered_any_more(lotus_db, bai):
    row, _content = made(columns=["ticket_no"])
    with clock.frozen(clock.now() + timedelta(days=8)):
        client = client_at(lotus_db, lotus_db.bai)
        shown = told(client.get(PAGE + "jobs/"))
        assert "已过期" in shown and "下载" not in shown
        assert client.get(f"{PAGE}{row.public_id}/file/").status_code == 409


def test_called_off_from_the_page(lotus_db, bai):
    public_id = ask()
    assert client_at(lotus_db, bai).post(f"{PAGE}{public_id}/cancel/", {}, key=key()).status_code == 303
    assert job(public_id).state == "cancelled"


def test_each_sees_their_own_and_the_administrator_everybody_s(lotus_db, lin, cai, bai):
    public_id = ask("lin")
    assert public_id in told(client_at(lotus_db, lin).get(PAGE))
    assert public_id not in told(client_at(lotus_db, cai).get(PAGE))
    assert client_at(lotus_db, cai).get(f"{PAGE}{public_id}/file/").status_code == 404
    assert public_id in told(client_at(lotus_db, bai).get(PAGE))


def test_the_other_branch_finds_nothing(lotus_db, maple, bai):
    row, _content = made()
    stranger = client_at(maple, maple.bai)
    assert row.public_id not in told(stranger.get(PAGE))
    assert stranger.get(f"{PAGE}{row.public_id}/file/").status_code == 404
    assert stranger.get(f"/api/v1/exports/{row.public_id}").status_code == 404
    assert stranger.post(f"{PAGE}{row.public_id}/cancel/", {}, key=key()).status_code == 404


def test_the_storekeeper_has_stock_and_no_tickets(lotus_db, ku):
    page = told(client_at(lotus_db, ku).get(PAGE))
    assert "物料" in page and "联系人" not in page
    assert client_at(lotus_db, ku).get(PAGE + "?source=tickets").status_code == 404


def test_the_page_asks_as_often_for_thirty_as_for_one(lotus_db, bai):
    client = client_at(lotus_db, bai)
    client.get(PAGE + "jobs/")
    ask()
    with asking(QUERIES):
        client.get(PAGE + "jobs/")
    for _ in range(4):
        ask()
    with asking(QUERIES):
        client.get(PAGE + "jobs/")


QUERIES = 3  # who it is (session, person) and the list


def test_the_api_does_the_same(lotus_db, bai):
    make_ticket()
    client = client_at(lotus_db, bai)
    asked = {**form(), "format": "jsonl"}
    del asked["form"]
    response = client.api("POST", "/api/v1/exports", asked)
    assert response.status_code == 201 and response.json()["total"] == 1
    public_id = response.json()["public_id"]
    services.make(public_id)
    shown = client.get(f"/api/v1/exports/{public_id}").json()
    assert (shown["state"], shown["done"], shown["format"]) == ("done", 1, "jsonl")
    assert client.get("/api/v1/exports").json()["results"][0]["sha256"] == shown["sha256"]
    assert client.get(f"/api/v1/exports/{public_id}/file").status_code == 200
    assert client.api("POST", f"/api/v1/exports/{public_id}/cancel", {}).status_code == 409
    sources = client.get("/api/v1/export-sources").json()
    assert {one["code"] for one in sources["results"]} == set(SOURCES)
