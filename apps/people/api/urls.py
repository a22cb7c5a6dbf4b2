"""Addresses of this room's API, below /api/v1/."""

from django.urls import path

from apps.people.api import me, technicians

app_name = "people-api"
urlpatterns = [
    path("me", me.Me.as_view(), name="me"),
    path("me/duty", me.Duty.as_view(), name="duty"),
    path("technicians", technicians.Technicians.as_view(), name="technicians"),
]
