"""报表: a branch's own figures on headquarters' pages, the way to its tickets, the work-amount sheet, the other reports."""

import re
from html import unescape

import pytest

from apps.headquarters.services.facts_check import rebuild_facts
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import client_at, make_ticket

AT = "/console/reports/"


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def counted(lotus_db: Branch, maple: Branch):
    """Two tickets here, one of them closed; five at Maple."""
    found = make_ticket(status="closed")
    make_ticket()
    with in_branch(maple.tenant):
        for _ in range(5):
            make_ticket()
    for branch in (lotus_db, maple):
        rebuild_facts(branch.tenant)
    return found


@pytest.fixture
def bai(counted, lotus_db: Branch):
    return client_at(lotus_db, lotus_db.bai, HTTP_ACCEPT_LANGUAGE="en")


def test_the_branch_sees_its_own_figures_and_where_the_other_reports_are(bai):
    page = bai.get(AT)
    body = page.content.decode()
    assert page.status_code == 200 and "Tickets opened" in words(page)
    assert re.search(r"Tickets opened\s+2\s", words(page)), "its own two, not Maple's five"
    assert "/console/exports/?source=tickets&amp;first=" in body
    for link in ("/console/costs/", "/console/stock/reports/turnover/", f"{AT}work/", "/console/hours/"):
        assert link.replace("/console/hours/", "/hours/") in body, link


def test_another_branchs_code_in_the_address_changes_nothing(bai):
    for path in ("", "figures/", "kpi/ticket_volume/", "kpi/ticket_volume/tickets/"):
        page = bai.get(f"{AT}{path}?branch=MA")
        assert page.status_code == 200 and "Maple" not in words(page) and "MA-2" not in words(page), path
    assert re.search(r"Together\s+2\s", words(bai.get(f"{AT}kpi/ticket_volume/?branch=MA")))


def test_the_way_down_ends_at_the_tickets_own_page(bai, counted):
    listed = bai.get(f"{AT}kpi/on_time_rate/tickets/")
    found = [unescape(one) for one in re.findall(r'href="(/console/t/[^"]+)"', listed.content.decode())]
    assert found == [f"/console/t/{counted.public_id}/"]
    assert bai.get(found[0]).status_code == 200


@pytest.mark.parametrize("path", ["", "figures/", "kpi/csat/", "kpi/csat/tickets/", "work/"])
@pytest.mark.parametrize("who", ["wu", "cai", "hui", "ku"])
def test_others_have_no_reports(counted, lotus_db, who, path):
    assert client_at(lotus_db, getattr(lotus_db, who)).get(f"{AT}{path}").status_code == 403


def test_a_dispatcher_reads_figures_but_not_what_each_one_earned(counted, lotus_db):
    lin = client_at(lotus_db, lotus_db.lin, HTTP_ACCEPT_LANGUAGE="en")
    page = lin.get(AT)
    assert (
        page.status_code == 200 and "Costs and profit" not in words(page) and f"{AT}work/" not in page.content.decode()
    )
    assert lin.get(f"{AT}work/").status_code == 403


def test_who_dispatches_a_part_sees_the_figures_of_that_part(counted, lotus_db):
    gao = client_at(lotus_db, lotus_db.gao, HTTP_ACCEPT_LANGUAGE="en")
    assert re.search(r"Tickets opened\s+0\s", words(gao.get(AT)))


def test_what_is_not_there_is_not_found(bai):
    assert bai.get(f"{AT}kpi/nothing/").status_code == 404
