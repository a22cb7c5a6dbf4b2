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
    asked: bool = False  # Lin has asked for a pause; of a closed ticket, to open it again


REPORT = {"type_code": "fault_bb", "channel": "h5", "contact_phone": PHONE, "address": ADDRESS}
TOLD_DIRECTLY = {"type_code": "fault_bb", "contact_phone": PHONE, "address": ADDRESS}
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
NO_HELPER = {"version": VERSION, "technician_id": "<other>"}
SETTLEMENT = {"version": VERSION, "charge_id": 1, "how": "receipt", "said": "R-1"}
UNREACHED = {"version": VERSION, "outcome": "busy"}
KIND = {"code": "fault_bb"}
VERSION_OF_KIND = {
    "number": 1, "name_zh": "宽带故障", "kind": "trouble", "icon": "wifi", "hq_code": "fault_bb", "definition": {},
}  # fmt: skip
NOBODY_S = frozenset({"hidden"})  # saved views are their owner's; this one is nobody's
TRIP = {"tickets": ["nobody-s"], "name": "north", "planned_for": "2099-01-05"}
ITEM = {"name": "Cable", "category": "drop_cable", "kind": "quantity", "unit": "m"}
GOODS = [{"item": "cable", "quantity": "1"}]
NO_PAPER = frozenset({"in", "hidden"})  # there is no such item, number or document, and a van is not the main store
# The technicians here have no van, the shop has no counter, the ticket no line.
TICKET_MATERIAL = {
    ("material", "POST"): {"item": "cable", "quantity": "1"}, ("units", "POST"): {"number": "SN0001"},
    ("counter", "POST"): {"counter": "shop", "item": "cable", "quantity": "1"}, ("line", "PUT"): {"reason": "wet"},
    ("take-off", "POST"): {}, ("recovered", "POST"): {"number": "SN0001", "condition": "scrap", "item": "cable"},
    ("not-recovered", "POST"): {"why": "lost"}, ("take-off-recovered", "POST"): {},
}  # fmt: skip
PAPER_STEPS = ("submit", "approve", "withdraw", "post", "ship", "receive")
STOCK_STEPS = {**{step: {"version": 1} for step in PAPER_STEPS}, "reverse": {"version": 1, "reason": "because"}}
COUNT_STEPS = {
    "tally": {"item": "cable", "quantity": "1"}, "scan": {"code": "SN0001"}, "list": {"numbers": ["SN0001"]},
    "undo": {}, "again": {"line": 1}, "close": {"version": 1}, "withdraw": {"version": 1}, "work-out": {"version": 1},
    "send-back": {"version": 1, "reason": "because"}, "approve": {"version": 1},
}  # fmt: skip
HOUR = "2026-01-01T00:00:00+08:00"
NOTHING_THERE = frozenset({"hidden"})
FINISHED = "awaiting_callback"
# Nobody decides about the own ticket: the grid leader's is their own, and the main technician is no helper.
NOT_OWN = frozenset({"in", "hidden", "denied"})
BY_HAND = {"technician_id": WU, "kind": "deduction", "code": "photos", "reason": "because"}
SHARES = {"shares": {"1": 100}, "reason": "because"}
REPEAT = {"cause": "other", "note": "because"}
CLAIMED = {"claim": 1, "agree": True}
# There is no settlement month yet, no line and no dispute; who may not is refused before anybody looks.
NO_MONTH = frozenset({"in", "hidden"})
IN_OCTOBER = {"month": "2026-10"}
MONTH_STEPS = ("publish", "approve", "lock")
SAID = {"grant": False, "text": "because"}
DISPUTE_STEPS = {"answer": SAID, "decide": SAID, "appeal": {"text": "because"}, "accept": {}, "withdraw": {}}
NO_TABLE = frozenset({"in", "hidden"})  # the storekeeper has no tickets to take away
EXPORT = {
    "source": "tickets", "format": "csv", "period": "reported", "first": "2026-01-01", "last": "2026-01-31",
    "columns": ["ticket_no"],
}  # fmt: skip
EXPORT_FORM = {"form": "csv", **{name: EXPORT[name] for name in ("source", "period", "first", "last", "columns")}}
REPORT_API = {
    "source": "tickets", "format": "csv", "period": "reported", "rule": "yesterday", "day": 0, "at": "08:00",
    "columns": ["ticket_no"],
}  # fmt: skip
REPORT_CHANGE = {name: REPORT_API[name] for name in REPORT_API if name != "source"} | {"version": 1}
REPORT_FORM = {"form": "csv", **{name: REPORT_API[name] for name in REPORT_API if name != "format"}}
GOODS_FORM = {"name": "Cable", "category": "drop_cable", "kind": "quantity", "unit": "m", "enabled": "on"}
STOCK_READS = {
    "item": {}, "item-balances": {}, "balances": {}, "serial": {}, "document": {},
    "card": {"place": "main", "item": "cable"}, "at": {"place": "main", "moment": HOUR},
}  # fmt: skip
# Whoever has no say is refused before anybody looks at what was sent.
DESK_STEPS = (
    ("book", "accepted", False),
    ("resume", "on_hold", False),
    ("start-remote", "accepted", False),
    ("urge", "pooled", False),
    ("ask-transfer", "accepted", False),
    ("ask-hand-over", "accepted", False),
    ("ask-hold", "accepted", False),
    ("spawn-child", "accepted", False),
    ("change-type", "pooled", False),
    ("change-priority", "pooled", False),
    ("merge", "pooled", False),
    ("link-incident", "pooled", False),
    ("unlink-incident", "pooled", False),
    ("declare-incident", "pooled", False),
    ("resolve-incident", "pooled", False),
    ("trip", "accepted", False),
    ("leave-trip", "accepted", False),
    ("reopen", "closed", False),
    ("ask-reopen", "closed", False),
    ("ask-void", "accepted", False),
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
    ("settle-charge", "in_progress"),
    ("co-worker-off", "in_progress"),
    ("trip", "accepted"),
    ("leave-trip", "accepted"),
    ("ask-void", "accepted"),
    ("ask-type", "accepted"),
    ("photos", "accepted"),
    ("fail-work", "in_progress"),
    ("withdraw", "accepted"),
)
LINK = {"link_id": "no-such-case"}
NO_OFFER = frozenset({"in"})  # refused with a sentence: nothing is offered
NO_CASE = frozenset({"in", "hidden"})  # nothing is on its way to another branch
BOTH = ("GET", "POST")
SHARED_STEPS = ("rotation", "switch", "members", "templates", "file", "file-remove", "menu")
SHARED = {"account": BOTH, **dict.fromkeys(SHARED_STEPS, ("POST",))}
PARTNER_STEPS = ("renew", "revoke", "resume", "end")  # there is no such system, and nobody listens
UNCONFIGURED = frozenset({"in", "hidden", "away"})  # the tests' branches have no WeChat account
CHANNEL_STEPS = ("sms", "sms-test", "wecom", "wecom-test", "members", "notices")
BINDING_STEPS = ("code", "agree", "refuse", "unbind")
ACCOUNT_STEPS = (
    "rotate", "take-out", "switch", "mended", "file", "file-remove", "cards-fetch", "card-choose", "card-mend",
    "card-add", "menu", "menu-compare", "inbox-retry", "inbox-discard",
)  # fmt: skip

