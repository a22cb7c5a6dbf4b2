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
    asked: bool = False  # Lin has asked for a pause


REPORT = {"type_code": "fault_bb", "channel": "h5", "contact_phone": PHONE, "address": ADDRESS}
REASON = {"version": VERSION, "reason": "because"}
HERE = {"lat": NEAR[0], "lng": NEAR[1]}
GIVEN = REASON | {"technician_id": WU}
ENTRY = {"phone": PHONE, "type_code": "fault_bb", "address": ADDRESS, "priority": "2", "channel": "shop"}
FAULT = {"type_code": "fault_bb", "contact_phone": PHONE, "address": ADDRESS}
SLOT = {"start": "2099-01-05T09:00:00+08:00", "end": "2099-01-05T11:00:00+08:00"}
HOLD = {"hold_class": "customer", "resume_at": "<soon>"}
CHILD = {"type_code": "line_repair", "unit": "CARE"}
CHARGE = {"version": VERSION, "code": "cable", "name": "Cable", "unit_fen": 0}
HELPER = {"version": VERSION, "technician_id": "<other>", "share_pct": 30}
UNREACHED = {"version": VERSION, "outcome": "busy"}
KIND = {"code": "fault_bb"}
VERSION_OF_KIND = {
    "number": 1, "name_zh": "宽带故障", "kind": "trouble", "icon": "wifi", "hq_code": "fault_bb", "definition": {},
}  # fmt: skip
NOBODY_S = frozenset({"hidden"})  # saved views are their owner's; this one is nobody's
TRIP = {"tickets": ["nobody-s"], "name": "north", "planned_for": "2099-01-05"}
# Whoever has no say is refused before anybody looks at what was sent.
DESK_STEPS = (
    ("book", "accepted", False),
    ("resume", "on_hold", False),
    ("start-remote", "accepted", False),
    ("urge", "pooled", False),
    ("ask-transfer", "accepted", False),
    ("ask-hold", "accepted", False),
    ("spawn-child", "accepted", False),
    ("change-type", "pooled", False),
    ("change-priority", "pooled", False),
    ("merge", "pooled", False),
    ("link-incident", "pooled", False),
    ("declare-incident", "pooled", False),
    ("resolve-incident", "pooled", False),
    ("reopen", "closed", False),
    ("cancel", "pooled", False),
    ("approve", "accepted", True),
    ("refuse", "accepted", True),
    ("withdraw", "accepted", True),
)
OWN_STEPS = (
    ("contact", "accepted"),
    ("book", "accepted"),
    ("resume", "on_hold"),
    ("start-remote", "accepted"),
    ("ask-hold", "accepted"),
    ("ask-child", "accepted"),
    ("ask-reassign", "accepted"),
    ("ask-transfer", "accepted"),
    ("ask-return", "accepted"),
    ("charge", "in_progress"),
    ("co-worker", "in_progress"),
    ("ask-void", "accepted"),
    ("photos", "accepted"),
    ("fail-work", "in_progress"),
    ("withdraw", "accepted"),
)
BOTH = ("GET", "POST")
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
    ("console:exempt", "POST"): Sample(  # there is no such breach
        form=REASON | {"breach": "1"}, lands=frozenset({"in", "hidden"})
    ),
    ("tickets-api:exempt", "POST"): Sample(json=REASON | {"breach_id": 1}, lands=frozenset({"in", "hidden"})),
    ("console:settings", "POST"): Sample(form={"stamp": "x"}),
    ("console:settings-day", "POST"): Sample(form={"day": "2099-10-01", "title": "National Day"}),
    ("console:settings-day-remove", "POST"): Sample(form={"day": "2099-10-01"}, lands=frozenset({"in", "hidden"})),
    ("tickets-api:settings", "POST"): Sample(json={"values": {}, "stamp": "x"}),
    ("tickets-api:service-days", "POST"): Sample(json={"day": "2099-10-01", "title": "National Day"}),
    ("tickets-api:service-day-remove", "POST"): Sample(json={"day": "2099-10-01"}, lands=frozenset({"in", "hidden"})),
    ("console:call", "GET"): Sample(status="awaiting_callback"),
    ("console:call", "POST"): Sample(status="awaiting_callback", form={"fixed": "yes", "version": VERSION}),
    ("console:callback-attempt", "POST"): Sample(
        status="awaiting_callback", form={"outcome": "busy", "version": VERSION}
    ),
    ("console:incidents", "POST"): Sample(form={"reports": "nobody-s"}, lands=frozenset({"in", "hidden"})),
    ("console:search-save", "POST"): Sample(form={"name": "Mine", "query": ""}),
    ("console:search-rename", "POST"): Sample(form={"name": "Ours"}, params={"view_id": "1"}, lands=NOBODY_S),
    ("console:search-delete", "POST"): Sample(form={}, params={"view_id": "1"}, lands=NOBODY_S),
    ("console:contact", "POST"): Sample(form={}),
    ("console:release", "POST"): Sample(status="submitted", form={"version": VERSION}),
    ("console:place", "POST"): Sample(status="submitted", form={"version": VERSION, "grid": "E1"}),
    ("console:attach", "POST"): Sample(form={"photos": "nobody-s"}),
    ("console:detach", "POST"): Sample(form={"photo": "<file>", "reason": "twice"}),
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
    **{
        (f"console:{name}", "POST"): Sample(status=status, form=REASON, asked=asked)
        for name, status, asked in DESK_STEPS
    },
    **{
        (f"mobile:w-{name}", method): Sample(status=status, form=REASON)
        for name, status in OWN_STEPS
        for method in BOTH
    },
    **{(f"mobile:h5-{name}", "POST"): Sample(form=REASON) for name in ("urge", "book", "cancel")},
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
    ("tickets-api:book", "POST"): Sample(status="accepted", json={"version": VERSION} | SLOT),
    ("tickets-api:contact", "POST"): Sample(status="accepted", json={"version": VERSION}),
    ("tickets-api:resume", "POST"): Sample(status="on_hold", json={"version": VERSION}),
    ("tickets-api:start-remote", "POST"): Sample(status="accepted", json={"version": VERSION}),
    ("tickets-api:fail-work", "POST"): Sample(status="in_progress", json=REASON),
    ("tickets-api:charges", "POST"): Sample(status="in_progress", json=CHARGE),
    ("tickets-api:co-workers", "POST"): Sample(status="in_progress", json=HELPER),
    ("tickets-api:callback-attempt", "POST"): Sample(status="awaiting_callback", json=UNREACHED),
    ("tickets-api:reopen", "POST"): Sample(status="closed", json=REASON),
    ("tickets-api:cancel", "POST"): Sample(json=REASON),
    ("tickets-api:urge", "POST"): Sample(json={"version": VERSION}),
    ("tickets-api:merge", "POST"): Sample(json={"version": VERSION, "master": "<ticket>"}),
    ("tickets-api:link", "POST"): Sample(json={"other": "<ticket>", "kind": "related"}),
    ("tickets-api:declare-incident", "POST"): Sample(json={"version": VERSION}),
    ("tickets-api:link-incident", "POST"): Sample(json={"version": VERSION, "master": "<ticket>"}),
    ("tickets-api:resolve-incident", "POST"): Sample(json={"solution": "spliced"}),
    ("tickets-api:spawn-child", "POST"): Sample(status="accepted", json=REASON | CHILD),
    ("tickets-api:change-type", "POST"): Sample(json=REASON | {"type_code": "fault_tv"}),
    ("tickets-api:change-priority", "POST"): Sample(json=REASON | {"priority": 1}),
    ("tickets-api:ask-return", "POST"): Sample(status="accepted", json=REASON),
    ("tickets-api:ask-hold", "POST"): Sample(status="accepted", json=REASON | HOLD),
    ("tickets-api:ask-transfer", "POST"): Sample(status="accepted", json=REASON | {"unit": "CARE"}),
    ("tickets-api:ask-reassign", "POST"): Sample(status="accepted", json=REASON | {"technician_id": "<other>"}),
    ("tickets-api:ask-void", "POST"): Sample(status="accepted", json=REASON),
    ("tickets-api:ask-child", "POST"): Sample(status="accepted", json=REASON | CHILD),
    ("tickets-api:approve", "POST"): Sample(status="accepted", json={"version": VERSION}, asked=True),
    ("tickets-api:refuse", "POST"): Sample(status="accepted", json=REASON, asked=True),
    ("tickets-api:withdraw", "POST"): Sample(status="accepted", json={"version": VERSION}, asked=True),
    ("tickets-api:attach", "POST"): Sample(status="accepted", json={"photos": ["nobody-s"]}),
    ("tickets-api:detach", "POST"): Sample(status="accepted", json={"photo": "<file>", "reason": "twice"}),
    ("tickets-api:leave-trip", "POST"): Sample(status="accepted", json={}),
    ("tickets-api:trips", "POST"): Sample(json=TRIP, lands=frozenset({"hidden"})),
    ("tickets-api:photos", "POST"): Sample(form={"photo": PICTURE}),
    **{(f"console:type{step}", "POST"): Sample(params=KIND, form={}) for step in ("", "-enable", "-disable", "-move")},
    ("console:type", "GET"): Sample(params=KIND),
    ("tickets-api:ticket-type", "GET"): Sample(params=KIND),
    ("tickets-api:ticket-type", "POST"): Sample(params=KIND, json=VERSION_OF_KIND),
    ("tickets-api:ticket-type-versions", "GET"): Sample(params=KIND),
    ("tickets-api:ticket-type-enable", "POST"): Sample(params=KIND, json={}),
    ("tickets-api:ticket-type-disable", "POST"): Sample(params=KIND, json={}),
    ("tickets-api:ticket-type-move", "POST"): Sample(params=KIND, json={"before": ""}),
    ("tickets-api:saved-views", "POST"): Sample(json={"name": "Mine", "query": ""}),
    ("tickets-api:saved-view-change", "POST"): Sample(json={"name": "Ours"}, lands=NOBODY_S),
    ("tickets-api:saved-view-move", "POST"): Sample(json={"position": 0}, lands=NOBODY_S),
    ("tickets-api:saved-view-delete", "POST"): Sample(json={}, lands=NOBODY_S),
    ("people-api:duty", "POST"): Sample(json={"on_duty": True}),
    ("files:photo", "GET"): Sample(status="accepted", photo=True),
    ("files:photo-small", "GET"): Sample(status="accepted", photo=True),
}


def filled(body: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The body with the ticket's version and the technicians' ids in their places."""
    fresh = {PICTURE: SimpleUploadedFile("a.jpg", picture()), **values}
    return {name: fresh.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
