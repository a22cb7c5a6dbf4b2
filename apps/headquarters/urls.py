"""Addresses of this room: headquarters' site only."""

from django.urls import path

from apps.headquarters import views

app_name = "headquarters"
urlpatterns = [path("", views.overview, name="overview")]
