"""Headquarters' pages of figures: map, ranking, a branch's card, a KPI and the way down to one ticket."""

import re
from html import unescape

import pytest
from django.urls import set_urlconf

from apps.headquarters.reporting import card, kpi_page, tickets_page
from apps.headquarters.reporting.overview import overview_of
from apps.headquarters.reporting.told import told
from apps.headquarters.reporting.ways import HEADQUARTERS
from apps.headquarters.selectors import overview
from apps.headquarters.services import converge, rebuild
from apps.headquarters.services.facts_check import rebuild_facts
from apps.tickets.models import Ticket
from tenants.context import in_branch, in_public
from tenants.models import PolicyChange, Tenant
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.queries import asking

SEATS = {"LO": [43.94, 116.09], "MA": [39.82, 109.96]}


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def links(response, beginning: str) -> list[str]:
    found = re.findall(r'href="([^"]+)"', response.content.decode())
    return [unescape(one) for one in found if unescape(one).startswith(beginning)]


def late(ticket: Ticket) -> Ticket:
    """Its promise has run out."""
    Ticket.objects.filter(pk=ticket.pk).update(overdue_clocks=["resolve"], was_overdue=True)
    return ticket


@pytest.fixture
def two(lotus_db: Branch, maple: Branch) -> Ticket:
    """Lotus has three tickets, one of them late; Maple one that is closed. Both have a seat. The late one."""
    make_ticket(status="closed")
    make_ticket()
    found = late(make_ticket())
    with in_branch(maple.tenant):
        make_ticket(status="closed")
    for branch in (lotus_db, maple):
        with in_public():
            policy = branch.tenant.policy | {"seat": SEATS[branch.tenant.code]}
            Tenant.objects.filter(pk=branch.tenant.pk).update(policy=policy)
        rebuild(branch.tenant)
        rebuild_facts(branch.tenant)
        converge(branch.tenant)
    return found


@pytest.fixture
def eye(two, headquarters):
    return client_at(headquarters, headquarters.eye, HTTP_ACCEPT_LANGUAGE="en")


def test_the_map_shows_each_branch_with_number_shape_and_word_and_leads_into_it(eye):
    page = eye.get("/hq/")
    body = page.content.decode()
    assert re.search(r'aria-label="Lotus: 1, worse than all together"', body)
    assert re.search(r'aria-label="Maple: 0, as good as all together, or better"', body)
    assert 'href="#i-overdue"' in body and body.count('class="region-disc"') == 2
    assert links(page, "/hq/kpi/open_overdue/?")[0].endswith("branch=LO")


def test_a_branch_without_a_place_is_named_below_the_map(eye, maple):
    with in_public():
        Tenant.objects.filter(pk=maple.tenant.pk).update(policy=maple.tenant.policy)
    page = eye.get("/hq/")
    assert "Not on the map yet" in words(page) and page.content.decode().count('class="region-disc"') == 1


def test_from_the_map_to_one_overdue_ticket_in_four_steps(eye, two):
    first = links(eye.get("/hq/"), "/hq/kpi/open_overdue/?")[0]
    grids = eye.get(first)
    [second] = [one for one in links(grids, "/hq/kpi/open_overdue/?") if "grid=E1" in one and "by=" not in one][:1]
    types = eye.get(second)
    [third] = [one for one in links(types, "/hq/kpi/open_overdue/tickets/?") if "type_code=" in one][:1]
    listed = eye.get(third)
    fourth = links(listed, "/hq/tickets/LO/")
    assert fourth == [f"/hq/tickets/LO/{two.public_id}/"], "only the one that is late"
    assert two.ticket_no in words(eye.get(fourth[0]))


def test_no_page_of_figures_shows_anything_of_a_customer(eye, two):
    for path in ("", "branches/LO/", "kpi/", "kpi/ticket_volume/", "kpi/ticket_volume/tickets/"):
        body = eye.get(f"/hq/{path}").content.decode()
        for secret in (two.contact_phone, two.address, two.contact_name, "no light on the box"):
            assert f">{secret}" not in body and f" {secret}" not in body, (path, secret)


def test_a_figure_shows_both_sides_and_its_definition(eye):
    page = words(eye.get("/hq/kpi/on_time_rate/"))
    assert "of all that were finished" in page and "2 / 2" in page and "100.0 %" in page
    assert "Lotus" in page and "Maple" in page and "Data as of" in page


def test_the_chart_draws_the_table_and_the_table_is_there(eye):
    body = eye.get("/hq/kpi/ticket_volume/").content.decode()
    assert '<fs-chart data-across data-from="rows"' in body and 'data-value="3.00"' in body
    assert '<details class="card kpi-table" open>' in body


