"""The icon that browsers ask for by themselves, where no page names one."""

import pytest

from tests.cast import Branch
from tests.make import client_at
from tests.queries import asking


@pytest.mark.parametrize("site", ["lotus", "hq"])
def test_every_site_has_an_icon(db: None, lotus: Branch, headquarters: Branch, site: str) -> None:
    client = client_at({"lotus": lotus, "hq": headquarters}[site])
    client.get("/favicon.ico")  # the branch of the host is remembered
    with asking(0):
        answer = client.get("/favicon.ico")
    icon = client.get(answer["Location"])
    assert "public" in answer["Cache-Control"] and "max-age" in answer["Cache-Control"]
    assert (icon.status_code, icon["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in b"".join(icon)
