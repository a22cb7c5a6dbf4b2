"""Addresses of this room. A ticket is named by its public id."""

from django.urls import path

from apps.console.views import board, callback, entry, ticket

app_name = "console"
urlpatterns = [
    path("", board.home, name="home"),
    path("list/", board.listed, name="list"),
    path("rows/", board.rows, name="rows"),
    path("counters/", board.counters, name="counters"),
    path("map/", board.area, name="map"),
    path("new/", entry.new, name="new"),
    path("new/similar/", entry.similar, name="similar"),
    path("callback/", callback.queue, name="callback"),
    path("callback/<slug:public_id>/", callback.call, name="call"),
    path("t/<slug:public_id>/", ticket.ticket, name="ticket"),
    path("t/<slug:public_id>/side/", ticket.side, name="side"),
    path("t/<slug:public_id>/contact/", ticket.contact, name="contact"),
    path("t/<slug:public_id>/release/", ticket.release, name="release"),
    path("t/<slug:public_id>/place/", ticket.place, name="place"),
    path("t/<slug:public_id>/dispatch/", ticket.dispatch, name="dispatch"),
    path("t/<slug:public_id>/reassign/", ticket.reassign, name="reassign"),
    path("t/<slug:public_id>/void/", ticket.void, name="void"),
]
