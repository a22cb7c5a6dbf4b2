"""What every page of a phone asks first: whose it is, and which chat is open."""

from starlette.requests import Request
from starlette.responses import Response

from sandbox import templating
from sandbox.models import Account, Person
from sandbox.outbox import letters_of
from sandbox.state import State
from sandbox.taking import world_of

INBOXES = {"sms": ("sms",), "wecom": ("wecom", "robot")}


def person_of(request: Request) -> Person | None:
    """Who is named in the address."""
    return world_of(request).state.people.get(request.path_params["user_id"])


def account_of(request: Request, person: Person) -> Account | None:
    """The account in the address, or the one with the newest bubble, or the first one followed."""
    state = world_of(request).state
    asked = state.accounts.get(request.query_params.get("appid", ""))
    if asked:
        return asked
    known = [follow for follow in person.follows.values() if follow.appid in state.accounts]
    best = max(known, default=None, key=lambda it: (it.following, newest(state, person, it.appid)))
    return state.accounts[best.appid] if best else None


def newest(state: State, person: Person, appid: str) -> int:
    """The number of the newest bubble of a chat."""
    return max((entry.seq for entry in state.chat(person.user_id, appid)), default=0)


def counts(state: State, person: Person) -> dict[str, int]:
    """How many messages lie in the other two apps."""
    return {view: len(letters_of(state, person.user_id, channels)) for view, channels in INBOXES.items()}


def nobody(reason: str = "没有这个人", *, back: str = "", status_code: int = 404) -> Response:
    """The page that says what is not there; `back` is where to go on."""
    return templating.page("nobody.html", reason=reason, back=back, status_code=status_code)
