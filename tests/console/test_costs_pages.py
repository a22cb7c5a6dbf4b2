"""成本与利润 at the desk: the way down, the ticket's account, plans, expenses, the close of a month."""

import re
from datetime import timedelta

import pytest

from apps.costing.models import Budget, CostNorm, CostPeriod, Expense, MonthlyFee
from apps.people.accounts.models import RoleGrant
from steppe.kernel import clock
from tests.cast import Branch
from tests.costing import books
from tests.costing.test_expenses import enter
from tests.costing.test_profit import scatter
from tests.costing.test_ticket_account import close, finished
from tests.make import client_at, key, make_ticket
from tests.queries import asking

COSTS = "/console/costs/"
MARCH = "month=2026-03"


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def march(lotus_db: Branch) -> Branch:
    """Sixty accounts of two months."""
    for month in ("2026-02", "2026-03"):
        CostPeriod.objects.create(month=month)
    scatter(1)
    return lotus_db


@pytest.fixture
def ji(march: Branch):
    return client_at(march, march.ji)


def test_the_overview_shows_the_month_and_leads_on(ji) -> None:
    page = ji.get(COSTS)
    assert page.status_code == 200 and "2026-03" in text_of(page)
    assert "fs-chart" in page.content.decode() and "vendor/echarts/charts.js" in page.content.decode()
    assert f'{COSTS}by/type/?{MARCH}"' in page.content.decode()


def test_an_empty_branch_is_told_what_will_come(lotus_db: Branch) -> None:
    page = client_at(lotus_db, lotus_db.ji).get(COSTS)
    assert page.status_code == 200 and "<fs-chart" not in page.content.decode()


@pytest.mark.parametrize("dimension", ["type", "grid", "technician", "department", "sub_branch", "area", "cause"])
def test_every_dimension_has_a_page_whose_rows_lead_to_tickets(ji, dimension: str) -> None:
    page = ji.get(f"{COSTS}by/{dimension}/?{MARCH}").content.decode()
    down = re.findall(rf'href="({COSTS}tickets/\?{MARCH}&amp;{dimension}=[^"]+)"', page)
    assert down
    found = ji.get(down[0].replace("&amp;", "&"))
    assert found.status_code == 200 and "LO-0" in text_of(found)


def test_from_tickets_the_way_leads_to_the_single_lines(ji) -> None:
    page = ji.get(f"{COSTS}tickets/?{MARCH}&type=fault_bb&sort=cost&q=LO").content.decode()
    ticket = re.search(rf'href="({COSTS}t/[^"]+)"', page)
    assert ticket and ji.get(ticket[1]).status_code == 200


@pytest.mark.parametrize(
    "address", ["?month=x", "by/type/?month=2026-99&grid=%00", "tickets/?page=0&sort=%27&grid=x", "tickets/?check=no"]
)
def test_nonsense_in_an_address_is_left_out(ji, address: str) -> None:
    assert ji.get(f"{COSTS}{address}").status_code == 200


def test_what_there_is_not_is_not_found(ji) -> None:
    assert ji.get(f"{COSTS}by/moon/").status_code == 404
    assert ji.get(f"{COSTS}t/nothing-here/").status_code == 404


@pytest.mark.parametrize(
    ("address", "times"),
    [("", 10), ("by/type/", 9), ("by/grid/", 8), ("tickets/", 9), ("t/t-1-3/", 7), ("months/", 6), ("control/", 28)],
)
def test_a_page_costs_the_same_however_much_there_is(march: Branch, address: str, times: int) -> None:
    client = client_at(march, march.ji)
    client.get(f"{COSTS}{address}?{MARCH}")
    with asking(times):
        client.get(f"{COSTS}{address}?{MARCH}")
    scatter(2, 40)
    with asking(times):
        client.get(f"{COSTS}{address}?{MARCH}")