SAMPLES: dict[tuple[str, str], Sample] = {
    ("people:sign_in", "POST"): Sample(form={"username": "lin", "password": PASSWORD}),
    ("people:sign_out", "POST"): Sample(form={}, lands=frozenset({"sign-in"})),
    ("set_language", "POST"): Sample(form={"language": "en", "next": "/sign-in/x"}, lands=frozenset({"in", "sign-in"})),
    ("styleguide_page", "GET"): Sample(params={"page": "pool"}),
    ("wechat:callback", "GET"): Sample(params={"key": "nobody-knows-this"}),
    ("wechat:callback", "POST"): Sample(params={"key": "nobody-knows-this"}, form={}),
    ("wechat:auth-start", "GET"): Sample(lands=UNCONFIGURED),
    ("wechat:jssdk-config", "GET"): Sample(lands=UNCONFIGURED),
    ("wechat:domain-file", "GET"): Sample(params={"file_name": f"MP_verify_{'a' * 16}.txt"}, lands=UNCONFIGURED),
    **{("wechat:" + name, "POST"): Sample(form={}, lands=UNCONFIGURED) for name in ACCOUNT_STEPS},
    ("wechat:codes", "POST"): Sample(form={"kind": "building"}, lands=UNCONFIGURED),
    ("wechat:code-draw", "POST"): Sample(form={}, params={"scene_id": "1"}, lands=UNCONFIGURED),
    ("wechat:code-withdraw", "POST"): Sample(form={}, params={"scene_id": "1"}, lands=UNCONFIGURED),
    ("wechat:media", "POST"): Sample(form={"server_id": "nobody-s"}, lands=UNCONFIGURED),
    ("wechat:check", "POST"): Sample(form={}, params={"step": "token"}, lands=UNCONFIGURED),
    **{("wechat:channel-" + name, "POST"): Sample(form={}, lands=UNCONFIGURED) for name in CHANNEL_STEPS},
    **{("wechat:binding-" + name, "POST"): Sample(form={"code": "0"}, lands=UNCONFIGURED) for name in BINDING_STEPS},
    ("partners:connect", "POST"): Sample(form={"title": "BOSS", "scopes": "tickets", "days": "30", "per_minute": "60"}),
    ("partners:trouble-ticket", "GET"): Sample(params={"ticket": "nobody-s"}),
    ("partners:work-order", "GET"): Sample(params={"ticket": "nobody-s"}),
    ("partners:allow", "POST"): Sample(form={"host": "bss.example.com"}),
    ("partners:disallow", "POST"): Sample(form={"host": "bss.example.com"}),
    ("partners:retry", "POST"): Sample(form={"event": "nobody-s"}, lands=NOBODY_S),
    **{("partners:" + name, "POST"): Sample(form={"days": "30"}, lands=NOBODY_S) for name in PARTNER_STEPS},
    ("wechat:person", "GET"): Sample(params={"user_id": "1"}),
    ("wechat:people-forget", "POST"): Sample(form={"request": "0"}, lands=NOBODY_S),
    ("wechat:customer-link", "POST"): Sample(form={"phone": "13900000000"}, lands=NOBODY_S),
    ("wechat:my-data-forget", "POST"): Sample(form={}),
    ("wechat:location-consent", "POST"): Sample(form={"agree": "1"}),
    ("wechat-api:account", "GET"): Sample(lands=UNCONFIGURED),
    ("wechat-api:account", "PUT"): Sample(json={"appid": "wx", "original_id": "gh", "name": "x"}),
    ("wechat-api:check", "POST"): Sample(json={}, params={"step": "token"}, lands=UNCONFIGURED),
    ("wechat-api:inbox", "POST"): Sample(json={}),
    ("realtime:hints", "GET"): Sample(query={"after": "0", "epoch": "x"}),
    ("console:similar", "GET"): Sample(query={"phone": PHONE}),
    ("console:rows", "GET"): Sample(query={"ids": "nothing-here"}),
    ("console:new", "POST"): Sample(form=ENTRY),
    ("console:import-look", "GET"): Sample(lands=NO_PAPER),
    ("console:import-confirm", "POST"): Sample(form={"partial": "1"}, lands=NO_PAPER),
    ("console:exempt", "POST"): Sample(  # there is no such breach
        form=REASON | {"breach": "1"}, lands=frozenset({"in", "hidden"})
    ),
    ("console:compensate", "POST"): Sample(form={"version": VERSION, "yuan": "5", "note": "late"}),
    ("tickets-api:compensate", "POST"): Sample(json={"version": VERSION, "amount_fen": 500, "note": "late"}),
    ("tickets-api:exempt", "POST"): Sample(json=REASON | {"breach_id": 1}, lands=frozenset({"in", "hidden"})),
    # Version 1 is published: who has a say is told that it stays; there is no such try-out.
    ("console:new-rules", "POST"): Sample(form={}),
    ("console:rule-set", "GET"): Sample(params={"number": "1"}),
    ("console:rule-set", "POST"): Sample(form={"do": "save", "version": "1"}, params={"number": "1"}),
    ("console:rules-publish", "POST"): Sample(
        form={"version": "1", "note": "heard", "effective_from": "2026-01-01"}, params={"number": "1"}
    ),
    ("console:rules-withdraw", "POST"): Sample(form={"version": "1"}, params={"number": "1"}),
    ("console:rules-try", "POST"): Sample(form={"month": "2026-01"}, params={"number": "1"}),
    ("console:try-out", "GET"): Sample(params={"name": "nobody-s"}, lands=NOBODY_S),
    ("console:try-out-stop", "POST"): Sample(form={}, params={"name": "nobody-s"}, lands=NOBODY_S),
    ("rules-api:rules", "POST"): Sample(json={}),
    ("rules-api:rule-set", "GET"): Sample(params={"number": "1"}),
    ("rules-api:rule-set", "PUT"): Sample(json={"version": 1, "body": {}}, params={"number": "1"}),
    ("rules-api:rules-changes", "GET"): Sample(params={"number": "1"}),
    ("rules-api:rules-publish", "POST"): Sample(
        json={"version": 1, "note": "heard", "effective_from": "2026-01-01"}, params={"number": "1"}
    ),
    ("rules-api:rules-withdraw", "POST"): Sample(json={"version": 1}, params={"number": "1"}),
    ("rules-api:rules-tries", "GET"): Sample(params={"number": "1"}),
    ("rules-api:rules-tries", "POST"): Sample(json={"month": "2026-01"}, params={"number": "1"}),
    ("rules-api:try-out", "GET"): Sample(params={"name": "nobody-s"}, lands=NOBODY_S),
    ("rules-api:try-out-stop", "POST"): Sample(json={}, params={"name": "nobody-s"}, lands=NOBODY_S),
    ("rules-api:hours", "GET"): Sample(query={"month": "2026-10"}),
    ("rules-api:my-hours", "GET"): Sample(query={"month": "2026-10"}),
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
    ("mobile:answer-hold", "POST"): Sample(status="accepted", form={"agree": "yes"}, asked=True),
    ("mobile:status-answer-hold", "POST"): Sample(form={"agree": "yes"}, params={"token": "forged"}),
    ("mobile:duty", "POST"): Sample(form={"on": "1"}),
    ("mobile:finish-photo", "POST"): Sample(form={"photo": PICTURE}),
    ("mobile:direct", "POST"): Sample(form=FAULT),
    ("mobile:grab", "POST"): Sample(form={}),
    ("mobile:confirm", "POST"): Sample(status="assigned", form={"version": VERSION}),
    ("mobile:decline", "POST"): Sample(status="assigned", form=REASON | {"reason": "busy"}),
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
    **{("mobile:w-material", method): Sample(status="accepted", form={"do": "none", "why": "lost"}) for method in BOTH},
    **{(f"mobile:h5-{name}", "POST"): Sample(form=REASON) for name in ("urge", "book", "cancel")},
    ("mobile:h5-ask-reopen", "POST"): Sample(status="closed", form=REASON),
    ("mobile:h5-withdraw", "GET"): Sample(status="closed", asked=True),
    ("mobile:h5-withdraw", "POST"): Sample(status="closed", form={"version": VERSION}, asked=True),
    ("tickets-api:tickets", "POST"): Sample(json=REPORT),
    ("tickets-api:release", "POST"): Sample(status="submitted", json={"version": VERSION}),
    ("tickets-api:place", "POST"): Sample(status="submitted", json={"version": VERSION, "grid": "E1"}),
    ("tickets-api:grab", "POST"): Sample(json={}),
    ("tickets-api:dispatch", "POST"): Sample(json=GIVEN),
    ("tickets-api:confirm", "POST"): Sample(status="assigned", json={"version": VERSION}),
    ("tickets-api:decline", "POST"): Sample(status="assigned", json=REASON | {"reason": "busy"}),
    ("tickets-api:reassign", "POST"): Sample(status="accepted", json=REASON | {"technician_id": "<other>"}),
    ("tickets-api:check-in", "POST"): Sample(status="accepted", json={"version": VERSION} | HERE),
    ("tickets-api:complete", "POST"): Sample(status="in_progress", json={"version": VERSION, "solution": "plug"}),
    ("tickets-api:callback-ok", "POST"): Sample(status="awaiting_callback", json={"version": VERSION, "score": 5}),
    ("tickets-api:callback-reject", "POST"): Sample(status="awaiting_callback", json=REASON),
    ("tickets-api:rate", "POST"): Sample(status="awaiting_callback", json={"fixed": True}),
    ("tickets-api:answer-hold", "POST"): Sample(
        status="accepted", json={"version": VERSION, "agree": True}, asked=True
    ),
    ("tickets-api:void", "POST"): Sample(json=REASON),
    ("tickets-api:book", "POST"): Sample(status="accepted", json={"version": VERSION} | SLOT),
    ("tickets-api:contact", "POST"): Sample(status="accepted", json={"version": VERSION}),
    ("tickets-api:resume", "POST"): Sample(status="on_hold", json={"version": VERSION}),
    ("tickets-api:start-remote", "POST"): Sample(status="accepted", json={"version": VERSION}),
    ("tickets-api:fail-work", "POST"): Sample(status="in_progress", json=REASON),
    ("tickets-api:direct", "POST"): Sample(json=TOLD_DIRECTLY),
    ("tickets-api:charges", "POST"): Sample(status="in_progress", json=CHARGE),
    ("tickets-api:co-workers", "POST"): Sample(status="in_progress", json=HELPER),
    ("tickets-api:settle-charge", "POST"): Sample(status="in_progress", json=SETTLEMENT),
    ("tickets-api:take-off-co-worker", "POST"): Sample(status="in_progress", json=NO_HELPER),
    ("tickets-api:callback-attempt", "POST"): Sample(status="awaiting_callback", json=UNREACHED),
    ("tickets-api:reopen", "POST"): Sample(status="closed", json=REASON),
    ("tickets-api:cancel", "POST"): Sample(json=REASON),
    ("tickets-api:urge", "POST"): Sample(json={"version": VERSION}),
    ("tickets-api:merge", "POST"): Sample(json={"version": VERSION, "master": "<ticket>"}),
    ("tickets-api:link", "POST"): Sample(json={"other": "<ticket>", "kind": "related"}),
    ("tickets-api:declare-incident", "POST"): Sample(json={"version": VERSION}),
    ("tickets-api:unlink-incident", "POST"): Sample(json=REASON),
    ("tickets-api:link-incident", "POST"): Sample(json={"version": VERSION, "master": "<ticket>"}),
    ("tickets-api:resolve-incident", "POST"): Sample(json={"solution": "spliced"}),
    ("tickets-api:spawn-child", "POST"): Sample(status="accepted", json=REASON | CHILD),
    ("tickets-api:change-type", "POST"): Sample(json=REASON | {"type_code": "fault_tv"}),
    ("tickets-api:change-priority", "POST"): Sample(json=REASON | {"priority": 1}),
    ("tickets-api:ask-return", "POST"): Sample(status="accepted", json=REASON),
    ("tickets-api:ask-hold", "POST"): Sample(status="accepted", json=REASON | HOLD),
    ("tickets-api:ask-transfer", "POST"): Sample(status="accepted", json=REASON | {"unit": "CARE"}),
    ("tickets-api:ask-reassign", "POST"): Sample(status="accepted", json=REASON | {"technician_id": "<other>"}),
    ("tickets-api:ask-hand-over", "POST"): Sample(status="accepted", json=REASON),
    ("tickets-api:handover-accept", "POST"): Sample(json={"type_code": "fault_bb"}, lands=NO_CASE, params=LINK),
    ("tickets-api:handover-refuse", "POST"): Sample(json={"reason": "because"}, lands=NO_CASE, params=LINK),
    ("tickets-api:handover-keep", "POST"): Sample(json={}, lands=NO_CASE, params=LINK),
    ("console:handover-accept", "POST"): Sample(form={"type_code": "fault_bb"}, lands=NO_CASE, params=LINK),
    ("console:handover-refuse", "POST"): Sample(form={"reason": "go_on"}, lands=NO_CASE, params=LINK),
    ("console:handover-keep", "POST"): Sample(form={}, lands=NO_CASE, params=LINK),
    ("console:report", "GET"): Sample(params={"code": "overdue_rate"}),
    ("console:report-tickets", "GET"): Sample(params={"code": "overdue_rate"}),
    ("headquarters:branch", "GET"): Sample(params={"code": "LO"}),
    ("headquarters:branch-place", "POST"): Sample(params={"code": "LO"}, form={"lat": "43.9", "lng": "116.1"}),
    ("headquarters:figures-file", "GET"): Sample(params={"form": "csv"}),
    ("headquarters:kpi", "GET"): Sample(params={"code": "overdue_rate"}),
    ("headquarters:kpi-tickets", "GET"): Sample(params={"code": "overdue_rate"}),
    ("headquarters:ticket", "GET"): Sample(params={"code": "LO", "ticket": "nobody-s-ticket"}, lands=NOBODY_S),
    ("headquarters:ticket-hand-over", "POST"): Sample(
        form={"branch": "LO", "reason": "their_area"}, params={"code": "LO", "ticket": "nobody-s-ticket"}, lands=NO_CASE
    ),
    ("headquarters:handover", "GET"): Sample(lands=NO_CASE, params=LINK),
    ("headquarters:handover-take-back", "POST"): Sample(form={}, lands=NO_CASE, params=LINK),
    ("headquarters:handover-route", "POST"): Sample(form={"branch": "LO"}, lands=NO_CASE, params=LINK),
    ("headquarters:template-map", "POST"): Sample(form={"branch": "LO", "code": "no_such"}, lands=NO_CASE),
    ("headquarters:template-publish", "POST"): Sample(form={"branch": "LO", "code": "no_such"}, lands=NO_CASE),
    ("console:type-take", "POST"): Sample(form={"number": "2", "seen": "1"}, lands=NO_OFFER, params={"code": "other"}),
    ("headquarters:handover-decline", "POST"): Sample(form={"reason": "because"}, lands=NO_CASE, params=LINK),
    ("tickets-api:ask-void", "POST"): Sample(status="accepted", json=REASON),
    ("tickets-api:ask-type", "POST"): Sample(status="accepted", json=REASON | {"type_code": "fault_tv"}),
    ("tickets-api:ask-reopen", "POST"): Sample(status="closed", json=REASON),
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
    ("tickets-api:reasons", "GET"): Sample(params={"step": "decline"}),
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
    **{
        (f"shared:{name}", method): Sample(form={}, lands=NOBODY_S)  # no account has this number
        for name, methods in SHARED.items()
        for method in methods
    },
    **{(f"inventory-api:{step}", "POST"): Sample(json=body, lands=NO_PAPER) for step, body in STOCK_STEPS.items()},
    **{(f"inventory-api:count-{do}", "POST"): Sample(json=body, lands=NO_PAPER) for do, body in COUNT_STEPS.items()},
    **{(f"inventory-api:{name}", "GET"): Sample(lands=NO_PAPER) for name in ("count", "count-result")},
    **{
        (f"mobile:count-{do}", "POST"): Sample(form={"item": "cable", "line": "1", "version": "1"}, lands=NO_PAPER)
        for do in ("scan", "tally", "list", "undo", "again", "close")
    },
    ("mobile:count-open", "POST"): Sample(form={"place": "main"}),
    ("mobile:count", "GET"): Sample(lands=NO_PAPER),
    **{("mobile:handover", method): Sample(form={"all": "1"}, lands=NO_PAPER) for method in BOTH},
    ("console:stock-new-count", "POST"): Sample(form={"place": "main"}),
    ("console:stock-count", "GET"): Sample(lands=NO_PAPER),
    **{
        (f"console:stock-count-{do}", "POST"): Sample(form={"version": "1", "reason": "because"}, lands=NO_PAPER)
        for do in ("close", "withdraw", "work-out", "send-back", "approve")
    },
    ("inventory-api:counts", "POST"): Sample(json={"place": "main"}),
    **{
        (f"inventory-api:ticket-{name}", method): Sample(
            status="accepted", json=body, lands=NO_PAPER, params={"line": "1"}
        )
        for (name, method), body in TICKET_MATERIAL.items()
    },
    ("inventory-api:material-rule", "GET"): Sample(params={"code": "swap_device"}),
    ("inventory-api:material-rule", "PUT"): Sample(params={"code": "fault_bb"}, json={"recovery": False}),
    ("inventory-api:lines", "PUT"): Sample(json={"version": 1, "lines": GOODS}, lands=NO_PAPER),
    ("inventory-api:item", "PUT"): Sample(json=ITEM),
    ("inventory-api:places", "POST"): Sample(json={"kind": "store", "code": "e", "name": "East", "unit": "EAST"}),
    ("inventory-api:vans", "POST"): Sample(json={"technician_id": 1}),
    ("inventory-api:documents", "POST"): Sample(json={"kind": "receipt", "target": "main", "lines": GOODS}),
    **{(f"inventory-api:{name}", "GET"): Sample(query=query, lands=NO_PAPER) for name, query in STOCK_READS.items()},
    ("console:stock-picture-file", "GET"): Sample(lands=NOTHING_THERE),
    ("console:stock-picture", "POST"): Sample(form={"do": "remove"}, lands=NO_PAPER),
    ("console:stock-item", "GET"): Sample(lands=NO_PAPER),
    ("console:stock-item", "POST"): Sample(form=GOODS_FORM, lands=NO_PAPER),
    ("console:stock-new-item", "POST"): Sample(form=GOODS_FORM | {"code": "cable"}),
    ("console:stock-places", "POST"): Sample(form={"kind": "store", "code": "e", "name": "East", "unit": "EAST"}),
    ("console:stock-vans", "POST"): Sample(form={"technician_id": "1"}),
    ("console:stock-balances", "GET"): Sample(query={"at": "2026-01-01T00:00"}),
    ("console:stock-new", "GET"): Sample(params={"kind": "receipt"}),
    ("console:stock-new", "POST"): Sample(params={"kind": "receipt"}, form={"target": "main", "line.0.item": "cable"}),
    ("console:stock-pattern", "GET"): Sample(params={"what": "items"}),
    ("console:stock-bring", "GET"): Sample(params={"what": "receipt"}),
    ("console:stock-bring", "POST"): Sample(params={"what": "receipt"}, form={"target": "main"}),
    **{
        (f"console:stock-{name}", "GET"): Sample(lands=NO_PAPER)
        for name in (
            "serial",
            "document",
            "lines",
            "receive",
            "reverse",
            "print",
            "document-file",
            "import",
            "import-marked",
        )
    },
    **{
        (f"console:stock-{step}", "POST"): Sample(form={"version": "1", "reason": "because"}, lands=NO_PAPER)
        for step in ("lines", "submit", "approve", "post", "ship", "withdraw", "receive", "reverse")
    },
    ("inventory-api:levels", "GET"): Sample(params={"code": "main"}),
    ("inventory-api:level", "PUT"): Sample(json={"min_level": "1"}, lands=NO_PAPER),
    ("inventory-api:warnings-look", "POST"): Sample(json={}),
    ("inventory-api:reports", "GET"): Sample(params={"code": "by_item"}),
    ("inventory-api:revaluations", "POST"): Sample(
        json={"reason": "because", "lines": [{"item": "cable", "unit_cost": "1"}]}
    ),
    ("inventory-api:withdraw-value", "POST"): Sample(json={"version": 1}, lands=NO_PAPER),
    ("console:stock-warnings-look", "POST"): Sample(form={}),
    ("console:stock-levels", "POST"): Sample(form={"place": "main", "item": "cable", "min_level": "1"}, lands=NO_PAPER),
    ("console:stock-values", "POST"): Sample(form={"cost.cable": "1", "reason": "because"}, lands=NO_PAPER),
    ("console:stock-report", "GET"): Sample(params={"code": "losses"}),
    ("console:stock-report-file", "GET"): Sample(params={"code": "losses", "form": "csv"}),
    ("console:costs-by", "GET"): Sample(params={"dimension": "type"}),
    ("console:costs-ticket", "GET"): Sample(lands=NO_PAPER),
    ("console:costs-recalculate", "POST"): Sample(form={"reason": "because"}, lands=NO_PAPER),
    ("console:costs-budgets", "POST"): Sample(form={"month": "2026-03", "all.all": "1"}),
    ("console:costs-budgets-copy", "POST"): Sample(form={"month": "2026-03"}),
    ("console:costs-norms", "POST"): Sample(form={"fault_bb.labour": "1"}),
    ("console:costs-plans", "POST"): Sample(form={"usual": "1"}),
    ("console:costs-expense-new", "GET"): Sample(lands=NO_PAPER),
    ("console:costs-expense-new", "POST"): Sample(form={"ticket": "nobody-s", "code": "tolls"}, lands=NO_PAPER),
    ("console:costs-expense", "POST"): Sample(params={"step": "approve"}, form={"version": "1"}, lands=NO_PAPER),
    ("console:costs-month-close", "POST"): Sample(params={"month": "2020-01"}, form={}),
    **{("mobile:w-expenses", method): Sample(status="accepted", form={"code": "tolls"}) for method in BOTH},
    ("costs-api:month-close", "POST"): Sample(params={"month": "2020-01"}, json={}),
    ("costs-api:budgets", "GET"): Sample(params={"month": "2026-03"}),
    ("costs-api:budgets", "PUT"): Sample(params={"month": "2026-03"}, json={"cells": [{"fen": 1}]}),
    **{(f"costs-api:{name}", "GET"): Sample(params={"month": "2026-03"}) for name in ("deviations", "odd")},
    **{(f"costs-api:{name}", "GET"): Sample(query={"month": "2026-03"}) for name in ("trend", "tickets")},
    ("costs-api:by", "GET"): Sample(params={"dimension": "type"}, query={"month": "2026-03"}),
    ("costs-api:account", "GET"): Sample(lands=NO_PAPER),
    ("costs-api:recalculate", "POST"): Sample(json={"reason": "because"}, lands=NO_PAPER),
    ("costs-api:norms", "PUT"): Sample(json={"cells": [{"type_code": "fault_bb", "element": "labour", "fen": 1}]}),
    ("costs-api:expenses", "POST"): Sample(json={"ticket": "nobody-s", "code": "tolls", "fen": 1}, lands=NO_PAPER),
    **{
        (f"costs-api:expense-{step}", "POST"): Sample(json={"version": 1}, lands=NO_PAPER)
        for step in ("approve", "refuse", "reverse", "withdraw")
    },
    ("costing-api:my-ticket-points", "GET"): Sample(status=FINISHED),
    ("costing-api:points-entry", "GET"): Sample(lands=NO_PAPER),
    ("costing-api:enter-points", "POST"): Sample(json=BY_HAND),
    ("costing-api:take-back-points", "POST"): Sample(json={"reason": "because"}, lands=NO_PAPER),
    ("costing-api:claim-work", "POST"): Sample(status=FINISHED, json={"difficulty": "easy"}),
    ("costing-api:decide-claim", "POST"): Sample(status=FINISHED, json=CLAIMED, lands=NOT_OWN),
    ("costing-api:answer-shares", "POST"): Sample(status=FINISHED, json={"agrees": True}, lands=NOT_OWN),
    ("costing-api:decide-shares", "POST"): Sample(status=FINISHED, json=SHARES, lands=NOT_OWN),
    ("costing-api:decide-repeat", "POST"): Sample(status=FINISHED, json=REPEAT, lands=NOT_OWN),
    ("costing-api:book-ticket", "POST"): Sample(status=FINISHED, json={}),
    ("console:points-claim", "POST"): Sample(status=FINISHED, form={"claim": "1", "agree": "1"}, lands=NOT_OWN),
    ("console:points-shares", "POST"): Sample(status=FINISHED, form={"share.1": "100", "reason": "x"}, lands=NOT_OWN),
    ("console:points-repeat", "POST"): Sample(status=FINISHED, form=REPEAT, lands=NOT_OWN),
    ("console:points-person", "POST"): Sample(form={"kind": "deduction", "code": "photos", "reason": "because"}),
    ("console:points-take-back", "POST"): Sample(form={"reason": "because"}, lands=NO_PAPER),
    ("mobile:points-ticket", "GET"): Sample(status=FINISHED),
    ("mobile:points-ticket", "POST"): Sample(status=FINISHED, form={"do": "claim", "difficulty": "easy"}),
    ("console:settlement-calculate", "POST"): Sample(form={}, params=IN_OCTOBER),
    **{
        ("console:settlement-" + name, "POST"): Sample(form={"version": "1"}, params=IN_OCTOBER, lands=NO_MONTH)
        for name in (*MONTH_STEPS, "cancel")
    },
    ("console:settlement-review", "POST"): Sample(form={"level": "grid_leader"}, params=IN_OCTOBER, lands=NOT_OWN),
    ("console:settlement-terms", "POST"): Sample(form={"mode": "fixed", "unit_price": "3.5"}, params=IN_OCTOBER),
    ("console:settlement-export", "POST"): Sample(form={"form": "csv"}, params=IN_OCTOBER, lands=NO_MONTH),
    ("console:settlement-payroll", "GET"): Sample(params=IN_OCTOBER | {"form": "csv"}, lands=NO_MONTH),
    ("console:settlement-month", "GET"): Sample(params=IN_OCTOBER),
    ("console:settlement-progress", "GET"): Sample(params=IN_OCTOBER, lands=NO_MONTH),
    ("console:settlement-line", "GET"): Sample(params=IN_OCTOBER, lands=NO_MONTH),
    ("console:settlement-bases", "GET"): Sample(params=IN_OCTOBER),
    ("console:settlement-bases", "POST"): Sample(form={"base.1": "1800"}, params=IN_OCTOBER),
    ("console:settlement-dispute", "GET"): Sample(lands=NO_MONTH),
    ("console:settlement-dispute", "POST"): Sample(form=SAID, lands=NO_MONTH),
    ("mobile:slip", "GET"): Sample(lands=NO_MONTH),
    ("mobile:slip", "POST"): Sample(form={"do": "confirm"}, lands=NO_MONTH),
    ("costing-api:month", "GET"): Sample(params=IN_OCTOBER),
    ("costing-api:month-terms", "PUT"): Sample(json={"mode": "fixed", "unit_price": "350"}, params=IN_OCTOBER),
    ("costing-api:pay-bases", "GET"): Sample(params=IN_OCTOBER),
    ("costing-api:pay-bases", "PUT"): Sample(
        json={"told": [{"technician_id": 1, "base_fen": 1, "guarantee_fen": 1}]}, params=IN_OCTOBER
    ),
    ("costing-api:month-calculate", "POST"): Sample(json={}, params=IN_OCTOBER),
    ("costing-api:run", "GET"): Sample(lands=NO_MONTH),
    ("costing-api:run-cancel", "POST"): Sample(json={}, lands=NO_MONTH),
    ("costing-api:month-lines", "GET"): Sample(params=IN_OCTOBER, lands=NO_MONTH),
    ("costing-api:month-line", "GET"): Sample(params=IN_OCTOBER, lands=NO_MONTH),
    **{
        ("costing-api:month-" + name, "POST"): Sample(json={}, params=IN_OCTOBER, lands=NO_MONTH)
        for name in MONTH_STEPS
    },
    ("costing-api:month-review", "POST"): Sample(json={"level": "grid_leader"}, params=IN_OCTOBER, lands=NO_MONTH),
    ("costing-api:month-export", "POST"): Sample(json={"form": "csv"}, params=IN_OCTOBER, lands=NO_MONTH),
    ("costing-api:month-payroll", "GET"): Sample(params=IN_OCTOBER | {"form": "csv"}, lands=NO_MONTH),
    ("costing-api:my-slip", "GET"): Sample(lands=NO_MONTH),
    ("costing-api:slip-confirm", "POST"): Sample(json={}, lands=NO_MONTH),
    ("costing-api:slip-dispute", "POST"): Sample(json={"text": "because"}, lands=NO_MONTH),
    ("costing-api:dispute", "GET"): Sample(lands=NO_MONTH),
    **{
        ("costing-api:dispute-" + name, "POST"): Sample(json=body, lands=NO_MONTH)
        for name, body in DISPUTE_STEPS.items()
    },
    ("bi:make-token", "POST"): Sample(form={"title": "Excel", "days": "30"}),
    ("bi:revoke-token", "POST"): Sample(form={}, lands=NOTHING_THERE),
    ("bi:give-password", "POST"): Sample(form={}),
    ("bi:revoke-reader", "POST"): Sample(form={}, lands=NOTHING_THERE),
    ("headquarters:settlement", "POST"): Sample(form={"branch": "lotus", "month": "2026-10"}, lands=NO_MONTH),
    ("console:exports", "POST"): Sample(form=EXPORT_FORM, lands=NO_TABLE),
    ("console:export-cancel", "POST"): Sample(form={}, lands=NOTHING_THERE),
    ("console:export-file", "GET"): Sample(lands=NOTHING_THERE),
    ("console:export-schedules", "POST"): Sample(form=REPORT_FORM, lands=NO_TABLE),
    ("console:export-addresses", "POST"): Sample(form={"user": "1", "address": "a@example.cn"}),
    ("console:export-domains", "POST"): Sample(form={"domains": "example.cn"}),
    **{
        (f"console:export-{step}", "POST"): Sample(form={}, lands=NOTHING_THERE)
        for step in ("pause", "resume", "remove", "leave-own")
    },
    **{
        (f"exports-api:schedule-{step}", "POST"): Sample(json={}, lands=NOTHING_THERE)
        for step in ("pause", "resume", "remove", "leave")
    },
    ("console:export-change", "POST"): Sample(form=REPORT_FORM | {"version": "1"}, lands=NOTHING_THERE),
    ("exports-api:schedule-change", "POST"): Sample(json=REPORT_CHANGE, lands=NOTHING_THERE),
    ("exports-api:schedules", "POST"): Sample(json=REPORT_API, lands=NO_TABLE),
    ("exports-api:exports", "POST"): Sample(json=EXPORT, lands=NO_TABLE),
    ("exports-api:export", "GET"): Sample(lands=NOTHING_THERE),
    ("exports-api:cancel", "POST"): Sample(json={}, lands=NOTHING_THERE),
    ("exports-api:file", "GET"): Sample(lands=NOTHING_THERE),
    ("people-api:duty", "POST"): Sample(json={"on_duty": True}),
    ("files:photo", "GET"): Sample(status="accepted", photo=True),
    ("files:photo-small", "GET"): Sample(status="accepted", photo=True),
}


def filled(body: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The body with the ticket's version and the technicians' ids in their places."""
    fresh = {PICTURE: SimpleUploadedFile("a.jpg", picture()), **values}
    return {name: fresh.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
