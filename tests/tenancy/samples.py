"""A fitting request for every address that needs more than itself: the ticket's state, the body, the query.

Bodies are valid on purpose: with a broken one a view may answer 422 before it asks who is there.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import NEAR, PASSWORD
from tests.make import ADDRESS, PHONE, picture

VERSION = "<version>"
WU = "<technician>"
PICTURE = "<picture>"


@dataclass(frozen=True)
class Sample:
    """`status`: where the ticket stands. `json`/`form`: the body. `lands`: outcomes that count as let in."""

    status: str = "pooled"
    json: dict[str, Any] | None = None
    form: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    lands: frozenset[str] = frozenset({"in"})
    photo: bool = False


REPORT = {"type_code": "fault_bb", "channel": "h5", "contact_phone": PHONE, "address": ADDRESS}
REASON = {"version": VERSION, "reason": "because"}
HERE = {"lat": NEAR[0], "lng": NEAR[1]}
GIVEN = REASON | {"technician_id": WU}
ENTRY = {"phone": PHONE, "type_code": "fault_bb", "address": ADDRESS, "priority": "2", "channel": "shop"}
FAULT = {"type_code": "fault_bb", "contact_phone": PHONE, "address": ADDRESS}
UNCONFIGURED = frozenset({"in", "hidden", "away"})  # the tests' branches have no WeChat account

SAMPLES: dict[tuple[str, str], Sample] = {
    ("people:sign_in", "POST"): Sample(form={"username": "lin", "password": PASSWORD}),
    ("people:sign_out", "POST"): Sample(form={}, lands=frozenset({"sign-in"})),
    ("set_language", "POST"): Sample(form={"language": "en", "next": "/sign-in/x"}, lands=frozenset({"in", "sign-in"})),
    ("styleguide_page", "GET"): Sample(params={"page": "pool"}),
    ("wechat:callback", "GET"): Sample(params={"key": "nobody-knows-this"}),
    ("wechat:callback", "POST"): Sample(params={"key": "nobody-knows-this"}, form={}),
    ("wechat:auth-start", "GET"): Sample(lands=UNCONFIGURED),
    ("wechat:jssdk-config", "GET"): Sample(lands=UNCONFIGURED),
    ("realtime:hints", "GET"): Sample(query={"after": "0", "epoch": "x"}),
    ("console:similar", "GET"): Sample(query={"phone": PHONE}),
    ("console:rows", "GET"): Sample(query={"ids": "nothing-here"}),
    ("console:new", "POST"): Sample(form=ENTRY),
    ("console:call", "GET"): Sample(status="awaiting_callback"),
    ("console:call", "POST"): Sample(status="awaiting_callback", form={"fixed": "yes", "version": VERSION}),
    ("console:contact", "POST"): Sample(form={}),
    ("console:release", "POST"): Sample(status="submitted", form={"version": VERSION}),
    ("console:place", "POST"): Sample(status="submitted", form={"version": VERSION, "grid": "E1"}),
    ("console:dispatch", "POST"): Sample(form=GIVEN),
    ("console:reassign", "POST"): Sample(status="accepted", form=REASON | {"technician_id": "<other>"}),
    ("console:void", "POST"): Sample(form=REASON),
    ("mobile:report", "POST"): Sample(form=FAULT),
    ("mobile:report-photo", "POST"): Sample(form={"photo": PICTURE}),
    ("mobile:rate", "POST"): Sample(status="awaiting_callback", form={"fixed": "yes"}),
    ("mobile:status", "GET"): Sample(params={"token": "forged"}),
    ("mobile:duty", "POST"): Sample(form={"on": "1"}),
    ("mobile:finish-photo", "POST"): Sample(form={"photo": PICTURE}),
    ("mobile:grab", "POST"): Sample(form={}),
    ("mobile:confirm", "POST"): Sample(status="assigned", form={"version": VERSION}),
    ("mobile:decline", "POST"): Sample(status="assigned", form=REASON),
    ("mobile:check-in", "POST"): Sample(status="accepted", form=HERE),
    ("mobile:complete", "POST"): Sample(status="in_progress", form={"solution": "plug"}),
    ("tickets-api:tickets", "POST"): Sample(json=REPORT),
    ("tickets-api:release", "POST"): Sample(status="submitted", json={"version": VERSION}),
    ("tickets-api:place", "POST"): Sample(status="submitted", json={"version": VERSION, "grid": "E1"}),
    ("tickets-api:grab", "POST"): Sample(json={}),
    ("tickets-api:dispatch", "POST"): Sample(json=GIVEN),
    ("tickets-api:confirm", "POST"): Sample(status="assigned", json={"version": VERSION}),
    ("tickets-api:decline", "POST"): Sample(status="assigned", json=REASON),
    ("tickets-api:reassign", "POST"): Sample(status="accepted", json=REASON | {"technician_id": "<other>"}),
    ("tickets-api:check-in", "POST"): Sample(status="accepted", json={"version": VERSION} | HERE),
    ("tickets-api:complete", "POST"): Sample(status="in_progress", json={"version": VERSION, "solution": "plug"}),
    ("tickets-api:callback-ok", "POST"): Sample(status="awaiting_callback", json={"version": VERSION, "score": 5}),
    ("tickets-api:callback-reject", "POST"): Sample(status="awaiting_callback", json=REASON),
    ("tickets-api:rate", "POST"): Sample(status="awaiting_callback", json={"fixed": True}),
    ("tickets-api:void", "POST"): Sample(json=REASON),
    ("tickets-api:photos", "POST"): Sample(form={"photo": PICTURE}),
    ("people-api:duty", "POST"): Sample(json={"on_duty": True}),
    ("files:photo", "GET"): Sample(status="accepted", photo=True),
}


def filled(body: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The body with the ticket's version and the technicians' ids in their places."""
    fresh = {PICTURE: SimpleUploadedFile("a.jpg", picture()), **values}
    return {name: fresh.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
