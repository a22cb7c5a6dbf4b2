"""Opening and closing a session. A new session key at every sign-in; the session names its branch."""

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from apps.people.accounts.models import User
from apps.people.middleware import BRANCH_KEY, CUSTOMER_KEY
from steppe.kernel import bells


def open_staff_session(request: HttpRequest, user: User) -> None:
    """Sign the account in on this host."""
    _fresh(request)
    request.session[SESSION_KEY] = str(user.pk)
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    rotate_token(request)


def open_customer_session(request: HttpRequest, customer_id: int) -> None:
    """Remember the customer on this host; a customer can do nothing staff can."""
    _fresh(request)
    request.session[CUSTOMER_KEY] = customer_id
    rotate_token(request)


def close_session(request: HttpRequest) -> None:
    """Forget everything on the server; sockets opened with this session close at once."""
    request.session.flush()
    bells.rights_changed.ring(connection.schema_name, request.actor.ref)  # type: ignore[attr-defined]


def _fresh(request: HttpRequest) -> None:
    request.session.flush()
    request.session.cycle_key()
    request.session[BRANCH_KEY] = str(request.tenant.uuid)  # type: ignore[attr-defined]
