"""Tickets of one branch. The branch is the schema: no branch column anywhere."""

from apps.tickets.models.callbacks import CallbackAttempt, CallbackRecord
from apps.tickets.models.calls import Call
from apps.tickets.models.clocks import Breach, ClockNotice, ServiceDay
from apps.tickets.models.compensations import Compensation
from apps.tickets.models.files import Photo
from apps.tickets.models.handovers import Arrival, Departure
from apps.tickets.models.imports import Import
from apps.tickets.models.relations import TicketLink, TripBundle
from apps.tickets.models.requests import TicketRequest
from apps.tickets.models.tickets import GRID_BASE, Assignment, Charge, Ticket, TicketEvent
from apps.tickets.models.types import TicketType, TypeVersion
from apps.tickets.models.views import SavedView
from apps.tickets.models.waves import GrabAttempt, PushCandidate, PushWave
from apps.tickets.models.words import TicketWords

__all__ = [
    "GRID_BASE",
    "Arrival",
    "Assignment",
    "Breach",
    "Call",
    "CallbackAttempt",
    "CallbackRecord",
    "Charge",
    "ClockNotice",
    "Compensation",
    "Departure",
    "GrabAttempt",
    "Import",
    "Photo",
    "PushCandidate",
    "PushWave",
    "SavedView",
    "ServiceDay",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketRequest",
    "TicketType",
    "TicketWords",
    "TripBundle",
    "TypeVersion",
]
