"""The history in words: what happened, and the facts that belong to it. No query.

Facts are what the services keep beside a step (`TicketEvent.data`); a fact that an old row lacks is left out. What a
person wrote (the reason) is not here: it may name people and doors and follows the right to the contact.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.people import roles
from apps.tickets import labels
from apps.tickets.labels import word
from apps.tickets.reasons import reason_word
from apps.tickets.rules.definitions import STAGES
from apps.tickets.states import ACTION_LABELS
from steppe.ui import formatting, spoken

if TYPE_CHECKING:
    from apps.tickets.models import TicketEvent

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """Who and what the facts name by id or code: technicians, ticket types."""

    technicians: Mapping[int, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)


def headline(event: "TicketEvent") -> str:
    """What happened, in two or three words."""
    if event.action == "overdue":
        return _("%(clock)s: time is up") % {"clock": word(labels.CLOCKS, event.data.get("clock", ""))}
    return str(ACTION_LABELS.get(event.action, event.action))


def facts(event: "TicketEvent", names: Names | None = None) -> str:
    """What belongs to it, in a line; empty when there is nothing."""
    tell = _TELL.get(event.action)
    found = tell(event.data, names or Names()) if tell else ()
    return " · ".join(part for part in found if part)


def reason(event: "TicketEvent") -> str:
    """Why, as people read it: the word of a chosen reason, or their own words."""
    return reason_word(_DECIDED.get(event.action, event.action), event.reason)


def who(name: str, actor: str, *, reveal: bool) -> str:
    """Who did it: nobody for the system, and a customer by name only for who may see the contact."""
    if actor.startswith("system"):
        return ""
    if actor.startswith(("customer", "anonymous")) and not (reveal and name):
        return pgettext("history", "the customer")
    return name


def wish(asked: Facts, names: Names | None = None) -> str:
    """What a request asks for, in a line: the same facts as the step itself would have."""
    return " · ".join(part for part in _asked({"asked": asked}, names or Names()) if part)


_DECIDED = {
    "request_return": "return", "request_hold": "hold", "request_transfer": "transfer", "request_void": "void",
    "request_reassign": "reassign", "request_child": "spawn_child", "request_type": "change_type",
    "request_reopen": "reopen", "request_hand_over": "hand_over", "let_go": "hand_over",
}  # fmt: skip
Parts = tuple[str, ...]


def _when(value: Any) -> str:
    return spoken.moment(datetime.fromisoformat(value)) if value else ""


def _said(pattern: str, **values: Any) -> str:
    """The pattern, filled; nothing when a value is missing."""
    return pattern % values if all(value not in (None, "") for value in values.values()) else ""


def _to(names: Names, technician_id: Any) -> str:
    return _said(pgettext("history", "to %(name)s"), name=names.technicians.get(technician_id or 0, ""))


def _submit(data: Facts, names: Names) -> Parts:
    return (_said(pgettext("history", "child of %(number)s"), number=data.get("parent")),)


def _place(data: Facts, names: Names) -> Parts:
    return (str(data.get("grid") or ""),)


def _dispatch(data: Facts, names: Names) -> Parts:
    return (_to(names, data.get("technician_id") or data.get("to")),)


def _grab(data: Facts, names: Names) -> Parts:
    return (pgettext("history", "told directly by the customer") if data.get("self") else "",)


def _return(data: Facts, names: Names) -> Parts:
    name = names.technicians.get(data.get("technician_id") or 0, "")
    return (_said(pgettext("history", "from %(name)s"), name=name),)


def _unit(data: Facts, names: Names) -> Parts:
    return (_said(pgettext("history", "to %(name)s"), name=data.get("name")),)


def _book(data: Facts, names: Names) -> Parts:
    slot = slot_words(data.get("start"), data.get("end"))
    return slot, word(labels.MOVED_BY, data.get("cause")) if data.get("moved") else ""


def slot_words(start: Any, end: Any) -> str:
    """23 Nov 14:00–16:00."""
    if not (start and end):
        return ""
    return spoken.slot(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _hold(data: Facts, names: Names) -> Parts:
    until = _said(pgettext("history", "until %(time)s"), time=_when(data.get("resume_at")))
    return word(labels.HOLDS, data.get("hold_class")), until


def _check_in(data: Facts, names: Names) -> Parts:
    metres = data.get("distance_m")
    if metres is None:
        return pgettext("history", "position not known"), _photos(data)
    away = _("%(distance)s away") % {"distance": formatting.distance(metres)}
    return away, pgettext("history", "outside the usual distance") if data.get("far") else "", _photos(data)


def _add_work(data: Facts, names: Names) -> Parts:
    if "charge" in data:
        money = formatting.money(data.get("amount_fen") or 0)
        return money, word(labels.SETTLED, "waived" if data.get("waived") else data.get("settled"))
    if data.get("share_pct") == 0:
        return (_said(pgettext("history", "%(name)s did not help after all"), name=data.get("co_worker")),)
    return (_said(pgettext("history", "%(name)s helped, %(share)s %%"), name=data.get("co_worker"),
                  share=data.get("share_pct")),)  # fmt: skip


def _photos(data: Facts) -> str:
    n = data.get("photos") or 0
    return ngettext("%(n)s photo", "%(n)s photos", n) % {"n": n} if n else ""


def _finish(data: Facts, names: Names) -> Parts:
    failed = data.get("result") == "not_done"
    return _photos(data), word(labels.CLOSE_CODES, "not_done") if failed else ""


def _files(data: Facts, names: Names) -> Parts:
    documents = data.get("documents") or 0
    return (
        _photos(data),
        ngettext("%(n)s document", "%(n)s documents", documents) % {"n": documents} if documents else "",
    )


def _answer(data: Facts, names: Names) -> Parts:
    if data.get("reached") is False:
        return (pgettext("history", "nobody was reached"),)
    return (_said(pgettext("history", "%(score)s of 5"), score=data.get("score")),)


def _rated(data: Facts, names: Names) -> Parts:
    return *_answer(data, names), word(labels.COMPLAINTS, data.get("complaint"))


def _sent_back(data: Facts, names: Names) -> Parts:
    to = pgettext("history", "to the dispatcher") if data.get("to") == "dispatcher" else ""
    return to, *_begun_again(data, names)


def _begun_again(data: Facts, names: Names) -> Parts:
    left = data.get("incident_left")
    return (_said(pgettext("history", "no longer part of the incident %(number)s"), number=left),)


def _attempt(data: Facts, names: Names) -> Parts:
    return word(labels.ATTEMPTS, data.get("outcome")), _said(pgettext("history", "try %(n)s"), n=data.get("count"))


def _cancel(data: Facts, names: Names) -> Parts:
    return (pgettext("history", "somebody had been on site") if data.get("travelled") else "", *_submit(data, names))


def _merge(data: Facts, names: Names) -> Parts:
    return (_said(pgettext("history", "into %(number)s"), number=data.get("into")),)


def _merged(data: Facts, names: Names) -> Parts:
    since = _said(pgettext("history", "reported %(time)s"), time=_when(data.get("reported_at")))
    return str(data.get("number") or ""), since


def _bundle(data: Facts, names: Names) -> Parts:
    return (str(data.get("trip") or pgettext("history", "out of the trip")),)


def _incident(data: Facts, names: Names) -> Parts:
    return (pgettext("history", "as its master") if data.get("master") else str(data.get("incident") or ""),)


def _child(data: Facts, names: Names) -> Parts:
    mandatory = pgettext("history", "must be done first") if data.get("mandatory") else ""
    return str(data.get("child") or ""), str(data.get("name") or ""), mandatory


def _urge(data: Facts, names: Names) -> Parts:
    told = str(roles.LABELS.get(data.get("told") or "", ""))
    return (
        _said(pgettext("history", "time %(n)s"), n=data.get("count")),
        _said(pgettext("history", "told to: %(role)s"), role=told),
    )


def _retype(data: Facts, names: Names) -> Parts:
    old, new = (names.types.get(str(data.get(end)), str(data.get(end) or "")) for end in ("from", "to"))
    left = sum(len(data.get("left", {}).get(stage, ())) for stage in STAGES)
    return (
        f"{old} → {new}",
        f"P{data['was_priority']} → P{data['priority']}" if "priority" in data else "",
        _said(pgettext("history", "to %(name)s"), name=data.get("queue")),
        ngettext("%(n)s answer kept under the old type", "%(n)s answers kept under the old type", left) % {"n": left}
        if left else "",
        _was_due(data),
    )  # fmt: skip


def _priority(data: Facts, names: Names) -> Parts:
    return f"P{data.get('from')} → P{data.get('to')}", _was_due(data)


def _was_due(data: Facts) -> str:
    return _said(pgettext("history", "was promised by %(time)s"), time=_when(data.get("was_due")))


def _asked(data: Facts, names: Names) -> Parts:
    asked: Facts = data.get("asked") or {}
    if "hold_class" in asked:
        return _hold(asked, names)
    if "branch_name" in asked:
        return _wish(asked, names)
    if "type_code" in asked and "name" not in asked:
        return (names.types.get(asked["type_code"], asked["type_code"]),)
    return _unit(asked, names) if "name" in asked else (_to(names, asked.get("technician_id")),)


def _wish(data: Facts, names: Names) -> Parts:
    return (_said(pgettext("history", "to %(name)s"), name=data.get("branch_name")),)


def _turned_down(data: Facts, names: Names) -> Parts:
    return (word(labels.REQUESTS, data.get("request")),)


def _overdue(data: Facts, names: Names) -> Parts:
    return (_said(pgettext("history", "was due %(time)s"), time=_when(data.get("due_at"))),)


def _compensated(data: Facts, names: Names) -> Parts:
    amount = data.get("amount_fen") or 0
    return (formatting.money(amount) if amount else pgettext("history", "none is due"),)


def _exempted(data: Facts, names: Names) -> Parts:
    return (word(labels.CLOCKS, data.get("clock")), *_overdue(data, names))


_TELL: dict[str, Callable[[Facts, Names], Parts]] = {
    "submit": _submit, "place": _place, "grab": _grab, "dispatch": _dispatch, "reassign": _dispatch, "transfer": _unit,
    "return": _return, "book": _book, "hold": _hold, "check_in": _check_in, "add_work": _add_work,
    "complete": _finish, "fail_work": _finish, "callback_ok": _answer, "callback_attempt": _attempt,
    "callback_reject": _sent_back, "reopen": _begun_again, "rate": _rated,
    "cancel": _cancel, "void": _submit, "merge": _merge, "merged": _merged, "bundle": _bundle,
    "link_incident": _incident, "unlink_incident": _incident,
    "spawn_child": _child, "urge": _urge, "change_type": _retype, "change_priority": _priority,
    "request_hold": _asked, "request_transfer": _asked, "request_reassign": _asked, "request_child": _asked,
    "request_type": _asked, "request_reopen": _asked, "request_hand_over": _asked, "let_go": _wish,
    "refuse": _turned_down, "withdraw": _turned_down, "overdue": _overdue, "exempt": _exempted,
    "compensate": _compensated, "attach": _files, "detach": _files,
}  # fmt: skip
