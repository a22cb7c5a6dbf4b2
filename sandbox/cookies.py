"""Whose phone this browser is."""

from starlette.requests import Request
from starlette.responses import Response

from .models import Person
from .state import State

HOLDER = "sandbox_user"
# The same again for requests that a product page sends to the sandbox: <branch>.localhost and localhost
# are different sites for a browser, so it withholds a Lax cookie there. Browsers take Secure on localhost.
EMBEDDED = "sandbox_user_embedded"


def remember(response: Response, person: Person) -> None:
    """From now on this browser is the person's phone."""
    response.set_cookie(HOLDER, person.user_id, samesite="lax", httponly=True)
    response.set_cookie(EMBEDDED, person.user_id, samesite="none", secure=True, httponly=True)


def holder(state: State, cookies: dict[str, str]) -> Person | None:
    """Who is holding the phone, as far as the cookies know."""
    for name in (HOLDER, EMBEDDED):
        person = state.people.get(cookies.get(name, ""))
        if person:
            return person
    return None


def holder_of(request: Request) -> Person | None:
    """The same for a whole request."""
    state: State = request.app.state.world.state
    return holder(state, dict(request.cookies))
