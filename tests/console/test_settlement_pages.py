"""核定 at the desk: months, one month with its steps, a line explained, disputes answered, base pay; files."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.costing.models import PayBase, SettlementRun
from apps.costing.services import calculating
from tests.costing import months as m
from tests.make import client_at, key

AT = "/console/settlement/"
OCTOBER = f"{AT}{m.MONTH}/"
FIGURE = "350.00"


@pytest.fixture
def at(lotus_db):
    with m.on(2):
        yield {
            name: client_at(lotus_db, lotus_db.people[name], HTTP_ACCEPT_LANGUAGE="en")
            for name in ("ji", "bai", "de", "yun", "wu", "lin", "gao")
        }


def post(client, what, **form):
    return client.post(f"{OCTOBER}{what}/", {"idempotency_key": key(), **form})


def page(client, path=OCTOBER):
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def step(client, what, **form):
    return post(client, what, version=m.period().row_version, **form)


def test_a_month_goes_from_its_price_to_the_payroll_by_its_buttons(at):
    assert m.MONTH in page(at["ji"], AT) and "First say below" in page(at["ji"])
    assert post(at["ji"], "terms", mode="fixed", unit_price="3.5").status_code == 303
    m.earn("wu", "100"), m.earn("bo", "50")
    assert "done=calculate" in step(at["ji"], "calculate").url
    assert "waits for its turn" in page(at["ji"])
    calculating.work_on(SettlementRun.objects.get().public_id)
    body = page(at["ji"])
    assert FIGURE in body and "525.00" in body and f"{OCTOBER}publish/" in body and f"{OCTOBER}approve/" not in body
    step(at["ji"], "publish")
    m.confirm("wu"), m.confirm("bo")
    for who, level in (("yun", "grid_leader"), ("de", "dept_manager"), ("ji", "accountant")):
        assert f'value="{level}"' in page(at[who])
        step(at[who], "review", level=level)
    assert f"{OCTOBER}approve/" not in page(at["ji"]) and f"{OCTOBER}approve/" in page(at["bai"])
    step(at["bai"], "approve"), step(at["bai"], "lock")
    assert m.period().lines_hash in page(at["ji"])
    file = at["ji"].get(step(at["ji"], "export", form="csv").url)
    assert file.content.startswith(b"\xef\xbb\xbf") and file["Content-Disposition"].startswith("attachment")
    assert at["bai"].get(f"{OCTOBER}payroll/csv/").content == file.content


def test_what_is_wrong_stands_at_its_field_and_nothing_is_changed(at):
    answer = post(at["ji"], "terms", mode="fixed", unit_price="cheap")
    body = answer.content.decode()
    assert answer.status_code == 422 and "What one point is worth" in body and 'value="cheap"' in body
    assert "How much is shared out" in post(at["ji"], "terms", mode="pool", pool="1.005").content.decode()
    m.priced()
    answer = step(at["ji"], "publish")
    assert answer.status_code == 409 and "as it stands now" in answer.content.decode()
    assert post(at["ji"], "publish", version=77).status_code == 409


def test_a_leader_sees_the_own_grid_and_no_more_and_no_others_pay(at):
    m.published("wu", "xi")
    assert "Wu" in page(at["yun"]) and ">Xi<" not in page(at["yun"])
    line = f"{OCTOBER}lines/{m.technician('xi')}/"
    assert at["yun"].get(line).status_code == 404 and at["ji"].get(line).status_code == 200
    for who in ("wu", "lin", "gao"):
        assert at[who].get(OCTOBER).status_code == 403 and FIGURE not in at[who].get(OCTOBER).content.decode()


def test_a_line_is_explained_by_kind_by_rate_and_in_a_formula(at):
    m.earn("wu", "-50", "deduction", code="photos")
    m.past(2)
    m.published("wu")
    body = page(at["ji"], f"{OCTOBER}lines/{m.technician('wu')}/")
    for words in ("base 0.00 +", "× 3.5 yuan × 1.1", "2 / 2", "100.00", "of which at most 20 % of the work", "22.10"):
        assert words in body, words


def test_a_dispute_is_answered_where_it_waits_and_shows_what_was_said(at):
    m.published()
    name = m.dispute("wu", "the way was longer", wanted=m.Decimal(5))
    address = f"{AT}disputes/{name}/"
    assert name in page(at["yun"], f"{AT}disputes/") and name not in page(at["de"], f"{AT}disputes/")
    form = {"version": 1, "grant": "0", "text": " ", "idempotency_key": key()}
    assert at["yun"].post(address, form).status_code == 422
    assert at["yun"].post(address, form | {"text": "look again", "idempotency_key": key()}).status_code == 303
    m.appeal(name)
    body = page(at["de"], address)
    assert "look again" in body and "the way was longer" in body
    at["de"].post(address, {"version": 3, "grant": "1", "points": "4", "text": "yes", "idempotency_key": key()})
    assert m.the_dispute(name).state == "won" and m.line("wu").points == 104
    assert at["gao"].get(address).status_code == 403


def test_base_pay_is_a_table_and_only_what_differs_is_said(at):
    wu, bo = m.technician("wu"), m.technician("bo")
    form = {f"base.{wu}": "1800", f"guarantee.{bo}": "2000.50", "idempotency_key": key()}
    assert at["ji"].post(f"{OCTOBER}bases/", form).status_code == 303
    rows = set(PayBase.objects.values_list("technician", "base_fen", "guarantee_fen"))
    assert rows == {(wu, 180_000, 0), (bo, 0, 200_050)}
    answer = at["ji"].post(f"{OCTOBER}bases/", {f"base.{wu}": "-1", "idempotency_key": key()})
    assert answer.status_code == 422 and PayBase.objects.count() == 2
    assert "1800.00" in page(at["bai"], f"{OCTOBER}bases/") and at["yun"].get(f"{OCTOBER}bases/").status_code == 403


def test_a_running_calculation_shows_how_far_it_is_and_a_finished_one_asks_for_the_page(at):
    m.priced()
    m.start()
    SettlementRun.objects.update(done=3, total=9)
    answer = at["ji"].get(f"{OCTOBER}progress/")
    assert "3 of 9" in answer.content.decode() and "HX-Refresh" not in answer
    assert step(at["ji"], "cancel").status_code == 303
    assert at["ji"].get(f"{OCTOBER}progress/")["HX-Refresh"] == "true"


def test_search_order_and_pages_of_the_lines(at, monkeypatch):
    monkeypatch.setattr("apps.costing.settlement_read.PAGE", 1)
    m.published("wu", "bo")
    assert "Nothing was found" in page(at["ji"], f"{OCTOBER}?q=nobody")
    body = page(at["ji"], f"{OCTOBER}?q=wu&sort=pay&state=open")
    assert ">Wu<" in body and ">Bo<" not in body
    assert page(at["ji"], f"{OCTOBER}?sort=nonsense&page=99&state=x")


@pytest.mark.parametrize("month", ["2026-13", "x", "2031-01"])
def test_what_is_no_month_is_not_found(at, month):
    assert at["ji"].get(f"{AT}{month}/").status_code == 404


def asked(client, path):
    """How often the page asks the database; the second time, when nothing is new to the process."""
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen)


def test_the_questions_of_a_page_do_not_grow_with_its_rows(at):
    m.published("wu")
    few = [asked(at["ji"], path) for path in (AT, OCTOBER)]
    for who in ("bo", "xi", "yun"):
        m.earn(who, "1", month=m.NEXT)
    m.priced(month=m.NEXT)
    m.calculate(m.NEXT, preview=True)
    many = [asked(at["ji"], path) for path in (AT, f"{AT}{m.NEXT}/")]
    assert many[0] == few[0] and many[1] <= few[1]
