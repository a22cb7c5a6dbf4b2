"""The central host of shared WeChat accounts: a few addresses, no branch, no session, no cookie."""

from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse

from steppe.kernel.db import connection
from tenants import naming
from tenants.errors import SlugReserved
from tenants.hosts import branch_at
from tenants.middleware import BranchMiddleware
from tests.cast import Branch
from tests.make import BranchClient, client_at
from tests.queries import asking
from tests.tenancy.inventory import routes, rows
from tests.wechat.family import AUTH

FILLED = {"key": "nobodys", "appid": "wx0000000000000000", "word": "aaaaaaaaaaaaaaaa"}
CELLS = sorted(rows("auth"))
ELSEWHERE = (
    "/", "/sign-in/", "/hq/", "/hq/wechat/", "/console/", "/h5/mine", "/w/pool", "/api/v1/me/", "/i18n/language/",
    "/wx/auth/start", "/wx/auth/done", "/wx/auth/finish", "/wx/jssdk/config", "/styleguide/", "/favicon.ico",
    "/MP_verify_.txt", "/wx/cb/", "/wx/choose/a/b",
)  # fmt: skip


def with_cookies_of(client: BranchClient, other: BranchClient) -> BranchClient:
    """Whoever is signed in somewhere brings that cookie along."""
    client.cookies["sessionid"] = other.cookies["sessionid"].value
    return client


@pytest.mark.parametrize(("name", "method"), CELLS, ids=lambda part: part)
def test_nobody_is_heard_for_who_they_are(
    db: None, lotus: Branch, headquarters: Branch, name: str, method: str
) -> None:
    route = next(route for route in routes("auth") if route.name == name)
    path = reverse(name, kwargs={param: FILLED[param] for param in route.params}, urlconf=settings.STEPPE_AUTH_URLCONF)
    assert rows("auth")[name, method]["sees"] == "proof"
    for other in (None, client_at(headquarters, headquarters.hq), client_at(lotus, lotus.bai)):
        client = client_at(AUTH) if other is None else with_cookies_of(client_at(AUTH), other)
        answer = getattr(client, method.lower())(path)
        assert answer.status_code in {403, 404}, path
        assert not answer.cookies


@pytest.mark.parametrize("path", ELSEWHERE)
def test_everything_else_is_not_there(db: None, headquarters: Branch, path: str) -> None:
    client = with_cookies_of(client_at(AUTH), client_at(headquarters, headquarters.hq))
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 404
        assert not answer.cookies


def test_its_addresses_are_at_no_other_site(db: None, lotus: Branch, headquarters: Branch) -> None:
    for branch in (lotus, headquarters):
        for path in ("/wx/auth/back", "/wx/choose/wx0000000000000000", "/wx/choose"):
            assert client_at(branch).get(path).status_code == 404


def test_no_cookie_is_read_there_and_nothing_is_asked_for_it(db: None, headquarters: Branch) -> None:
    """A page for nobody costs no query: no session is looked up, no branch."""
    client = with_cookies_of(client_at(AUTH), client_at(headquarters, headquarters.hq))
    with asking(0):
        assert client.get("/hq/").status_code == 404


def test_it_stands_in_public_and_is_no_branch(db: None, settings: Any) -> None:
    seen: dict[str, Any] = {}

    def answer(request: Any) -> str:
        seen.update(schema=connection.schema_name, urls=request.urlconf, cookies=request.COOKIES, pk=request.tenant.pk)
        return "answered"

    request = RequestFactory(SERVER_NAME="AUTH.localhost.").get("/", headers={"Cookie": "sessionid=a"})
    assert BranchMiddleware(answer)(request) == "answered"  # type: ignore[arg-type, comparison-overlap]
    assert seen == {"schema": "public", "urls": "steppe.boot.urls_auth", "cookies": {}, "pk": None}
    assert branch_at("auth.localhost") is None


def test_another_name_may_be_given_to_it(db: None, settings: Any) -> None:
    settings.STEPPE_AUTH_HOST = "wechat-door.example.com"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "wechat-door.example.com"]
    elsewhere = Branch(AUTH.tenant, "wechat-door.example.com", {})
    assert client_at(elsewhere).get("/wx/auth/back").status_code == 403
    assert client_at(AUTH).get("/wx/auth/back")["Content-Type"].startswith("text/html")
    assert client_at(AUTH).get("/wx/auth/back").status_code == 404


def test_no_branch_can_take_its_name() -> None:
    with pytest.raises(SlugReserved):
        naming.check(code="AU", slug="auth", name="x")


def test_health_is_answered_there_too(db: None) -> None:
    assert client_at(AUTH).get("/livez").status_code == 200


def test_refusals_are_pages_in_the_readers_language_without_scripts(db: None) -> None:
    page = client_at(AUTH).get("/wx/auth/back", headers={"Accept-Language": "en"})
    assert "This sign-in link was used before or is too old" in page.content.decode()
    assert "<script" not in page.content.decode()
    assert "frame-ancestors" in page["Content-Security-Policy"]
