"""Plain makers: no factory library, every ticket goes through the real commands.

ticket = make_ticket()                              # in the pool of grid E1
ticket = make_ticket(status="in_progress")          # walked there by Lin, Wu and Hui
with two cores: client = client_at(lotus, lotus.lin); client.post(url, {...}, key=key())
"""

import io
import uuid
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from PIL import Image

from apps.people import selectors
from apps.people.accounts.models import User
from apps.people.middleware import BRANCH_KEY, CUSTOMER_KEY
from apps.tickets import services
from apps.tickets.models import Ticket
from apps.tickets.services import Report
from steppe.kernel import clock
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.journal import stream
from steppe.kernel.names import PUBLIC
from tenants.context import in_branch, in_public
from tests.cast import NEAR, Branch

ADDRESS = "Birch Court 7-2-301"
PHONE = "13900001234"


def key() -> str:
    """A fresh idempotency key, as a client would make it."""
    return uuid.uuid4().hex


class SwitchedOff(AssertionError):
    """Nobody acts for who has left."""


def actor(username: str) -> Actor:
    """A person of the branch we stand in, with their present grants."""
    found = selectors.actor_for_user(User.objects.get(username=username).pk)
    if found is None:
        raise SwitchedOff(username)
    return found


def report(**fields: Any) -> Report:
    """A broadband fault at Birch Court, told by a customer of her own phone."""
    base: dict[str, Any] = {
        "type_code": "fault_bb", "contact_phone": PHONE, "contact_name": "Mei", "address": ADDRESS,
        "description": "no light on the box", "lat": NEAR[0], "lng": NEAR[1],
        "anyway": True,
    }  # fmt: skip
    return Report(**(base | fields))


def make_ticket(*, status: str = "pooled", by: Actor | None = None, to: str = "wu", **fields: Any) -> Ticket:
    """A ticket in the branch we stand in, walked to `status` by the real commands (`to` is who works on it).

    `fields` are the report's.
    """
    if status == "submitted":
        fields = {"address": "somewhere", "lat": None, "lng": None} | fields
    by = by or actor("cai")
    channel = "h5" if by.kind == "customer" else "shop"
    opened = services.open_ticket(report=report(**fields), channel=channel, by=by, key=key())
    for step in WALKS[status]:
        step(opened.public_id, to)
    return Ticket.objects.select_related("type").get(id=opened.entity_id)


def grab(public_id: str, to: str = "wu") -> Receipt:
    return services.grab_ticket(public_id=public_id, by=actor(to), key=key())


def dispatch(public_id: str, to: str = "wu") -> Receipt:
    who = actor(to).technician_id
    return services.dispatch_ticket(
        public_id=public_id, technician_id=who, reason="nearest", by=actor("lin"), key=key()
    )


def check_in(public_id: str, to: str = "wu") -> Receipt:
    return services.check_in(public_id=public_id, lat=NEAR[0], lng=NEAR[1], by=actor(to), key=key())


def complete(public_id: str, to: str = "wu") -> Receipt:
    return services.complete_ticket(public_id=public_id, solution="new plug", by=actor(to), key=key())


def close(public_id: str, to: str = "wu") -> Receipt:
    return services.callback_ok(public_id=public_id, score=5, by=actor("hui"), key=key())


def void(public_id: str, to: str = "wu") -> Receipt:
    return services.void_ticket(public_id=public_id, reason="a test", by=actor("lin"), key=key())


def hold(public_id: str, to: str = "wu") -> Receipt:
    """Asked for by who has it, approved by Lin."""
    asked = {"hold_class": "customer", "resume_at": clock.now() + timedelta(hours=5)}
    services.ask_for(public_id=public_id, kind="hold", reason="not at home", asked=asked, by=actor(to), key=key())
    return services.approve_request(public_id=public_id, by=actor("lin"), key=key())


def cancel(public_id: str, to: str = "wu") -> Receipt:
    return services.cancel_ticket(public_id=public_id, reason="recovered", by=actor("lin"), key=key())


WALKS: dict[str, tuple[Any, ...]] = {
    "submitted": (),
    "pooled": (),
    "assigned": (dispatch,),
    "accepted": (grab,),
    "in_progress": (grab, check_in),
    "on_hold": (grab, check_in, hold),
    "awaiting_callback": (grab, check_in, complete),
    "closed": (grab, check_in, complete, close),
    "cancelled": (cancel,),
    "void": (void,),
}


def events() -> list[stream.EventRecord]:
    """Number what was committed and return the whole stream of the branch we stand in."""
    stream.number_committed()
    return stream.events_after(0)


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (90, 140, 60)).save(out, form)
    return out.getvalue()


class BranchClient(Client):
    """Django's client at one branch's host. `key=` is the idempotency key, `json=` a JSON body.

    The connection stands after each request where it stood before (a request moves it).
    """

    def __init__(self, host: str, **more: Any) -> None:
        super().__init__(SERVER_NAME=host, **more)

    def request(self, **request: Any) -> Any:
        with _standing_still():
            return super().request(**request)

    def generic(self, method: str, path: str, data: Any = "", *args: Any, **extra: Any) -> Any:
        if idempotency := extra.pop("key", None):
            extra["headers"] = {"Idempotency-Key": idempotency, **(extra.get("headers") or {})}
        return super().generic(method, path, data, *args, **extra)

    def api(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        """A JSON request; a fresh key unless `key=` is given (`key=""` sends none)."""
        extra.setdefault("key", key() if method != "GET" else "")
        return getattr(self, method.lower())(path, body, content_type="application/json", **extra)


@contextmanager
def _standing_still():  # type: ignore[no-untyped-def]
    before = connection.tenant
    try:
        yield
    finally:
        connection.set_tenant(before)


def client_at(
    branch: Branch, who: Actor | None = None, *, session_of: Branch | None = None, **more: Any
) -> BranchClient:
    """A client at the branch's host, signed in as `who` (staff or customer), or anonymous.

    `session_of`: another branch whose name stands in the session, as after a tampered or misplaced row.
    """
    client = BranchClient(branch.host, **more)
    if who is None or who is ANONYMOUS:
        return client
    with in_public() if branch.tenant.schema_name == PUBLIC else in_branch(branch.tenant):
        client.cookies["sessionid"] = _session(session_of or branch, who)
    return client


def _session(branch: Branch, who: Actor) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[BRANCH_KEY] = str(branch.tenant.uuid)
    if who.kind == "customer":
        session[CUSTOMER_KEY] = who.id
    else:
        user = User.objects.get(pk=who.id)
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
