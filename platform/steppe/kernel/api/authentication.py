"""The API is used by our own pages and by signed-in people: the branch's session, with CSRF."""

from typing import Any

from rest_framework.authentication import SessionAuthentication as Base
from rest_framework.request import Request


class SessionAuthentication(Base):
    """Staff or customer: `request.user` is the actor. CSRF is enforced for every signed-in write."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        actor = request._request.actor  # type: ignore[attr-defined]
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            self.enforce_csrf(request)
        return None if actor.kind == "anonymous" else (actor, None)

    def authenticate_header(self, request: Request) -> str:
        return "Session"