def test_a_mean_says_how_it_is_spread_and_by_channel_it_is_split_in_words(eye):
    page = words(eye.get("/hq/kpi/mttr/?by=channel"))
    assert "Half of them below" in page and "Nine in ten below" in page and "Shop" in page
    assert "Half of them below" not in words(eye.get("/hq/kpi/on_time_rate/"))


def test_at_a_common_mix_there_is_a_column_more(eye):
    assert "At a common mix of area classes" in words(eye.get("/hq/kpi/on_time_rate/"))
    assert "had the same weight" in words(eye.get("/hq/kpi/on_time_rate/?mix=1"))
    assert "common mix" not in words(eye.get("/hq/kpi/on_time_rate/?branch=LO&mix=1"))


def test_day_by_day_is_a_line_and_a_figure_of_now_has_no_days(eye):
    assert 'data-kind="line"' in eye.get("/hq/kpi/ticket_volume/?by=day").content.decode()
    page = eye.get("/hq/kpi/open_overdue/?by=day").content.decode()
    splits = re.search(r'class="splits".*?</nav>', page, re.S)
    assert splits and "by=grid" in splits[0] and "by=day" not in splits[0]


def test_a_branchs_card_has_its_figures_and_its_grids(eye):
    page = eye.get("/hq/branches/LO/")
    assert "Lotus" in words(page) and "E1" in words(page) and "Tickets opened" in words(page)
    assert any("grid=E1" in one for one in links(page, "/hq/kpi/"))


def test_what_is_not_there_is_not_found(eye):
    for path in ("branches/NO/", "kpi/nothing/", "kpi/nothing/tickets/", "kpi/on_time_rate/?branch=NO"):
        assert eye.get(f"/hq/{path}").status_code == 404, path


def test_headquarters_sets_a_branchs_place_and_the_change_is_kept(eye, headquarters, lotus):
    hq = client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")
    [stamp] = re.findall(r'name="stamp" value="(\w+)"', hq.get("/hq/branches/LO/").content.decode())
    told_once = {"lat": "44.5", "lng": "112.25", "stamp": stamp, "idempotency_key": key()}
    for _ in range(2):
        assert hq.post("/hq/branches/LO/place/", told_once).status_code == 303
    with in_public():
        assert Tenant.objects.get(pk=lotus.tenant.pk).policy["seat"] == [44.5, 112.25]
        [kept] = PolicyChange.objects.filter(tenant=lotus.tenant.pk)
    late = hq.post("/hq/branches/LO/place/", told_once | {"lat": "1", "idempotency_key": key()})
    assert late.status_code == 409, "somebody has decided something meanwhile"
    assert kept.changes == {"seat": [SEATS["LO"], [44.5, 112.25]]} and kept.by_name == "Hq"


@pytest.mark.parametrize("lat", ["", "nan", "91", "north"])
def test_a_place_that_is_none_is_refused_and_stays_in_the_form(eye, headquarters, lat):
    hq = client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")
    page = hq.post("/hq/branches/LO/place/", {"lat": lat, "lng": "112", "idempotency_key": key()})
    assert page.status_code == 422 and "in degrees" in words(page) and 'value="112"' in page.content.decode()


def test_who_only_looks_sets_no_place(eye):
    assert eye.post("/hq/branches/LO/place/", {"lat": "1", "lng": "1", "idempotency_key": key()}).status_code == 403
    assert "Its place on the map" not in words(eye.get("/hq/branches/LO/"))


@pytest.fixture
def at_headquarters_site():
    """Addresses are those of headquarters' site, as in a request there."""
    set_urlconf("steppe.boot.urls_public")
    yield
    set_urlconf(None)


@pytest.mark.usefixtures("at_headquarters_site")
def test_a_page_asks_as_often_with_many_branches_as_with_two(two, headquarters):
    eye, week = headquarters.eye, told({})
    with in_public():
        with asking(4):
            pulse = {line.code: line for line in overview(eye).lines}
        with asking(13):
            overview_of(eye, week, pulse, on_map="", rank="")
        with asking(10):
            kpi_page.page_of(eye, HEADQUARTERS, week, "on_time_rate")
        with asking(16):
            kpi_page.page_of(eye, HEADQUARTERS, told({"mix": "1"}), "on_time_rate")
        with asking(15):  # by type: one of them what types count as
            kpi_page.page_of(eye, HEADQUARTERS, told({"branch": "LO", "grid": "E1"}), "on_time_rate")
        with asking(7):
            tickets_page.page_of(eye, HEADQUARTERS, week, "on_time_rate", side="", after="")
        with asking(13):
            card.card_of(eye, HEADQUARTERS, told({}, branch="LO"))
        with asking(15):  # three of them months
            card.index_of(eye, HEADQUARTERS, week)
