"""Every write of this room. Each is one use case, one transaction, one idempotency key."""

from apps.tickets.services._pictures import read_picture
from apps.tickets.services.alongside import AT_WORK, hold_entered, hold_own
from apps.tickets.services.archive import archive_ticket, sweep_archive
from apps.tickets.services.arrivals import (
    accept_arrival,
    offer_arrival,
    open_arrival,
    refuse_arrival,
    withdraw_arrival,
)
from apps.tickets.services.attaching import attach_files, take_off_file
from apps.tickets.services.booking import book_appointment, log_contact
from apps.tickets.services.callbacks import (
    callback_ok,
    callback_reject,
    close_silent,
    log_attempt,
    rate_ticket,
    reopen_ticket,
    sweep_silence,
)
from apps.tickets.services.calls import ring_agent, sweep_calls
from apps.tickets.services.children import spawn_child
from apps.tickets.services.clocks import sweep_clocks, tick_clocks
from apps.tickets.services.compensating import decide_compensation
from apps.tickets.services.contacts import reveal_contact
from apps.tickets.services.counted import hold_counted
from apps.tickets.services.customers import has_open_reports, move_reports
from apps.tickets.services.direct import enter_direct
from apps.tickets.services.dispatching import (
    confirm_dispatch,
    decline_dispatch,
    dispatch_ticket,
    reassign_ticket,
    void_ticket,
)
from apps.tickets.services.exemptions import exempt_breach
from apps.tickets.services.extras import add_charge, add_co_worker, settle_charge, take_off_co_worker
from apps.tickets.services.handing_over import (
    end_departure,
    hand_over_ticket,
    note_new_number,
    withdraw_hand_over,
)
from apps.tickets.services.hoarding import sweep_hoarded
from apps.tickets.services.holding import resume_ticket, sweep_holds
from apps.tickets.services.imports import FILES, bring_tickets, confirm_import
from apps.tickets.services.incidents import (
    declare_incident,
    link_incident,
    resolve_incident,
    sweep_incidents,
    unlink_incident,
)
from apps.tickets.services.intake import CHANNELS, Report, open_ticket, place_ticket, release_ticket
from apps.tickets.services.merging import bundle_tickets, link_tickets, merge_ticket, unbundle_ticket
from apps.tickets.services.photo_sweep import sweep_photos, sweep_places
from apps.tickets.services.photos import upload_photo
from apps.tickets.services.pool import grab_ticket
from apps.tickets.services.priorities import change_priority, change_type
from apps.tickets.services.requests import answer_hold, approve_request, ask_for, refuse_request, withdraw_request
from apps.tickets.services.returning import return_silent
from apps.tickets.services.settings import change_settings, remove_service_day, set_service_day
from apps.tickets.services.types import enable_type, move_type, publish_type
from apps.tickets.services.urging import cancel_ticket, urge_ticket
from apps.tickets.services.views import change_view, delete_view, move_view, save_view
from apps.tickets.services.waiting import sweep_bonuses
from apps.tickets.services.waves import sweep_waves, widen_wave
from apps.tickets.services.work import check_in, complete_ticket, fail_work, start_remote

__all__ = [
    "AT_WORK",
    "CHANNELS",
    "FILES",
    "Report",
    "accept_arrival",
    "add_charge",
    "add_co_worker",
    "answer_hold",
    "approve_request",
    "archive_ticket",
    "ask_for",
    "attach_files",
    "book_appointment",
    "bring_tickets",
    "bundle_tickets",
    "callback_ok",
    "callback_reject",
    "cancel_ticket",
    "change_priority",
    "change_settings",
    "change_type",
    "change_view",
    "check_in",
    "close_silent",
    "complete_ticket",
    "confirm_dispatch",
    "confirm_import",
    "decide_compensation",
    "declare_incident",
    "decline_dispatch",
    "delete_view",
    "dispatch_ticket",
    "enable_type",
    "end_departure",
    "enter_direct",
    "exempt_breach",
    "fail_work",
    "grab_ticket",
    "hand_over_ticket",
    "has_open_reports",
    "hold_counted",
    "hold_entered",
    "hold_own",
    "link_incident",
    "link_tickets",
    "log_attempt",
    "log_contact",
    "merge_ticket",
    "move_reports",
    "move_type",
    "move_view",
    "note_new_number",
    "offer_arrival",
    "open_arrival",
    "open_ticket",
    "place_ticket",
    "publish_type",
    "rate_ticket",
    "read_picture",
    "reassign_ticket",
    "refuse_arrival",
    "refuse_request",
    "release_ticket",
    "remove_service_day",
    "reopen_ticket",
    "resolve_incident",
    "resume_ticket",
    "return_silent",
    "reveal_contact",
    "ring_agent",
    "save_view",
    "set_service_day",
    "settle_charge",
    "spawn_child",
    "start_remote",
    "sweep_archive",
    "sweep_bonuses",
    "sweep_calls",
    "sweep_clocks",
    "sweep_hoarded",
    "sweep_holds",
    "sweep_incidents",
    "sweep_photos",
    "sweep_places",
    "sweep_silence",
    "sweep_waves",
    "take_off_co_worker",
    "take_off_file",
    "tick_clocks",
    "unbundle_ticket",
    "unlink_incident",
    "upload_photo",
    "urge_ticket",
    "void_ticket",
    "widen_wave",
    "withdraw_arrival",
    "withdraw_hand_over",
    "withdraw_request",
]
