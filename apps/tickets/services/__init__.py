"""Every write of this room. Each is one use case, one transaction, one idempotency key."""

from apps.tickets.services.callbacks import callback_ok, callback_reject, rate_ticket
from apps.tickets.services.clocks import mark_overdue, sweep_clocks
from apps.tickets.services.contacts import reveal_contact
from apps.tickets.services.dispatching import (
    confirm_dispatch,
    decline_dispatch,
    dispatch_ticket,
    reassign_ticket,
    void_ticket,
)
from apps.tickets.services.intake import CHANNELS, Report, open_ticket, place_ticket, release_ticket
from apps.tickets.services.photos import sweep_photos, upload_photo
from apps.tickets.services.pool import grab_ticket
from apps.tickets.services.work import check_in, complete_ticket

__all__ = [
    "CHANNELS",
    "Report",
    "callback_ok",
    "callback_reject",
    "check_in",
    "complete_ticket",
    "confirm_dispatch",
    "decline_dispatch",
    "dispatch_ticket",
    "grab_ticket",
    "mark_overdue",
    "open_ticket",
    "place_ticket",
    "rate_ticket",
    "reassign_ticket",
    "release_ticket",
    "reveal_contact",
    "sweep_clocks",
    "sweep_photos",
    "upload_photo",
    "void_ticket",
]
