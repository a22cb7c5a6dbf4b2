"""Headquarters' pages of figures: the map, a branch's card, a KPI and the way down, as they are served."""

import pytest

from tests.make import client_at


@pytest.fixture
def eye(lotus_db, headquarters):
    return client_at(headquarters, headquarters.eye, HTTP_ACCEPT_LANGUAGE="en")


@pytest.mark.parametrize(
    "path",
    ["", "branches/LO/", "kpi/", "kpi/overdue_rate/", "kpi/open_overdue/?branch=LO", "kpi/overdue_rate/tickets/"],
)
def test_smoke(eye, path):
    page = eye.get(f"/hq/{path}")
    assert page.status_code == 200, page.content.decode()[:3000]


def test_audit(headquarters, lotus_db):
    page = client_at(headquarters, headquarters.hq).get("/hq/audit/?branch=LO")
    assert page.status_code == 200
