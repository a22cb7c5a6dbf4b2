"""A real Chromium: WeChat's stand-in, the central host and two branches hand a person over, under their own names."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from playwright.sync_api import sync_playwright

from apps.wechat.gateway.models import SharedPerson
from apps.wechat.models import CustomerIdentity
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.conftest import chromium
from tests.databases import Database
from tests.journeys.conftest import PHONE, QUIET
from tests.wechat.family import ZHAO, Family, made

pytestmark = pytest.mark.journey
PICTURES = Path("build/pictures")


class Quiet(WSGIRequestHandler):
    """No lines on the terminal."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadedWSGIServer):
    """Each request has a thread of its own, and so a connection: closed with it."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture
def served(committed: Database, settings: Any) -> Iterator[int]:
    """The product's own pages, every host of it on one port."""
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    settings.STEPPE_WEB_PORT = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def shared(served: int, wx: Any, headquarters: Branch, lotus: Branch, maple: Branch) -> Family:
    return made(wx, headquarters.hq, lotus, maple)


def walk(root: str, port: int, appid: str) -> dict[str, Any]:
    """What Zhao does with the phone; in a thread of its own, because Playwright's loop stays in it."""
    seen: dict[str, Any] = {"hosts": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        context = browser.new_context(locale="zh-CN", **PHONE)
        page = context.new_page()
        page.on("framenavigated", lambda frame: seen["hosts"].append(frame.url.split("/")[2].split(":")[0]))
        context.on("request", lambda one: seen.setdefault("asked", []).append(one.url))
        page.goto(f"{root}/phone/zhao")
        page.goto(f"http://auth.localhost:{port}/wx/choose/{appid}?next=/h5/mine")
        seen["offered"] = page.locator("button[name=branch]").all_inner_texts()
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "shared-choose.png")
        page.locator("button[value=maple]").click()
        page.locator("#onward").wait_for()
        page.screenshot(path=PICTURES / "shared-chosen.png")
        page.locator("#onward").click()
        page.wait_for_url(f"http://maple.localhost:{port}/h5/mine*")  # WeChat's fragment stays on it
        page.goto(f"http://lotus.localhost:{port}/wx/auth/start?next=/h5/mine")
        page.wait_for_url(f"http://lotus.localhost:{port}/h5/mine*")
        page.go_back()
        seen["cookies"] = {(one["name"], one["domain"]) for one in context.cookies() if one["name"] == "sessionid"}
        seen["at_auth"] = [one["name"] for one in context.cookies(f"http://auth.localhost:{port}")]
        browser.close()
    return seen


def test_one_phone_is_handed_over_to_two_branches(
    shared: Family, served: int, sandbox_root: str, lotus: Branch, maple: Branch
) -> None:
    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(walk, sandbox_root, served, shared.account.appid).result(120)
    assert seen["offered"] == [lotus.tenant.name, maple.tenant.name]
    assert {("sessionid", "maple.localhost"), ("sessionid", "lotus.localhost")} <= seen["cookies"]
    assert "sessionid" not in seen["at_auth"]
    assert "csrftoken" not in seen["at_auth"]
    assert not [url for url in seen["asked"] if ZHAO in url]
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            assert CustomerIdentity.objects.get().openid == ZHAO
    with in_public():
        assert SharedPerson.objects.get().tenant_id == maple.tenant.pk
