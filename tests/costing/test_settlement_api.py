"""Settlement over the API: the whole way of a month, refusals in words, a locked month, the other branch."""

import pytest

from apps.costing import settlement_tasks
from apps.costing.services import calculating
from tests.costing import months as m
from tests.make import client_at, key

AT = f"/api/v1/settlement/months/{m.MONTH}"


@pytest.fixture
def api(lotus_db, monkeypatch):
    monkeypatch.setattr(settlement_tasks.calculate, "wake", lambda name: calculating.work_on(name))
    with m.on(2):
        yield {name: client_at(lotus_db, lotus_db.people[name]) for name in ("ji", "bai", "de", "yun", "wu", "bo")}


def test_a_month_goes_its_way_over_the_api(api):
    ji, bai, wu = api["ji"], api["bai"], api["wu"]
    m.earn("wu", "100"), m.earn("bo", "50")
    assert ji.api("PUT", f"{AT}/terms", {"mode": "fixed", "unit_price": "350.00"}).json()["state"] == "open"
    assert ji.api("PUT", f"{AT}/pay-bases", {"told": [
        {"technician_id": m.technician("wu"), "base_fen": 180_000, "guarantee_fen": 0}
    ]}).json()["count"] == 1  # fmt: skip
    run = ji.api("POST", f"{AT}/calculate", {})
    assert run.status_code == 202
    assert ji.get(f"/api/v1/settlement/runs/{run.json()['public_id']}").json()["state"] == "done"
    lines = ji.get(f"{AT}/lines?sort=pay").json()
    assert lines["totals"] == {"lines": 2, "tickets": 2, "points": "150.00", "pay_fen": 232_500}
    assert ji.api("POST", f"{AT}/publish", {"version": m.period().row_version}).json()["state"] == "published"
    assert wu.get(f"/api/v1/settlement/mine/{m.MONTH}").json()["line"]["pay_fen"] == 215_000
    said = wu.api("POST", f"/api/v1/settlement/mine/{m.MONTH}/dispute", {"text": "less", "wanted": "1.50"})
    name = said.json()["public_id"]
    assert said.status_code == 201 and api["yun"].get("/api/v1/settlement/disputes").json()["results"]
    answer = {"grant": True, "text": "yes", "version": 1}
    assert api["yun"].api("POST", f"/api/v1/settlement/disputes/{name}/answer", answer).json()["state"] == "won"
    for who in ("wu", "bo"):
        assert api[who].api("POST", f"/api/v1/settlement/mine/{m.MONTH}/confirm", {}).json()["state"] == "confirmed"
    for who, level in (("yun", "grid_leader"), ("de", "dept_manager"), ("ji", "accountant")):
        assert api[who].api("POST", f"{AT}/review", {"level": level}).status_code == 200
    for step, state in (("approve", "approved"), ("lock", "locked")):
        assert bai.api("POST", f"{AT}/{step}", {}).json()["state"] == state
    assert ji.api("POST", f"{AT}/export", {"form": "csv"}).json()["state"] == "exported"
    assert ji.get(f"{AT}/payroll/csv").content == bai.get(f"{AT}/payroll/csv").content
    steps = [one["step"] for one in ji.get(AT).json()["steps"]]
    assert steps[-3:] == ["approve", "lock", "export"]


def test_a_locked_month_refuses_every_write_with_its_code(api):
    m.locked()
    bodies = {
        "calculate": {}, "publish": {}, "approve": {}, "lock": {}, "review": {"level": "accountant"},
    }  # fmt: skip
    for step, body in bodies.items():
        who = "bai" if step in ("approve", "lock") else "ji"
        answer = api[who].api("POST", f"{AT}/{step}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "costing.month_locked"), step
    terms = api["ji"].api("PUT", f"{AT}/terms", {"mode": "fixed", "unit_price": "1.00"})
    assert terms.json()["code"] == "costing.month_locked"
    mine = api["wu"].api("POST", f"/api/v1/settlement/mine/{m.MONTH}/dispute", {"text": "no"})
    assert mine.json()["code"] == "costing.month_locked"


def test_odd_bodies_are_refused_and_nothing_is_kept(api):
    for body in ({"mode": "x"}, {"mode": "fixed", "unit_price": "NaN"}, {"mode": "pool", "pool_fen": -1}, {"more": 1}):
        assert api["ji"].api("PUT", f"{AT}/terms", body).status_code == 422
    assert api["ji"].api("PUT", f"{AT}/pay-bases", {"told": [{"technician_id": 1}]}).status_code == 422
    assert api["ji"].get("/api/v1/settlement/months/2031-01").status_code == 404
    m.published()
    assert api["wu"].api("POST", f"/api/v1/settlement/mine/{m.MONTH}/dispute", {"text": ""}).status_code == 422
    assert api["ji"].get(f"{AT}/lines?sort=nonsense").status_code == 422


def test_peers_see_no_pay_and_the_other_branch_no_month(api, maple):
    m.published()
    assert api["wu"].get(f"{AT}/lines").status_code == 403
    assert api["wu"].get(f"{AT}/lines/{m.technician('bo')}").status_code == 403
    there = client_at(maple, maple.people["ji"])
    assert there.get(f"{AT}/lines").status_code == 404
    assert there.api("POST", f"{AT}/publish", {}).status_code == 404


def test_the_same_key_is_one_step(api):
    m.earn("wu", "1")
    m.priced()
    m.calculate()
    once = key()
    first = api["ji"].api("POST", f"{AT}/publish", {}, key=once)
    again = api["ji"].api("POST", f"{AT}/publish", {}, key=once)
    assert again.headers["Idempotent-Replay"] == "true" and first.json() == again.json()
