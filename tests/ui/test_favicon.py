"""The icon that browsers ask for by themselves, where no page names one."""

import pytest

from tests.cast import Branch
from tests.make import client_at
from tests.queries import asking


@pytest.mark.parametrize("site", ["lotus", "headquarters"])
def test_every_site_has_an_icon(db: None, request: pytest.FixtureRequest, site: str) -> None:
    branch: Branch = request.getfixturevalue(site)
    client = client_at(branch)
    client.get("/favicon.ico")  # the branch of the host is remembered
    with asking(0):
        answer = client.get("/favicon.ico")
    icon = client.get(answer["Location"])
    assert "public" in answer["Cache-Control"] and "max-age" in answer["Cache-Control"]
    assert (icon.status_code, icon["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in b"".join(icon)
