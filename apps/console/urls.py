"""Addresses of this room. A ticket is named by its public id."""

from django.urls import path

from apps.console.views import (
    board,
    callback,
    entry,
    exempting,
    fairness,
    files,
    incidents,
    requests,
    search,
    settings,
    stepping,
    ticket,
    types,
)
from apps.tickets.step_forms import DECISIONS, DESK

app_name = "console"
urlpatterns = [
    path("", board.home, name="home"),
    path("list/", board.listed, name="list"),
    path("rows/", board.rows, name="rows"),
    path("counters/", board.counters, name="counters"),
    path("map/", board.area, name="map"),
    path("new/", entry.new, name="new"),
    path("new/similar/", entry.similar, name="similar"),
    path("new/fields/", entry.type_fields, name="type-fields"),
    path("fairness/", fairness.page, name="fairness"),
    path("settings/", settings.page, name="settings"),
    path("settings/day/", settings.set_day, name="settings-day"),
    path("settings/day/remove/", settings.remove_day, name="settings-day-remove"),
    path("types/", types.listed, name="types"),
    path("new-type/", types.make, name="new-type"),
    path("types/<slug:code>/", types.edit, name="type"),
    path("types/<slug:code>/enable/", types.enable, name="type-enable"),
    path("types/<slug:code>/disable/", types.disable, name="type-disable"),
    path("types/<slug:code>/move/", types.move, name="type-move"),
    path("search/", search.find, name="search"),
    path("search/save/", search.save, name="search-save"),
    path("search/<int:view_id>/rename/", search.rename, name="search-rename"),
    path("search/<int:view_id>/delete/", search.delete, name="search-delete"),
    path("incidents/", incidents.likely, name="incidents"),
    path("incidents/hint/", incidents.hint, name="incident-hint"),
    path("requests/", requests.waiting, name="requests"),
    path("callback/", callback.queue, name="callback"),
    path("callback/<slug:public_id>/", callback.call, name="call"),
    path("callback/<slug:public_id>/attempt/", callback.attempt, name="callback-attempt"),
    path("t/<slug:public_id>/", ticket.ticket, name="ticket"),
    path("t/<slug:public_id>/exempt/", exempting.page, name="exempt"),
    path("t/<slug:public_id>/side/", ticket.side, name="side"),
    path("t/<slug:public_id>/contact/", ticket.contact, name="contact"),
    path("t/<slug:public_id>/release/", ticket.release, name="release"),
    path("t/<slug:public_id>/place/", ticket.place, name="place"),
    path("t/<slug:public_id>/dispatch/", ticket.dispatch, name="dispatch"),
    path("t/<slug:public_id>/reassign/", ticket.reassign, name="reassign"),
    path("t/<slug:public_id>/void/", ticket.void, name="void"),
    path("t/<slug:public_id>/files/", files.add, name="attach"),
    path("t/<slug:public_id>/files/take-off/", files.take_off, name="detach"),
]
urlpatterns += [
    path(f"t/<slug:public_id>/{form.slug}/", stepping.take, {"form_class": form}, name=form.slug)
    for form in (*DESK, *DECISIONS)
]
