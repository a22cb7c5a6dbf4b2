"""Addresses of this room's API, below /api/v1/."""

from django.urls import path

import steppe.kernel.api.paths  # noqa: F401  (registers <public:…>)
from apps.tickets.api import lists, one, photos, steps

app_name = "tickets-api"
urlpatterns = [
    path("tickets", lists.Tickets.as_view(), name="tickets"),
    path("tickets/counts", lists.Counts.as_view(), name="counts"),
    path("tickets/<public:public_id>", one.TicketDetail.as_view(), name="ticket"),
    path("tickets/<public:public_id>/history", one.TicketHistory.as_view(), name="history"),
    path("tickets/<public:public_id>/release", steps.Release.as_view(), name="release"),
    path("tickets/<public:public_id>/place", steps.Place.as_view(), name="place"),
    path("tickets/<public:public_id>/grab", steps.Grab.as_view(), name="grab"),
    path("tickets/<public:public_id>/dispatch", steps.Dispatch.as_view(), name="dispatch"),
    path("tickets/<public:public_id>/confirm", steps.Confirm.as_view(), name="confirm"),
    path("tickets/<public:public_id>/decline", steps.Decline.as_view(), name="decline"),
    path("tickets/<public:public_id>/reassign", steps.Reassign.as_view(), name="reassign"),
    path("tickets/<public:public_id>/check-in", steps.CheckIn.as_view(), name="check-in"),
    path("tickets/<public:public_id>/complete", steps.Complete.as_view(), name="complete"),
    path("tickets/<public:public_id>/callback-ok", steps.CallbackOk.as_view(), name="callback-ok"),
    path("tickets/<public:public_id>/callback-reject", steps.CallbackReject.as_view(), name="callback-reject"),
    path("tickets/<public:public_id>/rate", steps.Rate.as_view(), name="rate"),
    path("tickets/<public:public_id>/void", steps.Void.as_view(), name="void"),
    path("pool", lists.Pool.as_view(), name="pool"),
    path("photos", photos.Photos.as_view(), name="photos"),
    path("ticket-types", lists.TicketTypes.as_view(), name="ticket-types"),
]
