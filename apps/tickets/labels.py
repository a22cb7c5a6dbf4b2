"""Words for the small codes of a ticket: clocks, kinds of hold and of request, what a callback met."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Labels = Mapping[str, "str | Promise"]

CLOCKS: Labels = {
    "accept": pgettext_lazy("clock", "Accepting"),
    "contact": pgettext_lazy("clock", "First contact"),
    "arrive": pgettext_lazy("clock", "Arrival"),
    "resolve": pgettext_lazy("clock", "Promise to the customer"),
    "callback": pgettext_lazy("clock", "Callback"),
    "hold": pgettext_lazy("clock", "End of the hold"),
    "dept": pgettext_lazy("clock", "Department"),
}
HOLDS: Labels = {
    "customer": pgettext_lazy("hold", "customer"),
    "force_majeure": pgettext_lazy("hold", "force majeure"),
    "third_party": pgettext_lazy("hold", "third party"),
    "material": pgettext_lazy("hold", "material missing"),
    "internal": pgettext_lazy("hold", "another department"),
}
REQUESTS: Labels = {
    "reassign": pgettext_lazy("request", "Reassign"),
    "transfer": pgettext_lazy("request", "Transfer"),
    "return": pgettext_lazy("request", "Return to the pool"),
    "hold": pgettext_lazy("request", "Hold"),
    "void": pgettext_lazy("request", "Void"),
    "spawn_child": pgettext_lazy("request", "Child ticket"),
    "change_type": pgettext_lazy("request", "Another type"),
    "reopen": pgettext_lazy("request", "Reopen"),
    "let_go": pgettext_lazy("request", "Hand over to another branch"),
}
SETTLED: Labels = {
    "receipt": pgettext_lazy("charge", "paid, with a receipt"),
    "waived": pgettext_lazy("charge", "waived"),
    "mistake": pgettext_lazy("charge", "entered by mistake"),
}
DEPARTURES: Labels = {
    "waiting": pgettext_lazy("hand-over", "waits for the other branch"),
    "gone": pgettext_lazy("hand-over", "handed over"),
    "refused": pgettext_lazy("hand-over", "not taken"),
    "withdrawn": pgettext_lazy("hand-over", "kept here"),
    "overtaken": pgettext_lazy("hand-over", "ended here before"),
}
ARRIVALS: Labels = {
    "offered": pgettext_lazy("hand-over", "waits for us"),
    "accepted": pgettext_lazy("hand-over", "taken, being opened"),
    "refused": pgettext_lazy("hand-over", "not taken"),
    "withdrawn": pgettext_lazy("hand-over", "kept there"),
    "opened": pgettext_lazy("hand-over", "in our pool"),
}
REQUEST_STATES: Labels = {
    "pending": pgettext_lazy("request", "waiting for a decision"),
    "approved": pgettext_lazy("request", "approved"),
    "refused": pgettext_lazy("request", "refused"),
    "withdrawn": pgettext_lazy("request", "withdrawn"),
}
ATTEMPTS: Labels = {
    "no_answer": pgettext_lazy("call", "no answer"),
    "busy": pgettext_lazy("call", "busy"),
    "switched_off": pgettext_lazy("call", "switched off"),
    "wrong_number": pgettext_lazy("call", "wrong number"),
    "later": pgettext_lazy("call", "asked to call later"),
}
COMPLAINTS: Labels = {
    "attitude": pgettext_lazy("complaint", "manner"),
    "not_fixed": pgettext_lazy("complaint", "not fixed"),
    "late": pgettext_lazy("complaint", "late"),
    "charges": pgettext_lazy("complaint", "charges"),
    "other": pgettext_lazy("complaint", "something else"),
}
MOVED_BY: Labels = {
    "customer": pgettext_lazy("appointment", "moved by the customer"),
    "ours": pgettext_lazy("appointment", "moved by us"),
    "weather": pgettext_lazy("appointment", "moved by the weather"),
}
LEVELS: Labels = {
    "warn": pgettext_lazy("clock level", "80 % passed"),
    "due": pgettext_lazy("clock level", "run out"),
    "later": pgettext_lazy("clock level", "long overdue"),
    "latest": pgettext_lazy("clock level", "very long overdue"),
    "legal": pgettext_lazy("clock level", "legal limit"),
}
REACHES: Labels = {
    "owner": pgettext_lazy("push wave", "the grid's own people"),
    "near": pgettext_lazy("push wave", "the nearest"),
    "grid": pgettext_lazy("push wave", "grid or department"),
    "branch": pgettext_lazy("push wave", "whole branch"),
    "alarm": pgettext_lazy("push wave", "alarm to the dispatcher"),
}
CLOSE_CODES: Labels = {
    "done": pgettext_lazy("close code", "done"),
    "not_done": pgettext_lazy("close code", "not done"),
    "duplicate": pgettext_lazy("close code", "duplicate"),
    "cancelled": pgettext_lazy("close code", "cancelled"),
    "transferred": pgettext_lazy("close code", "handed over to another branch"),
}


def word(labels: Labels, code: object) -> str:
    """The word for a code; a code nobody knows stands for itself."""
    return str(labels.get(str(code), code or ""))
