"""What this room does every few seconds, and every night, in every branch."""

from apps.tickets.services import sweep_clocks, sweep_photos
from tenants.fanout import nightly, sweep

sweep("tickets.clocks")(sweep_clocks)
nightly("tickets.photos")(sweep_photos)