def test_the_account_explains_each_line_and_is_worked_out_again_with_a_reason(lotus_db: Branch) -> None:
    ticket = finished()
    close(ticket)
    books.earned(ticket, "6.50")
    books.hear()
    client = client_at(lotus_db, lotus_db.ji)
    page = client.get(f"{COSTS}t/{ticket.public_id}/")
    assert "6.50" in text_of(page) and "29.58" in text_of(page) and "/console/stock/documents/" in page.content.decode()
    refused = client.post(f"{COSTS}t/{ticket.public_id}/recalculate/", {"reason": ""}, key=key())
    assert refused.status_code == 422
    books.earned(ticket, "1")
    done = client.post(f"{COSTS}t/{ticket.public_id}/recalculate/", {"reason": "late"}, key=key())
    assert done.status_code == 303 and done["Location"].endswith("?written=1")
    assert client.get(done["Location"]).status_code == 200


def test_the_tickets_own_page_has_its_money_for_who_reads_costs_only(lotus_db: Branch) -> None:
    ticket = make_ticket(status="closed")
    books.earned(ticket, "6.50")
    books.hear()
    address = f"/console/t/{ticket.public_id}/"
    assert "29.58" in text_of(client_at(lotus_db, lotus_db.ji).get(address))
    for who in (lotus_db.lin, lotus_db.yun, lotus_db.hui):
        page = client_at(lotus_db, who).get(address)
        assert page.status_code == 200 and "29.58" not in text_of(page)


def test_budgets_are_typed_kept_shown_with_their_light_and_copied(march: Branch) -> None:
    client = client_at(march, march.ji)
    told = {"month": "2026-03", "all.all": "1,000.50", "tickets.all": "12", "fault_bb.labour": "1", "fault_bb.all": ""}
    assert client.post(f"{COSTS}budgets/", told, key=key()).status_code == 303
    kept = set(Budget.objects.values_list("type_code", "element", "fen", "tickets"))
    assert kept == {("", "", 100_050, 12), ("fault_bb", "labour", 100, None)}
    page = client.get(f"{COSTS}budgets/?{MARCH}")
    assert 'value="1000.50"' in page.content.decode() and 'value="12"' in page.content.decode()
    copied = client.post(f"{COSTS}budgets/copy/", {"month": "2026-04"}, key=key())
    assert copied.status_code == 303 and Budget.objects.filter(month="2026-04").count() == 2


@pytest.mark.parametrize("cell", ["dear", "1.234", "NaN", "-1", "1e99"])
def test_a_cell_that_is_no_amount_is_refused_and_what_was_typed_stays(march: Branch, cell: str) -> None:
    client = client_at(march, march.ji)
    answer = client.post(f"{COSTS}budgets/", {"month": "2026-03", "all.all": "5", "fault_bb.all": cell}, key=key())
    assert answer.status_code == 422 and not Budget.objects.exists()
    assert f'value="{cell}"' in answer.content.decode()


def test_norms_and_plans_are_typed_and_kept(march: Branch) -> None:
    client = client_at(march, march.ji)
    told = {"fault_bb.labour": "18.20", "quantity.fault_bb.labour": "4"}
    assert client.post(f"{COSTS}norms/", told, key=key()).status_code == 303
    assert CostNorm.objects.get().fen == 1820
    wrong = client.post(f"{COSTS}norms/", {"fault_bb.labour": "x"}, key=key())
    assert wrong.status_code == 422 and 'value="x"' in wrong.content.decode()
    assert client.get(f"{COSTS}norms/").status_code == 200
    told = {"usual": "50", "plan": ["500M", ""], "fee": ["99", ""]}
    assert client.post(f"{COSTS}plans/", told, key=key()).status_code == 303
    assert set(MonthlyFee.objects.values_list("plan", "fen")) == {("", 5000), ("500M", 9900)}
    assert "500M" in text_of(client.get(f"{COSTS}plans/"))


def test_the_page_of_control_shows_lights_reasons_and_odd_figures(march: Branch) -> None:
    client = client_at(march, march.ji)
    client.post(f"{COSTS}budgets/", {"month": "2026-03", "all.all": "1"}, key=key())
    client.post(f"{COSTS}norms/", {"fault_bb.labour": "18.20"}, key=key())
    page = client.get(f"{COSTS}control/?{MARCH}")
    assert page.status_code == 200 and "s-overdue" in page.content.decode()


