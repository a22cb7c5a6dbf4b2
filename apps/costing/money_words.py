"""Words for what costs are made of, by what they are looked at, and where a line comes from."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Labels = Mapping[str, "str | Promise"]

ELEMENTS: Labels = {
    "material": pgettext_lazy("cost", "Material"),
    "labour": pgettext_lazy("cost", "Labour"),
    "travel": pgettext_lazy("cost", "Travel"),
    "outsource": pgettext_lazy("cost", "Outsourcing"),
    "other": pgettext_lazy("cost", "Other costs"),
}
REVENUES: Labels = {
    "install_fee": pgettext_lazy("revenue", "Installation fee"),
    "material_fee": pgettext_lazy("revenue", "Material fee"),
    "on_site_fee": pgettext_lazy("revenue", "Visit fee"),
    "service_share": pgettext_lazy("revenue", "Share of the subscription"),
}
SIDES: Labels = {
    "cost": pgettext_lazy("side of an account", "Cost"),
    "revenue": pgettext_lazy("side of an account", "Revenue"),
    "share": pgettext_lazy("side of an account", "Share of the subscription"),
}
DIMENSIONS: Labels = {
    "type": pgettext_lazy("costs by", "Type"),
    "grid": pgettext_lazy("costs by", "Grid"),
    "technician": pgettext_lazy("costs by", "Technician"),
    "department": pgettext_lazy("costs by", "Department"),
    "sub_branch": pgettext_lazy("costs by", "Sub-branch"),
    "area": pgettext_lazy("costs by", "Area class"),
    "cause": pgettext_lazy("costs by", "Cause"),
}
CHECKS: Labels = {
    "cable": pgettext_lazy("costs", "installations"),
    "empty": pgettext_lazy("costs", "trips for nothing"),
    "repeat": pgettext_lazy("costs", "repeated repairs"),
    "km": pgettext_lazy("costs", "with a road"),
    "late": pgettext_lazy("costs", "late lines"),
}
SPENDING: Labels = {
    "tolls": pgettext_lazy("expense", "Tolls"),
    "lodging": pgettext_lazy("expense", "Lodging"),
    "contractor": pgettext_lazy("expense", "Outside team"),
    "hire": pgettext_lazy("expense", "Hired machine"),
    "compensation": pgettext_lazy("expense", "Compensation paid"),
    "other": pgettext_lazy("expense", "Something else"),
}
STATES: Labels = {
    "proposed": pgettext_lazy("expense", "waits for a decision"),
    "approved": pgettext_lazy("expense", "approved"),
    "refused": pgettext_lazy("expense", "refused"),
    "withdrawn": pgettext_lazy("expense", "withdrawn"),
    "reversed": pgettext_lazy("expense", "taken back"),
}
LIGHTS: Labels = {
    "none": pgettext_lazy("budget", "nothing planned or spent"),
    "green": pgettext_lazy("budget", "within the budget"),
    "amber": pgettext_lazy("budget", "80 % used"),
    "red": pgettext_lazy("budget", "used up"),
}
ODD: Labels = {
    "cable": pgettext_lazy("abnormal", "Drop cable per installation (m)"),
    "devices": pgettext_lazy("abnormal", "Devices given out on repairs per 100 customers"),
    "km": pgettext_lazy("abnormal", "Kilometres per ticket"),
    "empty": pgettext_lazy("abnormal", "Trips for nothing per 100 tickets"),
    "repeat": pgettext_lazy("abnormal", "Cost of a repeated repair (yuan)"),
}
SOURCES: Labels = {
    "stock": pgettext_lazy("source of money", "Stock document"),
    "points": pgettext_lazy("source of money", "Work points"),
    "road": pgettext_lazy("source of money", "Road"),
    "charge": pgettext_lazy("source of money", "Charge to the customer"),
    "waived": pgettext_lazy("source of money", "Waived charge"),
    "expense": pgettext_lazy("source of money", "Expense"),
    "plan": pgettext_lazy("source of money", "Plan"),
}


def word(labels: Labels, code: str) -> str:
    """The word for a code; a code nobody knows is its own word."""
    return str(labels.get(code, code))


def element_word(code: str) -> str:
    """What an element of cost or revenue is called."""
    return word(ELEMENTS, code) if code in ELEMENTS else word(REVENUES, code)
