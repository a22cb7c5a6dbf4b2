"""Addresses of this room; the socket's own stands in realtime.routing."""

from django.urls import path

from realtime import views

app_name = "realtime"
urlpatterns = [path("hints", views.hints, name="hints")]
