"""A partner shows its token: `Authorization: Bearer stp_…`. No cookie is read, so no CSRF is needed."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.partners.callers import Caller, caller_of
from apps.partners.errors import NoToken


class TokenAuthentication(BaseAuthentication):
    """`request.user` is the caller."""

    def authenticate(self, request: Request) -> tuple[Caller, None]:
        """Raises NoToken."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise NoToken
        return caller_of(token.strip()), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
