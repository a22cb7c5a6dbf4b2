"""What this room does every few seconds in every branch."""

from apps.tickets.services.clocks import sweep_clocks
from tenants.fanout import sweep

sweep("tickets.clocks")(sweep_clocks)
