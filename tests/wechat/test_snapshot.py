"""A snapshot visitor (网页快照) is nobody: a page that says what happened and what to tap, and no session anywhere."""

import pytest

from apps.people.middleware import actor_of_session
from apps.people.models import Customer
from apps.wechat.models import CustomerIdentity
from tests.make import client_at
from tests.wechat.test_sign_in import at_wechat, start


@pytest.mark.parametrize("page", ["/h5/report", "/w/pool", "/wx/bind", "/wx/phone"])
def test_it_reads_what_happened_and_what_to_tap(office, wx, lotus, page):
    browser, before = client_at(lotus), Customer.objects.count()
    answer = browser.get(at_wechat(wx, start(browser, page), snapshot="1"), headers={"Accept-Language": "zh-hans"})
    text = answer.content.decode()
    assert (answer.status_code, answer["X-Refusal"]) == (403, "wechat.snapshot")
    assert "使用完整服务" in text and f'href="/wx/auth/start?next={page}"' in text
    assert actor_of_session(browser.session, str(lotus.tenant.uuid)).kind == "anonymous"
    assert "wx_phone" not in browser.session
    assert (Customer.objects.count(), CustomerIdentity.objects.count()) == (before, 0)


def test_then_it_works(office, wx, lotus, wu):
    browser = client_at(lotus)
    browser.get(at_wechat(wx, start(browser, "/w/pool"), snapshot="1"))
    assert browser.get(at_wechat(wx, start(browser, "/w/pool")))["Location"] == "/w/pool"
    assert actor_of_session(browser.session, str(lotus.tenant.uuid)).ref == wu.ref
