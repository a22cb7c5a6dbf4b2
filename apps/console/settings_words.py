"""Names and units of the branch's settings, as the page and its history call them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Word = str | Promise
MINUTES, HOURS = pgettext_lazy("unit", "minutes"), pgettext_lazy("unit", "hours")
DAYS, TIMES = pgettext_lazy("unit", "days"), pgettext_lazy("unit", "times")
PEOPLE, METRES = pgettext_lazy("unit", "people"), pgettext_lazy("unit", "metres")

GROUPS: dict[str, tuple[Word, Word]] = {
    "hours": (_("Service hours"), _("Accepting and calling back are counted in these hours; the promise to the customer runs day and night.")),  # noqa: E501
    "clocks": (_("Clocks inside the branch"), _("For new tickets. Tickets that are there keep what they were opened with.")),  # noqa: E501
    "promise": (_("Promise to the customer"), _("Hours from the report, where a type does not say otherwise. 0 is no limit by law.")),  # noqa: E501
    "waves": (_("Push waves"), _("Who is told when a ticket enters the pool, and when more people are.")),
    "fairness": (_("Caps, giving back, waiting bonus"), _("So that near and easy tickets are not all that is taken.")),
    "visits": (_("Dispatch and visit"), _("What a dispatch and a check-in at the door are measured by.")),
    "customers": (_("Reports, callback, reopening"), _("How long a ticket goes on speaking with its customer.")),
    "files": (_("Photos and documents"), _("Bounds for what is uploaded and for what goes out by mail.")),
    "stock": (pgettext_lazy("settings", "Goods"), _("When the storekeeper is warned, and what a hand-over needs.")),
    "settlement": (pgettext_lazy("settings", "Settlement"), _("The settlement month that runs and the next one keep their days; another cut-off day counts from the month after.")),  # noqa: E501
}  # fmt: skip
FIELDS: dict[str, tuple[Word, Word]] = {
    "service.0": (_("Opens"), ""),
    "service.1": (_("Closes"), ""),
    "accept_minutes": (_("Accepting, areas A and B"), MINUTES),
    "accept_minutes_far": (_("Accepting, areas C and D"), MINUTES),
    "accept_urgent.0": (_("Accepting, P0"), MINUTES),
    "accept_urgent.1": (_("Accepting, P1"), MINUTES),
    "confirm_minutes": (_("Confirming a dispatch"), MINUTES),
    "contact_minutes": (_("First call to the customer"), MINUTES),
    "arrive_grace_minutes": (_("Late for an appointment by"), MINUTES),
    "callback_minutes": (_("Calling back"), MINUTES),
    "resolve_hours": (_("Promised hours"), HOURS),
    "legal_hours": (_("Hours by law"), HOURS),
    "wave_size": (_("First wave, besides the grid's own"), PEOPLE),
    "wave_size_grid": (_("Second wave: grid or department, at most"), PEOPLE),
    "wave_size_branch": (_("Third wave: whole branch, at most"), PEOPLE),
    "wave_minutes.0": (_("Second wave after"), MINUTES),
    "wave_minutes.1": (_("Third wave after"), MINUTES),
    "owner_first_minutes": (_("Kept for the grid's own people"), MINUTES),
    "push_cap_per_hour": (_("Cards for one person in an hour, at most"), ""),
    "quiet.0": (_("Quiet hours from"), _("only P0 and P1 call people then")),
    "quiet.1": (_("Quiet hours until"), _("the same time twice: no quiet hours")),
    "open_ticket_penalty_m": (_("An open ticket weighs like"), METRES),
    "road_factor": (_("Way by road, times the straight line"), ""),
    "technician_cap": (_("Open tickets of one person, at most"), ""),
    "return_free_minutes": (_("Giving back without consent, within"), MINUTES),
    "return_quota": (_("Of these in a month"), ""),
    "return_rest_hours": (_("Who gave a ticket back waits for"), HOURS),
    "contact_returns": (_("No call in time: the ticket goes back to the pool"), ""),
    "waiting_bonus_max_pct": (_("Waiting bonus, at most"), "%"),
    "waiting_bonus_after_minutes": (_("It begins to grow after"), MINUTES),
    "waiting_bonus_full_minutes": (_("It has grown up after"), MINUTES),
    "direct_share_pct": (_("A technician may enter so much of a month's own tickets, three in any case"), "%"),
    "dispatch_needs_confirm": (_("A dispatched ticket waits for the technician's yes"), ""),
    "decline_quota": (_("A technician may decline in a month"), TIMES),
    "transfer_max": (_("Transfers between departments before it is locked"), TIMES),
    "check_in_near_m": (_("Check-in counts within, areas A and B"), METRES),
    "check_in_far_m": (_("Check-in counts within, areas C and D"), METRES),
    "position_fresh_minutes": (_("A position is fresh for"), MINUTES),
    "photo_old_hours": (_("A photo is marked as old after"), HOURS),
    "urge_gap_minutes": (_("Between two urges"), MINUTES),
    "false_reports_max": (_("False reports of a number until its next is checked first"), ""),
    "incident_reports": (_("Reports of one place that suggest an incident"), ""),
    "incident_minutes": (pgettext_lazy("incident", "Within"), MINUTES),
    "callback_attempts": (_("Tries to reach a customer"), TIMES),
    "callback_silence_hours": (_("Closed by itself when the customer is silent for"), HOURS),
    "reopen_days": (_("May be opened again within"), DAYS),
    "reopen_max": (_("Opened again, at most"), TIMES),
    "repeat_days": (_("A fault counts as repeated within"), DAYS),
    "archive_days": (_("Archived after"), DAYS),
    "photo_max_mb": (_("A photo, at most"), "MB"),
    "report_photos_max": (_("Photos of one report, at most"), ""),
    "document_max_mb": (_("A document, at most"), "MB"),
    "attachments_max": (_("Files of one ticket, at most"), ""),
    "report_mail_max_mb": (_("Attached to a mail up to; a larger report is fetched by a link"), "MB"),
    "issue_needs_receiver": (_("Goods for a van count when the technician has confirmed them"), ""),
    "stock_lead_days": (_("From the order to the shelf"), DAYS),
    "stock_idle_days": (_("Lies too long in a store after"), DAYS),
    "van_idle_days": (_("Lies too long in a van after"), DAYS),
    "settlement_cut_off_day": (_("Cut-off day of a settlement month"), _("0 to 28; 0 is the end of the month")),
    "ranking_anonymous": (_("Technicians see no names in the ranking of points"), ""),
}
HISTORY: dict[str, Word] = {
    "service": _("Service hours"),
    "quiet": _("Quiet hours"),
    "accept_urgent": _("Accepting, P0 and P1"),
    "wave_minutes": _("Second and third wave after"),
    "report_mail_domains": _("Domains outside that reports may go to"),
    "day_set": _("Special day set"),
    "day_removed": _("Special day removed"),
}
