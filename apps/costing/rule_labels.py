"""What the parts of the rules are called, on pages and in sentences; nothing here is counted."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.costing.rules.rulebook import MAIN, TEAM

Words = str | Promise

# Title and explanation of each part of the page, in the order of the formula.
SECTIONS: dict[str, tuple[Words, Words]] = {
    "base": (_("Base points"), _("Empty: as the type's own version says.")),
    "quantities": (_("Quantity items"), _("So many points for each unit beyond what the base covers.")),
    "difficulties": (
        _("Difficulty"), _("The technician says it with evidence; what needs it, the grid leader confirms.")
    ),
    "area": (_("Area"), _("By class; the distance itself is paid as travel.")),
    "time": (_("Time of the work"), _("Only for what was dispatched, urgent, or at an hour the customer asked for.")),
    "quality": (_("Quality"), _("Timeliness × satisfaction, between the floor and the ceiling.")),
    "shares": (_("Shares in a team"), _("Per cent, the main technician first; until the team says otherwise.")),
    "travel": (_("Travel"), _("Once per trip, shared among its tickets by their kilometres.")),
    "special": (_("Special cases"), _("Flat points, or a share of the base (0.60 is 60 %).")),
    "deductions": (_("Deductions"), _("Never more in a month than the cap's share of what was earned.")),
    "repeat": (_("Repeat repairs"), _("Taken back only if the first visit's workmanship was the cause.")),
    "month": (_("Coefficient of the month"), _("Each rate moves it evenly from its low mark to its high mark.")),
    "rates": (_("Hours and planned money"), _("For standard minutes, the plan and the cost of a ticket.")),
}  # fmt: skip
PARTS: dict[str, Words] = {
    "zh": _("Chinese name"), "en": _("English name"), "code": _("Code"), "field": _("Field of the form"),
    "beyond": _("Beyond"), "per": _("Per"), "points": pgettext_lazy("work", "Points"), "factor": _("Factor"),
    "needs_leader": _("Grid leader confirms"), "review": _("Second look"), "until_pct": _("Up to % of the target"),
    "weight": _("Weight %"), "low_pct": _("Low mark %"), "high_pct": _("High mark %"),
    "time.night_from": _("Night from"), "time.night_until": _("Night until"), "time.night": _("Night"),
    "time.rest": _("Day of rest"), "time.holiday": _("Public holiday"), "quality.later": _("Later than all steps"),
    "quality.floor": _("Quality at least"), "quality.ceiling": _("Quality at most"),
    "travel.free_km": _("Free kilometres of a round trip"), "travel.per_km": _("Points per kilometre beyond"),
    "travel.who": _("Whose it is"), "special.remote": _("Solved from afar (flat)"),
    "special.empty_trip": _("Empty trip (flat)"), "special.verification": _("Visit to a known outage (flat)"),
    "special.no_fault_found": _("No fault found (share of the base)"),
    "special.not_done": _("Could not be done (share of the base)"), "deduction_cap": _("Cap on deductions (share)"),
    "minutes_per_point": _("Standard minutes per point"), "repeat.trouble_days": _("Days after a repair"),
    "repeat.install_days": _("Days after an installation"), "repeat.clawback": _("Share that is taken back"),
    "month.floor": pgettext_lazy("limit", "At least"), "month.ceiling": pgettext_lazy("limit", "At most"),
    "rates.point_fen": _("Planned price of a point (yuan)"),
    "rates.on_cost": _("On-cost of wages (share)"), "rates.own_km_fen": _("Own car, yuan per km"),
    "rates.company_km_fen": _("Company car, yuan per km"), "rates.lodging_km": _("Lodging beyond km"),
    "rates.share_months": _("Months of subscription a sale may claim"),
    "rates.share_pct": _("Per cent of the subscription it may claim"),
    "rates.residual_pct": _("Worth of recovered devices (%)"),
}  # fmt: skip
AREAS: dict[str, Words] = {
    "A": _("A town"), "B": _("B sumu"), "C": _("C near country"), "D": _("D far pasture"),
}  # fmt: skip
MEASURES: dict[str, Words] = {
    "timely": _("In time"), "first_fix": _("Fixed the first time"),
    "satisfaction": pgettext_lazy("rate", "Satisfied"),
    "data": _("Data quality"), "stock": _("Stock accuracy"),
}  # fmt: skip
WHO: dict[str, Words] = {TEAM: _("The team, by its shares"), MAIN: _("The main technician")}
TIMES: dict[str, Words] = {
    "day": pgettext_lazy("hour", "day"), "night": pgettext_lazy("hour", "night"), "rest": _("day of rest"),
    "holiday": _("public holiday"),
}  # fmt: skip
NOTHING: dict[str, Words] = {
    "parent": _("the work is in its sub-tickets"), "merged": _("merged with another ticket"), "void": _("void"),
    "incident": _("part of a known outage"), "handed_over": _("handed over to another branch"),
}  # fmt: skip
FLAT: dict[str, Words] = {
    "remote": _("Solved from afar"), "empty_trip": _("Empty trip"), "verification": _("Visit to a known outage"),
    "repeat_same": _("Repair of the own bad work"),
}  # fmt: skip
