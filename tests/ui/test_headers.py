"""The headers of every page."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from steppe.ui.middleware import SecurityHeadersMiddleware, csp_for

SDK = "http://localhost:8002/open/js/jweixin-1.6.0.js"
HERE = {
    "STEPPE_REALTIME_PORT": 8001,
    "STEPPE_JSSDK_URL": SDK,
    "STEPPE_WECHAT_ROOT": "http://localhost:8002",
    "ALLOWED_HOSTS": ["*"],
}


def policy(path: str, **extra: str) -> dict[str, list[str]]:
    request = RequestFactory().get(path, headers={"host": "xilingol.localhost:8000"}, **extra)
    return {rule.split()[0]: rule.split()[1:] for rule in csp_for(request).split("; ")}


@override_settings(**HERE)
def test_a_page_may_dial_its_own_branch_and_nobody_else() -> None:
    assert policy("/console/")["connect-src"] == ["'self'", "ws://xilingol.localhost:8001"]


@override_settings(**HERE)
def test_only_the_phone_may_load_wechats_script() -> None:
    assert policy("/console/")["script-src"] == ["'self'"]
    assert policy("/h5/report/")["script-src"] == ["'self'", "http://localhost:8002"]


@override_settings(**HERE)
@pytest.mark.parametrize("word", ["unsafe-inline", "unsafe-eval", "*", "http:", "https:"])
def test_nothing_is_let_through_wholesale(word: str) -> None:
    assert all(word not in sources and f"'{word}'" not in sources for sources in policy("/h5/").values())


@override_settings(**HERE, STEPPE_REALTIME_SAME_PORT=True)
def test_behind_one_port_the_socket_has_the_pages_origin() -> None:
    assert policy("/console/", **{"wsgi.url_scheme": "https"})["connect-src"][1] == "wss://xilingol.localhost:8000"


@override_settings(**HERE)
def test_location_is_for_the_phone_and_frames_are_for_nobody() -> None:
    answer = SecurityHeadersMiddleware(lambda request: HttpResponse())(RequestFactory().get("/console/"))
    phone = SecurityHeadersMiddleware(lambda request: HttpResponse())(RequestFactory().get("/w/pool/"))
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert "geolocation=(self)" in phone["Permissions-Policy"]
    assert ("camera=()" in answer["Permissions-Policy"], "camera=(self)" in phone["Permissions-Policy"]) == (True, True)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
