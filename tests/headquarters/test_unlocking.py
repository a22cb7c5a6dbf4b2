"""核定解锁 at headquarters: a branch's months by state, one opened anew with a reason, and nobody else's key."""

import pytest

from apps.costing.models import CostPeriod, Period
from apps.costing.services.cost_months import close_cost_month
from tenants.context import in_branch
from tests.costing import months as m
from tests.make import client_at, key

AT = "/hq/settlement/"


@pytest.fixture
def site(lotus_db, headquarters):
    with m.on(2):
        m.locked("wu")
        yield client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")


def open_anew(client, **form):
    return client.post(AT, {"branch": "lotus", "month": m.MONTH, "idempotency_key": key(), **form})


def test_the_months_of_a_branch_are_seen_by_state_without_anybodys_pay(site):
    body = site.get(AT, {"branch": "lotus"}).content.decode()
    assert m.MONTH in body and "Locked" in body and "350.00" not in body and ">Wu<" not in body
    assert m.MONTH not in site.get(AT).content.decode()


def test_one_is_opened_with_a_reason_that_stays(site, lotus):
    assert open_anew(site, reason="a wrong price").status_code == 303
    with in_branch(lotus.tenant):
        assert (m.period().state, m.period().version) == ("open", 2)
    assert "a wrong price (Hq)" in site.get(AT, {"branch": "lotus"}).content.decode()


def test_without_a_reason_or_at_the_wrong_branch_nothing_is_opened(site, lotus, maple):
    assert open_anew(site, reason=" ").status_code == 422
    assert open_anew(site, reason="x", branch="maple").status_code == 404
    assert open_anew(site, reason="x", branch="nobody").status_code == 404
    with in_branch(lotus.tenant):
        assert m.period().state == "locked"
    with in_branch(maple.tenant):
        assert not Period.objects.exists()


def test_who_only_looks_at_headquarters_has_no_key(site, headquarters):
    eye = client_at(headquarters, headquarters.eye)
    assert eye.get(AT).status_code == 403 and open_anew(eye, reason="x").status_code == 403


def test_a_closed_month_of_costs_is_opened_there_too_with_a_reason_that_stays(lotus_db, headquarters, maple):
    client = client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")
    close_cost_month(month="2020-01", by=lotus_db.ji, key=key())
    assert "2020-01" in client.get(AT, {"branch": "lotus"}).content.decode()
    told = {"month": "2020-01", "book": "costs"}
    assert open_anew(client, **told, reason=" ").status_code == 422
    assert open_anew(client, **told, reason="x", branch="maple").status_code == 409
    with in_branch(lotus_db.tenant):
        assert CostPeriod.objects.get().state == "closed"
    assert open_anew(client, **told, reason="a bill was lost").status_code == 303
    with in_branch(lotus_db.tenant):
        assert (CostPeriod.objects.get().state, CostPeriod.objects.get().version) == ("open", 2)
    assert "a bill was lost" in client.get(AT, {"branch": "lotus"}).content.decode()
    assert open_anew(client, month="2020-01", book="nothing", reason="x").status_code == 404
