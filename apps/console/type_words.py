"""Words of the types' pages: kinds of fields, rules, areas. No query."""

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.tickets.rules.catalogue import SKILLS, TEMPLATES

KINDS = {
    "text": pgettext_lazy("kind of field", "Text"),
    "number": pgettext_lazy("kind of field", "Number with unit"),
    "choice": pgettext_lazy("kind of field", "Choice"),
    "choices": pgettext_lazy("kind of field", "Several choices"),
    "date": pgettext_lazy("kind of field", "Date"),
    "datetime": pgettext_lazy("kind of field", "Date and time"),
    "yes_no": pgettext_lazy("kind of field", "Yes or no"),
    "serial": pgettext_lazy("kind of field", "Device serial"),
    "photo": pgettext_lazy("kind of field", "Photo"),
    "location": pgettext_lazy("kind of field", "Location"),
    "signature": pgettext_lazy("kind of field", "Signature"),
}
STAGES = {
    "report": (_("At the report"), _("What is asked when the ticket is opened.")),
    "finish": (_("At completion"), _("What the technician must show that the work is done.")),
}
DISPATCH_RULES = {
    "pool": _("Into the pool: nearest first, anybody may take it"),
    "owner_first": _("The grid's own people first"),
    "by_hand": _("Only the dispatcher gives it to somebody"),
}
APPOINTMENTS = {
    "no": pgettext_lazy("appointment", "Not needed"),
    "optional": pgettext_lazy("appointment", "As the customer likes"),
    "required": pgettext_lazy("appointment", "Before somebody comes"),
}
WORKS = {"trouble": pgettext_lazy("kind of ticket", "Fault"), "work": pgettext_lazy("kind of ticket", "Order")}
PRIORITIES = {
    0: pgettext_lazy("priority", "P0 outage"),
    1: pgettext_lazy("priority", "P1 urgent"),
    2: pgettext_lazy("priority", "P2 normal"),
    3: pgettext_lazy("priority", "P3 can wait"),
}
AREAS = (
    ("A", _("Town")),
    ("B", _("Sumu and small town")),
    ("C", _("Near countryside")),
    ("D", _("Remote pasture")),
)
HOURS = {
    "resolve": _("Promised hours"),
    "p0": _("At P0"),
    "p1": _("At P1"),
    "p3": _("At P3"),
    "legal": _("Hours by law"),
}
NAMES = {  # of a type's values, by their names in the definition
    **{f"{name}_hours": word for name, word in HOURS.items()},
    "name_zh": _("Name in Chinese"),
    "name_en": _("Name in English"),
    "kind": _("Kind"),
    "icon": _("Symbol"),
    "hq_code": _("Counts at headquarters as"),
    "customer_may_report": _("Customers may report it on the phone page"),
    "skills": _("Skills it needs"),
    "accept_minutes": _("Minutes to be taken on"),
    "contact_minutes": _("Minutes to call the customer, once taken on"),
    "dept_hours": _("Hours a department has"),
    "priority": _("Priority"),
    "base_points": _("Base points"),
    "callback_pct": _("Called back, per cent"),
    "script": _("What the callback agent asks"),
    "remote_allowed": _("May be handled from afar, then without photos"),
    "appointment": _("Appointment"),
    "dispatch_rule": _("How it is given out"),
    "first_queue": _("First queue"),
    "photos": _("Photos of the work, at least"),
}
FACES = ("name_zh", "name_en", "kind", "icon", "hq_code", "customer_may_report")
PARTS = {  # of a field or a fee
    "zh": _("Name in Chinese"),
    "en": _("Name in English"),
    "kind": _("Kind"),
    "stage": pgettext_lazy("of a field", "Asked"),
    "required": _("Must be filled in"),
    "unit": _("Unit"),
    "least": pgettext_lazy("bound", "From"),
    "most": pgettext_lazy("bound", "To"),
    "fen": pgettext_lazy("fee", "Amount"),
}


def skills(more: list[str]) -> list[tuple[str, str]]:
    """The skills one can ask for, and those a type asks for already."""
    english = (get_language() or "").startswith("en")
    known = {code: en if english else zh for code, zh, en in SKILLS}
    return list({**known, **{code: code for code in more if code not in known}}.items())


def hq_types() -> list[tuple[str, str]]:
    """The types of headquarters, which a branch's own is counted under."""
    english = (get_language() or "").startswith("en")
    return [(one.code, one.en if english else one.zh) for one in TEMPLATES]
