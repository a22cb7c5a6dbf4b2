"""The browser's side of a sign-in through the central host: a nonce for each, kept in the branch's own session."""

import secrets
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from apps.wechat.calls import oauth
from apps.wechat.errors import NoAccount
from apps.wechat.gateway import visits
from apps.wechat.links import auth_url, safe_page
from apps.wechat.models import WxAccount
from steppe.kernel import clock
from tenants.context import current_branch

KEY, DONE = "wx_left", "wx_handed_over"
AT_ONCE = 5  # tabs that sign in at the same time
PAGE_LENGTH = 500


def leave(session: SessionBase, account: WxAccount, wanted: str) -> str:
    """WeChat's address for this browser; it comes back to the central host. Raises NoAccount for no member."""
    nonce, page = secrets.token_urlsafe(24), safe_page(wanted)
    page = page if len(page) <= PAGE_LENGTH else safe_page("")
    state = visits.begin(appid=account.appid, tenant=current_branch(), page=page, nonce=nonce)
    if state is None:
        raise NoAccount
    session[KEY] = dict(list({**alive(session), nonce: clock.now().timestamp()}.items())[-AT_ONCE:])
    return oauth.authorize_url(appid=account.appid, redirect_uri=auth_url("/wx/auth/back"), state=state)


def alive(session: SessionBase) -> dict[str, float]:
    """The nonces of sign-ins that have not come back yet, with when they left."""
    young = clock.now().timestamp() - visits.LIFE.total_seconds() - visits.TICKET_LIFE.total_seconds()
    return {nonce: left for nonce, left in (session.get(KEY) or {}).items() if left > young}


def finish(session: SessionBase, ticket: str, page: str, others: dict[str, float]) -> None:
    """Remember the ticket in the new session: a phone may ask for the same address twice."""
    session[DONE] = {"ticket": visits.sum_of(ticket), "page": page}
    session[KEY] = others


def finished_page(session: SessionBase, ticket: str) -> str | None:
    """Where this ticket has led already, in this very browser."""
    done: dict[str, Any] = session.get(DONE) or {}
    return done.get("page") if done.get("ticket") == visits.sum_of(ticket) else None