def test_an_expense_is_entered_at_a_desk_and_decided_by_a_leader(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    lin, yun = client_at(lotus_db, lotus_db.lin), client_at(lotus_db, lotus_db.yun)
    assert lin.get(f"{COSTS}expenses/new/?ticket={ticket.public_id}").status_code == 200
    told = {"ticket": ticket.public_id, "code": "tolls", "fen": "45", "receipt_no": "T-1"}
    wrong = lin.post(f"{COSTS}expenses/new/", told | {"fen": "x"}, key=key())
    assert wrong.status_code == 422 and 'value="x"' in wrong.content.decode()
    assert lin.post(f"{COSTS}expenses/new/", told, key=key()).status_code == 303
    one = Expense.objects.get()
    assert "45.00" in text_of(yun.get(f"{COSTS}expenses/"))
    no = yun.post(f"{COSTS}expenses/{one.public_id}/refuse/", {"version": "1", "answer": ""}, key=key())
    assert no.status_code == 422
    yes = yun.post(f"{COSTS}expenses/{one.public_id}/approve/", {"version": "1"}, key=key())
    assert yes.status_code == 303
    one.refresh_from_db()
    assert one.state == "approved" and yun.get(yes["Location"]).status_code == 200
    late = yun.post(f"{COSTS}expenses/{one.public_id}/approve/", {"version": "1"}, key=key())
    assert late.status_code == 409


def test_expenses_of_another_scope_are_not_shown(lotus_db: Branch) -> None:
    enter(make_ticket(status="in_progress"), fen=12_300)
    RoleGrant.objects.filter(user__username="yun").update(org_path="/1/3/")
    assert "123.00" not in text_of(client_at(lotus_db, lotus_db.yun).get(f"{COSTS}expenses/"))


def test_the_expenses_page_costs_the_same_however_many_there_are(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    enter(ticket)
    client = client_at(lotus_db, lotus_db.yun)
    client.get(f"{COSTS}expenses/")
    for n in range(5):
        with asking(7):
            client.get(f"{COSTS}expenses/")
        enter(ticket, receipt_no=f"more-{n}")


def test_a_month_is_closed_once_it_is_over(march: Branch) -> None:
    client = client_at(march, march.ji)
    with clock.frozen(books.NOON):
        early = client.post(f"{COSTS}months/2026-03/close/", key=key())
    assert early.status_code == 409
    with clock.frozen(books.NOON + timedelta(days=40)):
        assert client.post(f"{COSTS}months/2026-03/close/", key=key()).status_code == 303
    assert CostPeriod.objects.get(month="2026-03").lines_hash[:14] in text_of(client.get(f"{COSTS}months/"))
    assert client_at(march, march.bai).post(f"{COSTS}months/2026-02/close/", key=key()).status_code == 403


def test_who_only_reads_has_no_buttons(march: Branch) -> None:
    de = client_at(march, march.de)
    for page in ("budgets/", "norms/", "plans/"):
        shown = de.get(f"{COSTS}{page}").content.decode()
        assert "readonly" in shown and "stock-save" not in shown
    assert "/close/" not in de.get(f"{COSTS}months/").content.decode()


def test_the_phone_enters_an_expense_and_takes_it_back(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    wu = client_at(lotus_db, lotus_db.wu)
    page = f"/w/t/{ticket.public_id}/expenses"
    assert page in wu.get(f"/w/t/{ticket.public_id}").content.decode()
    told = {"code": "tolls", "fen": "45", "receipt_no": "T-1"}
    assert wu.post(page, told, key=key()).status_code == 303
    assert "45.00" in text_of(wu.get(page))
    for wrong in ({"fen": "x"}, {"code": ""}, {"receipt_no": ""}):
        answer = wu.post(page, told | wrong, key=key())
        assert answer.status_code in (409, 422), wrong
    one = Expense.objects.get()
    back = wu.post(page, {"do": "withdraw", "expense": one.public_id, "version": "1"}, key=key())
    assert back.status_code == 303
    one.refresh_from_db()
    assert one.state == "withdrawn"
    assert client_at(lotus_db, lotus_db.bo).get(page).status_code == 404
