"""Who is asking: `request.actor`, looked up anew on every request, so a removed role works at once."""

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from apps.people import selectors
from steppe.kernel.actors import ANONYMOUS, Actor

CUSTOMER_KEY = "customer_id"
BRANCH_KEY = "branch"


class ActorMiddleware:
    """Sets `request.actor`: staff, headquarters, customer or anonymous; checks that the session is this branch's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of_session(request.session, str(request.tenant.uuid))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of_session(session: SessionBase, branch: str) -> Actor:
    """The actor a session stands for in this branch; anonymous when anything does not fit. At most one query."""
    if session.get(BRANCH_KEY) != branch:
        return ANONYMOUS
    if user_id := session.get(SESSION_KEY):
        return selectors.actor_for_user(int(user_id), session_hash=session.get(HASH_SESSION_KEY, "")) or ANONYMOUS
    if customer_id := session.get(CUSTOMER_KEY):
        return selectors.actor_for_customer(customer_id) or ANONYMOUS
    return ANONYMOUS
