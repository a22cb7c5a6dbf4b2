"""What the KPIs are called and how each is defined, shown wherever one is. One entry for each of rules/kpis.py."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Words:
    """The name of a column, and the sentence that says what is counted."""

    title: Promise
    definition: Promise


UNITS: dict[str, Promise] = {
    "percent": pgettext_lazy("kpi unit", "%"),
    "count": pgettext_lazy("kpi unit", "number"),
    "minutes": pgettext_lazy("kpi unit", "minutes"),
    "hours": pgettext_lazy("kpi unit", "hours"),
    "score": pgettext_lazy("kpi unit", "points of 5"),
    "yuan": pgettext_lazy("kpi unit", "yuan"),
    "km": pgettext_lazy("kpi unit", "km"),
    "times": pgettext_lazy("kpi unit", "times a year"),
    "index": pgettext_lazy("kpi unit", "0 even to 1 uneven"),
}

WORDS: dict[str, Words] = {
    "ticket_volume": Words(
        pgettext_lazy("kpi", "Tickets opened"),
        pgettext_lazy(
            "kpi definition",
            "Tickets opened in the period, without void ones, duplicates and cases handed to another branch.",
        ),
    ),
    "grab_rate": Words(
        pgettext_lazy("kpi", "Grabbed"),
        pgettext_lazy("kpi definition", "Tickets taken from the pool by a technician, of all that were accepted."),
    ),
    "dispatch_rate": Words(
        pgettext_lazy("kpi", "Dispatched"),
        pgettext_lazy("kpi definition", "Tickets given to a technician by the desk, of all that were accepted."),
    ),
    "avg_accept_minutes": Words(
        pgettext_lazy("kpi", "Time to accept"),
        pgettext_lazy("kpi definition", "From the pool to acceptance, on average, service hours only."),
    ),
    "accept_on_time_rate": Words(
        pgettext_lazy("kpi", "Accepted in time"),
        pgettext_lazy(
            "kpi definition", "Tickets accepted before their accept clock ran out, of all that were accepted."
        ),
    ),
    "contact_on_time_rate": Words(
        pgettext_lazy("kpi", "Contacted in time"),
        pgettext_lazy(
            "kpi definition",
            "Tickets whose customer was spoken to before the contact clock ran out, of all that were accepted.",
        ),
    ),
    "appointment_kept_rate": Words(
        pgettext_lazy("kpi", "Appointments kept"),
        pgettext_lazy(
            "kpi definition",
            "Tickets whose technician came within the appointment and its grace, less new installations"
            " that failed within 15 days, of all with an appointment.",
        ),
    ),
    "reschedule_rate": Words(
        pgettext_lazy("kpi", "Appointments moved by us"),
        pgettext_lazy("kpi definition", "Tickets whose appointment we moved, of all with an appointment."),
    ),
    "on_time_rate": Words(
        pgettext_lazy("kpi", "Done in time"),
        pgettext_lazy(
            "kpi definition", "Tickets finished before their resolve clock ran out, of all that were finished."
        ),
    ),
    "overdue_rate": Words(
        pgettext_lazy("kpi", "Overdue"),
        pgettext_lazy(
            "kpi definition",
            "Tickets finished late or open and late, exempted ones not counted, of all finished or open"
            " and late. Open ones count on the day they should have been done by.",
        ),
    ),
    "open_overdue": Words(
        pgettext_lazy("kpi", "Open and overdue now"),
        pgettext_lazy("kpi definition", "Open tickets with a clock that has run out, as it stands now."),
    ),
    "mttr": Words(
        pgettext_lazy("kpi", "Time to repair"),
        pgettext_lazy(
            "kpi definition",
            "From the report to completion of faults, on average, without holds for the customer or force majeure.",
        ),
    ),
    "mttr_gross": Words(
        pgettext_lazy("kpi", "Time to repair, gross"),
        pgettext_lazy("kpi definition", "From the report to completion of faults, on average, holds included."),
    ),
    "avg_arrive_minutes": Words(
        pgettext_lazy("kpi", "Time to arrive"),
        pgettext_lazy("kpi definition", "From acceptance to the check-in on the spot, on average."),
    ),
    "first_time_fix_rate": Words(
        pgettext_lazy("kpi", "Fixed the first time"),
        pgettext_lazy(
            "kpi definition",
            "Faults closed that were never reopened and did not come back within 30 days, of all faults"
            " closed. Final 30 days after the period.",
        ),
    ),
    "repeat_fault_rate": Words(
        pgettext_lazy("kpi", "Repeat faults"),
        pgettext_lazy(
            "kpi definition",
            "Faults that repeat one of the same customer and service done at most 30 days before, of all faults.",
        ),
    ),
    "early_failure_rate": Words(
        pgettext_lazy("kpi", "Early failures"),
        pgettext_lazy(
            "kpi definition",
            "New installations with a fault within 15 days, of all installations. Final 15 days after the period.",
        ),
    ),
    "callback_rate": Words(
        pgettext_lazy("kpi", "Callbacks done"),
        pgettext_lazy("kpi definition", "Tickets whose customer has answered, of all that were to be asked."),
    ),
    "callback_reach_rate": Words(
        pgettext_lazy("kpi", "Callbacks reached"),
        pgettext_lazy("kpi definition", "Calls that were answered, of all calls made."),
    ),
    "csat": Words(
        pgettext_lazy("kpi", "Satisfied"),
        pgettext_lazy("kpi definition", "Tickets scored 4 or 5, of all that were scored."),
    ),
    "mean_score": Words(
        pgettext_lazy("kpi", "Mean score"),
        pgettext_lazy("kpi definition", "All scores together, by the number of tickets scored."),
    ),
    "reopen_rate": Words(
        pgettext_lazy("kpi", "Sent back or reopened"),
        pgettext_lazy("kpi definition", "Finished tickets that were sent back or reopened, of all that were finished."),
    ),
    "complaint_rate": Words(
        pgettext_lazy("kpi", "Complaints"),
        pgettext_lazy("kpi definition", "Complaints found true, per 100 closed tickets."),
    ),
    "complaints_per_1000": Words(
        pgettext_lazy("kpi", "Complaints per 1,000 customers"),
        pgettext_lazy("kpi definition", "Complaints found true, per 1,000 customers as they are now."),
    ),
    "urge_rate": Words(
        pgettext_lazy("kpi", "Urged"),
        pgettext_lazy("kpi definition", "Tickets whose customer urged, of all that ended."),
    ),
    "return_rate": Words(
        pgettext_lazy("kpi", "Given back"),
        pgettext_lazy("kpi definition", "How often tickets were given back to the pool, per 100 accepted."),
    ),
    "reassign_rate": Words(
        pgettext_lazy("kpi", "Reassigned"),
        pgettext_lazy("kpi definition", "How often tickets were given to somebody else, per 100 accepted."),
    ),
    "transfer_rate": Words(
        pgettext_lazy("kpi", "Transferred"),
        pgettext_lazy("kpi definition", "How often tickets went to another department or grid, per 100 accepted."),
    ),
    "handover_out": Words(
        pgettext_lazy("kpi", "Handed to other branches"),
        pgettext_lazy("kpi definition", "Cases this branch handed to another, completed in the period."),
    ),
    "handover_in": Words(
        pgettext_lazy("kpi", "Taken from other branches"),
        pgettext_lazy("kpi definition", "Cases this branch took from another, opened in the period."),
    ),
    "hold_rate": Words(
        pgettext_lazy("kpi", "Put on hold"),
        pgettext_lazy("kpi definition", "Tickets that were put on hold, of all that were accepted."),
    ),
    "avg_hold_hours": Words(
        pgettext_lazy("kpi", "Time on hold"),
        pgettext_lazy("kpi definition", "Time on hold altogether, by the number of tickets that were put on hold."),
    ),
    "avg_hold_hours_customer": Words(
        pgettext_lazy("kpi", "Time on hold: customer"),
        pgettext_lazy(
            "kpi definition", "Time on hold for the customer, by the number of tickets that were put on hold."
        ),
    ),
    "avg_hold_hours_force_majeure": Words(
        pgettext_lazy("kpi", "Time on hold: force majeure"),
        pgettext_lazy(
            "kpi definition", "Time on hold for force majeure, by the number of tickets that were put on hold."
        ),
    ),
    "avg_hold_hours_third_party": Words(
        pgettext_lazy("kpi", "Time on hold: third party"),
        pgettext_lazy(
            "kpi definition", "Time on hold for a third party, by the number of tickets that were put on hold."
        ),
    ),
    "avg_hold_hours_material": Words(
        pgettext_lazy("kpi", "Time on hold: material"),
        pgettext_lazy("kpi definition", "Time on hold for material, by the number of tickets that were put on hold."),
    ),
    "avg_hold_hours_internal": Words(
        pgettext_lazy("kpi", "Time on hold: our own reasons"),
        pgettext_lazy(
            "kpi definition", "Time on hold for our own reasons, by the number of tickets that were put on hold."
        ),
    ),
    "tickets_per_tech": Words(
        pgettext_lazy("kpi", "Tickets per technician"),
        pgettext_lazy("kpi definition", "Closed tickets by technicians with at least 15 days on duty in the month."),
    ),
    "fault_per_100": Words(
        pgettext_lazy("kpi", "Faults per 100 customers"),
        pgettext_lazy("kpi definition", "Faults closed in the period, per 100 customers as they are now."),
    ),
    "void_rate": Words(
        pgettext_lazy("kpi", "Void"),
        pgettext_lazy("kpi definition", "Tickets opened in the period that are void by now, of all opened."),
    ),
    "direct_report_share": Words(
        pgettext_lazy("kpi", "Told to a technician"),
        pgettext_lazy("kpi definition", "Faults the customer told a technician directly, of all faults."),
    ),
    "cost_per_ticket": Words(
        pgettext_lazy("kpi", "Cost of a ticket"),
        pgettext_lazy("kpi definition", "All costs booked in the month, by tickets closed in it. Whole months."),
    ),
    "cost_per_point": Words(
        pgettext_lazy("kpi", "Cost of a point"),
        pgettext_lazy("kpi definition", "Labour cost of the month, by the points earned in it. Whole months."),
    ),
    "cost_per_subscriber": Words(
        pgettext_lazy("kpi", "Upkeep per customer and month"),
        pgettext_lazy(
            "kpi definition",
            "Costs of the month without those of installations, by the customers there were at its end. Whole months.",
        ),
    ),
    "km_per_ticket": Words(
        pgettext_lazy("kpi", "Kilometres per ticket"),
        pgettext_lazy("kpi definition", "Kilometres driven for tickets closed in the month, by these. Whole months."),
    ),
    "budget_use": Words(
        pgettext_lazy("kpi", "Budget used"),
        pgettext_lazy(
            "kpi definition",
            "What was spent of the month's budget, by this budget; of overlapping ones the widest. Whole months.",
        ),
    ),
    "utilization": Words(
        pgettext_lazy("kpi", "Hours used"),
        pgettext_lazy("kpi definition", "Standard hours of earned work, by hours on duty. Whole months."),
    ),
    "load_gini": Words(
        pgettext_lazy("kpi", "Evenness of work (Gini)"),
        pgettext_lazy(
            "kpi definition",
            "How unevenly the month's points lie among the technicians of a grid: 0 everybody has the same, towards 1"
            " one has all. Above: by how much any two of a grid differ, all pairs added up. Below: the grid's points"
            " times its technicians. Only grids where two or more earned points or were on duty. Several grids"
            " or months together are the mean of theirs, weighed by points times technicians. Whole months.",
        ),
    ),
    "stock_turns": Words(
        pgettext_lazy("kpi", "Stock turns"),
        pgettext_lazy(
            "kpi definition",
            "What tickets used up, as of a year, by the average value of the stock. Whole months.",
        ),
    ),
    "stock_accuracy": Words(
        pgettext_lazy("kpi", "Counts without difference"),
        pgettext_lazy("kpi definition", "Shelves without a difference, of those counted in the month. Whole months."),
    ),
    "recovery_rate": Words(
        pgettext_lazy("kpi", "Devices brought back"),
        pgettext_lazy("kpi definition", "Tickets that brought a device back, of those that had to. Whole months."),
    ),
}
